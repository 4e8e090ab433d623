package network

import (
	"bufio"
	"cmp"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"upstox-doctor/checks/files"
)

// sharedAddressSpace is the space between a carrier and its customers (RFC
// 6598). 198.18.0.0/15 is deliberately not here: VPN programs answer with
// addresses of it and pass what is sent there on to the real host.
var sharedAddressSpace = netip.MustParsePrefix("100.64.0.0/10")

// whyNotPublic names the range of an address that no public host can have, or
// returns "".
func whyNotPublic(a netip.Addr) string {
	switch a = a.Unmap(); {
	case a.IsUnspecified():
		return "unspecified"
	case a.IsLoopback():
		return "loopback"
	case a.IsPrivate():
		return "private"
	case a.IsLinkLocalUnicast():
		return "link-local"
	case sharedAddressSpace.Contains(a):
		return "carrier-grade NAT"
	}
	return ""
}

// publicAddrs returns the addresses that a public host can have.
func publicAddrs(addrs []netip.Addr) []netip.Addr {
	var good []netip.Addr
	for _, a := range addrs {
		if whyNotPublic(a) == "" {
			good = append(good, a)
		}
	}
	return good
}

func overlap(a, b []netip.Addr) bool {
	return slices.ContainsFunc(a, func(x netip.Addr) bool { return slices.Contains(b, x) })
}

func join(addrs []netip.Addr) string {
	var s []string
	for _, a := range addrs {
		s = append(s, a.String())
	}
	return strings.Join(s, ", ")
}

func (n *Network) hostsFile() string {
	if n.HostsFile == "" && runtime.GOOS == "windows" {
		return filepath.Join(cmp.Or(os.Getenv("SystemRoot"), `C:\Windows`), `System32\drivers\etc\hosts`)
	}
	return cmp.Or(n.HostsFile, "/etc/hosts")
}

// hostsEntries returns the addresses that the hosts file gives to host; none
// if it cannot be read.
func hostsEntries(file, host string) []netip.Addr {
	var addrs []netip.Addr
	for fields := range configFields(file, "#") {
		for _, name := range fields[1:] {
			if addr, err := netip.ParseAddr(fields[0]); err == nil && strings.EqualFold(strings.TrimSuffix(name, "."), strings.TrimSuffix(host, ".")) {
				addrs = append(addrs, addr.Unmap())
			}
		}
	}
	return addrs
}

// nameServers returns what /etc/resolv.conf names, for evidence. What an
// injected resolver asks is not known.
func (n *Network) nameServers() []string {
	if n.Resolver != nil || runtime.GOOS == "windows" {
		return nil
	}
	return nameServersIn("/etc/resolv.conf")
}

func nameServersIn(file string) []string {
	var servers []string
	for fields := range configFields(file, "#;") {
		if fields[0] == "nameserver" && len(fields) > 1 {
			servers = append(servers, fields[1])
		}
	}
	return servers
}

// configFields yields the words of each line of a file that has any, without
// the comment that begins with one of the marks. A file that cannot be read
// has no lines.
func configFields(file, marks string) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		f, err := files.OpenRegular(file)
		if err != nil {
			return
		}
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			line := lines.Text()
			if i := strings.IndexAny(line, marks); i >= 0 {
				line = line[:i]
			}
			if fields := strings.Fields(line); len(fields) > 0 && !yield(fields) {
				return
			}
		}
	}
}
