package network

import (
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// Users are the numbers of the users of this machine who count as one person. Nil
// is everybody.
type Users []string

// SamePerson returns the user of this process, and the one who has become that user
// by sudo, su or the like. It is nil where the system does not tell: elsewhere than
// on Linux, and for an administrator who has come by none of them.
func SamePerson() Users {
	if runtime.GOOS != "linux" {
		return nil
	}
	login, _ := os.ReadFile("/proc/self/loginuid") // missing without auditing
	return samePerson(os.Geteuid(), os.Getenv("SUDO_UID"), strings.TrimSpace(string(login)))
}

// samePerson knows that 2^32-1 is the number of nobody's login.
func samePerson(own int, before ...string) Users {
	all := Users{strconv.Itoa(own)}
	for _, u := range before {
		if n, err := strconv.ParseUint(u, 10, 32); err == nil && n != 1<<32-1 && !slices.Contains(all, u) {
			all = append(all, u)
		}
	}
	if own == 0 && len(all) == 1 {
		return nil
	}
	return all
}

// SentByOther reports whether a program of another user of this machine has made the
// connection of the request. It does not count the administrator, whose programs
// forward ports and who can read all files anyway. What the system does not tell is
// of no other user: such as a connection from another machine.
func (u Users) SentByOther(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if u == nil || !ok || runtime.GOOS != "linux" {
		return false
	}
	return u.sentByOther(os.DirFS("/proc/net"), Connection{addrPort(local.String()), addrPort(r.RemoteAddr)})
}

// A Connection has two ends, the one of this program first.
type Connection struct{ Local, Remote netip.AddrPort }

func addrPort(s string) netip.AddrPort {
	at, _ := netip.ParseAddrPort(s) // an address of no network is that of no socket
	return netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
}

// sentByOther looks for the other end in the kernel's tables. A program that has
// closed its end already cannot be told from the administrator, and waits for no
// answer. An end that is in no table is on another machine or in another namespace if
// the connection still stands after that.
func (u Users) sentByOther(tables fs.FS, c Connection) bool {
	const established, listening = "01", "0A"
	find := func(local, remote netip.AddrPort) (found socketRow, listens bool) {
		forEachSocket(tables, func(x socketRow) {
			if x.local == local && x.remote == remote {
				found = x
			}
			listens = listens || x.state == listening && x.local.Port() == c.Local.Port()
		})
		return found, listens
	}
	peer, _ := find(c.Remote, c.Local)
	if peer.state != "" {
		return peer.inode == "0" || peer.user != "0" && !slices.Contains(u, peer.user)
	}
	own, told := find(c.Local, c.Remote)
	return told && own.state != established
}
