package network

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"io/fs"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// LocalPeers counts this machine's established TCP connections to port of the
// addresses, of all its programs, this one included. Known is false where the
// kernel does not tell: elsewhere than on Linux, or without /proc. A container
// sees its own connections only.
func (s *Stack) LocalPeers(addrs []netip.Addr, port uint16) (n int, known bool) {
	tables := s.Sockets
	if tables == nil {
		if runtime.GOOS != "linux" {
			return 0, false
		}
		tables = os.DirFS("/proc/net")
	}
	wanted := tidy(addrs)
	for _, name := range []string{"tcp", "tcp6"} {
		f, err := tables.Open(name)
		if err != nil {
			continue // tcp6 is missing where IPv6 is switched off
		}
		n, known = n+countPeers(f, wanted, port), true
		f.Close()
	}
	return n, known
}

// countPeers reads a table as proc_pid_net(5) describes it: after the header,
// the third column is the remote address and port, the fourth the state.
func countPeers(table fs.File, wanted []netip.Addr, port uint16) int {
	const established = "01"
	n := 0
	for lines := bufio.NewScanner(table); lines.Scan(); {
		columns := strings.Fields(lines.Text())
		if len(columns) < 4 || columns[3] != established {
			continue
		}
		if peer, ok := parsePeer(columns[2]); ok && peer.Port() == port && slices.Contains(wanted, peer.Addr()) {
			n++
		}
	}
	return n
}

// parsePeer reads "0100007F:01BB": words of 32 bits in the machine's byte
// order, and the port.
func parsePeer(s string) (netip.AddrPort, bool) {
	words, port, ok := strings.Cut(s, ":")
	raw, err := hex.DecodeString(words)
	if !ok || err != nil || len(raw)%4 != 0 {
		return netip.AddrPort{}, false
	}
	for i := 0; i < len(raw); i += 4 {
		binary.NativeEndian.PutUint32(raw[i:], binary.BigEndian.Uint32(raw[i:]))
	}
	addr, ok := netip.AddrFromSlice(raw)
	number, err := strconv.ParseUint(port, 16, 16)
	return netip.AddrPortFrom(addr.Unmap(), uint16(number)), ok && err == nil
}
