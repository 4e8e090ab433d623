package network

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"time"

	"upstox-doctor/checks/catalog"
)

// Resolution is where a name leads.
type Resolution struct {
	Addrs     []netip.Addr // the resolver's order; never empty without an error
	HostsFile string       // that gives one of them; empty if none does
	Took      time.Duration
	Resolvers []string // name servers that the machine is set up with, as far as can be told
}

// Resolve asks for the addresses of host, which is taken as a full name: no
// search domain is tried. An IP address resolves to itself. Addresses that
// cannot be a public host's are left out if there are others; if there are
// none, the error is of kind "hijacked", and the Resolution holds them all the same.
func (n *Network) Resolve(ctx context.Context, host string) (found Resolution, fault error) {
	if n.Observe != nil {
		defer n.beginHop(HopTrace{Hop: catalog.HopDNS, Host: host}, func(t *HopTrace) { t.Names, t.Err = found, fault })()
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		return Resolution{Addrs: []netip.Addr{addr}}, nil
	}
	start := n.now()
	addrs, err := n.lookup(ctx, host, true)
	names := Resolution{Addrs: addrs, Took: n.now().Sub(start), Resolvers: n.nameServers()}
	if err != nil {
		return names, err
	}
	if file := n.hostsFile(); overlap(addrs, hostsEntries(file, host)) {
		names.HostsFile = file
	}
	if good := publicAddrs(addrs); len(good) > 0 {
		names.Addrs = good
		return names, nil
	}
	reason := whyNotPublic(addrs[0]) + " address"
	if names.HostsFile != "" {
		reason += " from the hosts file"
	}
	return names, &Error{Hop: catalog.HopDNS, Kind: catalog.KindHijacked, Host: host, Addr: join(addrs), Reason: reason}
}

// lookup returns the addresses of host. Rooted leaves the search domains out,
// which is wrong for a proxy: its name may well be short.
func (n *Network) lookup(ctx context.Context, host string, rooted bool) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr}, nil
	}
	r := n.resolver()
	lookup, other := n.lookups(r)
	name := host
	if rooted && r.PreferGo {
		name = fullName(host)
	}
	addrs, err := lookupBoth(ctx, lookup, other, name)
	if errors.Is(ctx.Err(), context.Canceled) {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, n.lookupError(host, err)
	}
	return addrs, nil
}

// fullName ends in a dot, which tells the resolver of package net not to try
// search domains. The systems' own do not find such a name in their hosts
// files.
func fullName(host string) string { return strings.TrimSuffix(host, ".") + "." }

// lookupError returns the Error for a failed lookup. Without a default route no
// outside server was asked: then an error from this machine (the kernel, a
// resolver on a loopback address, or the system's library, which reports that
// there is no such host) means that it is offline.
func (n *Network) lookupError(host string, err error) *Error {
	kind, c := kindOfLookup(err)
	e := &Error{Hop: catalog.HopDNS, Kind: kind, Host: host, Err: err}
	var lookup *net.DNSError
	local := !n.resolver().PreferGo
	if errors.As(err, &lookup) {
		e.Addr = lookup.Server
		if at, bad := netip.ParseAddrPort(lookup.Server); bad == nil && at.Addr().IsLoopback() {
			local = true
		}
	}
	if (local || c == condNoNetwork) && !n.routed() {
		e.Kind = catalog.KindOffline
	}
	if servers := n.nameServers(); e.Addr == "" && len(servers) > 0 {
		e.Reason = "name servers " + strings.Join(servers, ", ")
	}
	return e
}

// normalizeAddrs writes IPv4 addresses as such and drops repetitions.
func normalizeAddrs(addrs []netip.Addr) []netip.Addr {
	var out []netip.Addr
	seen := map[netip.Addr]bool{}
	for _, a := range addrs {
		if a = a.Unmap(); !seen[a] {
			seen[a] = true
			out = append(out, a)
		}
	}
	return out
}
