package network

import (
	"fmt"
	"io/fs"
	"iter"
	"net/netip"
	"os"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"upstox-doctor/checks/redact"
)

// A Process is a program that runs on this machine.
type Process struct {
	Name string // as the kernel knows it, cut to 15 characters
	PID  int
}

func (p Process) String() string { return fmt.Sprintf("%s (process %d)", p.Name, p.PID) }

// PortHolder finds the process that has a TCP port of this machine at the
// address. Known is false where the system does not tell: elsewhere than on
// Linux, and for a process of another user or container.
func PortHolder(at netip.AddrPort) (p Process, known bool) {
	if runtime.GOOS != "linux" {
		return Process{}, false
	}
	return portHolder(os.DirFS("/proc"), at)
}

// portHolder reads a /proc. A socket's inode there is the name of a link among
// the open files of its process.
func portHolder(proc fs.FS, at netip.AddrPort) (Process, bool) {
	tables, err := fs.Sub(proc, "net")
	if err != nil {
		return Process{}, false
	}
	inodes := portInodes(tables, at)
	if len(inodes) == 0 {
		return Process{}, false
	}
	for p := range socketOwners(proc, inodes) {
		return p, true
	}
	return Process{}, false
}

// socketOwners yields the processes that hold one of the sockets, lowest number
// first.
func socketOwners(proc fs.FS, inodes []string) iter.Seq[Process] {
	return func(yield func(Process) bool) {
		for _, pid := range processes(proc) {
			dir := strconv.Itoa(pid)
			owns := func(inode string) bool { return slices.Contains(inodes, inode) }
			if slices.ContainsFunc(openSockets(proc, dir), owns) && !yield(Process{nameOf(proc, dir), pid}) {
				return
			}
		}
	}
}

// openSockets returns the inodes of the sockets among a process's open files.
func openSockets(proc fs.FS, dir string) (inodes []string) {
	files, _ := fs.ReadDir(proc, path.Join(dir, "fd")) // empty if it is not ours to read
	for _, f := range files {
		link, err := fs.ReadLink(proc, path.Join(dir, "fd", f.Name()))
		if inode, isSocket := strings.CutPrefix(link, "socket:["); err == nil && isSocket {
			inodes = append(inodes, strings.TrimSuffix(inode, "]"))
		}
	}
	return inodes
}

// portInodes returns the inodes of the sockets that block the address: those
// that listen there or on all addresses, or if there are none, those of
// connections from that port.
func portInodes(tables fs.FS, at netip.AddrPort) []string {
	const listening = "0A"
	var listen, other []string
	forEachSocket(tables, func(x socketRow) {
		switch {
		case x.local.Port() != at.Port() || !blocksAddr(x.local.Addr(), at.Addr().Unmap()) || x.inode == "0":
		case x.state == listening:
			listen = append(listen, x.inode)
		default:
			other = append(other, x.inode)
		}
	})
	if len(listen) > 0 {
		return listen
	}
	return other
}

// blocksAddr reports whether a socket at addr blocks at. One at :: may include
// IPv4.
func blocksAddr(addr, at netip.Addr) bool {
	return addr == at || addr.IsUnspecified() && (addr.Is6() || at.Is4())
}

// processes lists the process numbers, lowest first, so that a server comes
// before the workers that share its socket.
func processes(proc fs.FS) []int {
	entries, _ := fs.ReadDir(proc, ".") // what can be read of it
	var pids []int
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err == nil {
			pids = append(pids, pid)
		}
	}
	slices.Sort(pids)
	return pids
}

// nameOf is what the process calls itself, made safe to show.
func nameOf(proc fs.FS, dir string) string {
	comm, _ := fs.ReadFile(proc, path.Join(dir, "comm"))
	if name := strings.TrimSpace(redact.Printable(string(comm), 40)); name != "" {
		return name
	}
	return "a program"
}
