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

// Names is where a name leads.
type Names struct {
	Addrs     []netip.Addr // the resolver's order; never empty without an error
	FromHosts bool         // the hosts file gives one of them
	Took      time.Duration
	Resolvers []string // name servers that the machine is set up with, as far as can be told
}

// Resolve asks for the addresses of host, which is taken as a full name: no
// search domain is tried. An IP address resolves to itself. Addresses that
// cannot be a public host's are left out if there are others; if there are
// none, the error is of kind "hijacked", and Names holds them all the same.
func (s *Stack) Resolve(ctx context.Context, host string) (found Names, fault error) {
	if s.Observe != nil {
		defer s.tell(Step{Hop: catalog.HopDNS, Host: host}, func(t *Step) { t.Names, t.Err = found, fault })()
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		return Names{Addrs: []netip.Addr{addr}}, nil
	}
	start := s.now()
	addrs, err := s.lookup(ctx, host, true)
	names := Names{Addrs: addrs, Took: s.now().Sub(start), Resolvers: s.nameServers()}
	if err != nil {
		return names, err
	}
	names.FromHosts = overlap(addrs, hostsEntries(s.hostsFile(), host))
	if good := publicOf(addrs); len(good) > 0 {
		names.Addrs = good
		return names, nil
	}
	reason := whyNotPublic(addrs[0]) + " address"
	if names.FromHosts {
		reason += " from the hosts file"
	}
	return names, &Error{Hop: catalog.HopDNS, Kind: catalog.KindHijacked, Host: host, Addr: join(addrs), Reason: reason}
}

// lookup returns the addresses of host. Rooted leaves the search domains out,
// which is wrong for a proxy: its name may well be short.
func (s *Stack) lookup(ctx context.Context, host string, rooted bool) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr}, nil
	}
	r := s.resolver()
	lookup, other := s.lookups(r)
	name := host
	if rooted && r.PreferGo {
		name = fullName(host)
	}
	addrs, err := ask(ctx, lookup, other, name)
	if errors.Is(ctx.Err(), context.Canceled) {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, s.lookupError(host, err)
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
func (s *Stack) lookupError(host string, err error) *Error {
	kind, c := kindOfLookup(err)
	e := &Error{Hop: catalog.HopDNS, Kind: kind, Host: host, Err: err}
	var lookup *net.DNSError
	local := !s.resolver().PreferGo
	if errors.As(err, &lookup) {
		e.Addr = lookup.Server
		if at, bad := netip.ParseAddrPort(lookup.Server); bad == nil && at.Addr().IsLoopback() {
			local = true
		}
	}
	if (local || c == noNetwork) && !s.routed() {
		e.Kind = catalog.KindOffline
	}
	if servers := s.nameServers(); e.Addr == "" && len(servers) > 0 {
		e.Reason = "name servers " + strings.Join(servers, ", ")
	}
	return e
}

// tidy writes IPv4 addresses as such and drops repetitions.
func tidy(addrs []netip.Addr) []netip.Addr {
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
