package network

import (
	"net/netip"
	"os"
	"runtime"
	"slices"
)

// LocalPrograms returns the other processes of this machine that hold an
// established TCP connection to port of the addresses, lowest number first. It
// is empty where the system does not tell: elsewhere than on Linux, and for
// processes of other users or containers.
func (n *Network) LocalPrograms(addrs []netip.Addr, port uint16) []Process {
	var inodes []string
	n.forEachPeer(addrs, port, func(x socketRow) {
		if x.inode != "0" {
			inodes = append(inodes, x.inode)
		}
	})
	if len(inodes) == 0 {
		return nil
	}
	owners := n.Owners
	if owners == nil {
		if n.Sockets != nil || runtime.GOOS != "linux" { // scripted sockets have no process here
			return nil
		}
		owners = func(inodes []string) []Process {
			return slices.Collect(socketOwners(os.DirFS("/proc"), inodes))
		}
	}
	return owners(inodes)
}
