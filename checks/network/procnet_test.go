package network

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
)

const tableHead = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"

// end is one end of a connection as this machine's kernel would write it.
func end(at string) string {
	addr := netip.MustParseAddrPort(at)
	raw := addr.Addr().AsSlice()
	words := ""
	for i := 0; i < len(raw); i += 4 {
		words += fmt.Sprintf("%08X", binary.NativeEndian.Uint32(raw[i:]))
	}
	return fmt.Sprintf("%s:%04X", words, addr.Port())
}

// row is a line of the kernel's table, of a socket at a port of loopback.
func row(port, peer, state string) string {
	return fmt.Sprintf("   0: 0100007F:"+port+" %s %s 00000000:00000000 00:00000000 00000000  1000        0 12345 1\n", end(peer), state)
}

func TestLocalPeers(t *testing.T) {
	t.Parallel()
	tables := fstest.MapFS{
		"tcp": {Data: []byte(tableHead +
			row("A1B2", "203.0.113.7:443", "01") + row("A1B3", "203.0.113.7:443", "01") +
			row("A1B2", "203.0.113.7:443", "01") + // listed twice
			row("A1B4", "203.0.113.7:443", "06") + // TIME_WAIT
			row("A1B2", "203.0.113.7:80", "01") + row("A1B2", "203.0.113.9:443", "01") +
			"nonsense\n 1: a b:c 01\n 2: 0100007F:01BB XYZ:01BB 01 x\n 3: 0100007F:01BB 0100:01BB 01 x\n 4: 0100007F:01BB 0100007F 01 x\n")},
		"tcp6": {Data: []byte(tableHead + row("A1B2", "[2606:4700::1]:443", "01") + row("A1B5", "[::ffff:203.0.113.7]:443", "01"))},
	}
	for _, tc := range []struct {
		name  string
		s     Network
		addrs string
		n     int
		known bool
	}{
		{"IPv4, also within IPv6", Network{Sockets: tables}, "203.0.113.7", 3, true},
		{"mapped address", Network{Sockets: tables}, "::ffff:203.0.113.7", 3, true},
		{"IPv6", Network{Sockets: tables}, "2606:4700::1", 1, true},
		{"all", Network{Sockets: tables}, "203.0.113.7 203.0.113.9 2606:4700::1", 5, true},
		{"none of them", Network{Sockets: tables}, "198.51.100.1", 0, true},
		{"IPv6 switched off", Network{Sockets: fstest.MapFS{"tcp": tables["tcp"]}}, "203.0.113.7", 2, true},
		{"no tables", Network{Sockets: fstest.MapFS{}}, "203.0.113.7", 0, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			n, known := tc.s.LocalPeers(addrs(strings.Fields(tc.addrs)...), 443)
			if n != tc.n || known != tc.known {
				t.Errorf("got %d, %t; want %d, %t", n, known, tc.n, tc.known)
			}
		})
	}
}

// The program's own connections are none of others.
func TestLocalPeersForReal(t *testing.T) {
	t.Parallel()
	at := serve(t, discardAll)
	dialTo(t, at)
	n, known := new(Network).LocalPeers(addrs("127.0.0.1"), at.Port())
	if known != (runtime.GOOS == "linux") {
		t.Fatalf("known is %t on %s", known, runtime.GOOS)
	}
	if n != 0 {
		t.Errorf("got %d connections, want none", n)
	}
}
