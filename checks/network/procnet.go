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

// LocalPeers counts the established TCP connections to port of the addresses
// that the other programs of this machine hold. Known is false where the kernel
// does not tell: elsewhere than on Linux, or without /proc. A container sees its
// own connections only.
func (n *Network) LocalPeers(addrs []netip.Addr, port uint16) (count int, known bool) {
	known = n.forEachPeer(addrs, port, func(socketRow) { count++ })
	return count, known
}

// forEachPeer calls do for each established connection of other programs to port
// of the addresses. This one may hold a stream beside, or a connection to the API
// at an address that both hosts share. The kernel may list a connection twice
// while others come and go.
func (n *Network) forEachPeer(addrs []netip.Addr, port uint16, do func(socketRow)) (known bool) {
	tables := n.Sockets
	var own []string
	if tables == nil {
		if runtime.GOOS != "linux" {
			return false
		}
		tables, own = os.DirFS("/proc/net"), openSockets(os.DirFS("/proc"), "self")
	}
	const established = "01"
	wanted, seen := normalizeAddrs(addrs), map[[2]netip.AddrPort]bool{}
	return forEachSocket(tables, func(x socketRow) {
		ends := [2]netip.AddrPort{x.local, x.remote}
		if x.state == established && x.remote.Port() == port && slices.Contains(wanted, x.remote.Addr()) && !seen[ends] && !slices.Contains(own, x.inode) {
			seen[ends] = true
			do(x)
		}
	})
}

// A socketRow is a row of the kernel's tables.
type socketRow struct {
	local, remote netip.AddrPort
	state         string // in the kernel's hexadecimal
	user          string // number of the user whose program has made it; zero too once no process holds it
	inode         string // zero once no process holds it any more
}

// forEachSocket reads the tables "tcp" and "tcp6" as proc_pid_net(5) describes
// them: after the header, columns two to four are both ends and the state, the
// eighth is the user and the tenth the inode. It reports whether there is a table at all.
func forEachSocket(tables fs.FS, do func(socketRow)) (known bool) {
	for _, name := range []string{"tcp", "tcp6"} {
		f, err := tables.Open(name)
		if err != nil {
			continue // tcp6 is missing where IPv6 is switched off
		}
		known = true
		for lines := bufio.NewScanner(f); lines.Scan(); {
			columns := strings.Fields(lines.Text())
			if len(columns) < 10 {
				continue
			}
			local, ok := parseEndpoint(columns[1])
			remote, ok2 := parseEndpoint(columns[2])
			if ok && ok2 {
				do(socketRow{local, remote, columns[3], columns[7], columns[9]})
			}
		}
		f.Close()
	}
	return known
}

// parseEndpoint reads "0100007F:01BB": words of 32 bits in the machine's byte
// order, and the port.
func parseEndpoint(s string) (netip.AddrPort, bool) {
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
