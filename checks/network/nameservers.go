package network

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"sync"
)

// lookups returns a lookup by r, and another for when the first has no answer
// yet. Package net waits five seconds for a name server before it asks the next,
// so the second lookup skips the servers already asked: then a dead first server
// makes lookups slow but does not make them fail.
func (n *Network) lookups(r *net.Resolver) (lookup, other lookupFunc) {
	if n.Zone != "" {
		return n.lookupInZone(r), n.lookupInZone(r)
	}
	servers := n.nameServers()
	if !r.PreferGo || len(servers) < 2 {
		return r.LookupNetIP, r.LookupNetIP
	}
	var asked queriedServers
	other = func(ctx context.Context, network, name string) ([]netip.Addr, error) {
		passed := asked.serversToSkip(servers)
		return observedResolver(r, func(server string) error {
			if slices.Contains(passed, server) {
				return errAlreadyQueried
			}
			return nil
		}).LookupNetIP(ctx, network, name)
	}
	return observedResolver(r, asked.record).LookupNetIP, other
}

// lookupInZone asks for the name below the zone. Errors are of the name itself.
func (n *Network) lookupInZone(r *net.Resolver) lookupFunc {
	return func(ctx context.Context, network, name string) ([]netip.Addr, error) {
		addrs, err := r.LookupNetIP(ctx, network, fullName(name)+fullName(n.Zone))
		if lookup, is := errors.AsType[*net.DNSError](err); is {
			lookup.Name = name
		}
		return addrs, err
	}
}

// errAlreadyQueried makes the resolver skip a name server.
var errAlreadyQueried = errors.New("the name server has been asked already")

// observedResolver returns a copy of r that skips the name servers for which
// watch returns an error.
func observedResolver(r *net.Resolver, watch func(server string) error) *net.Resolver {
	return &net.Resolver{PreferGo: true, StrictErrors: r.StrictErrors, Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		server, _, err := net.SplitHostPort(addr)
		if err == nil {
			err = watch(server)
		}
		if err != nil {
			return nil, err
		}
		return r.Dial(ctx, network, addr)
	}}
}

// queriedServers are the name servers that a query was sent to.
type queriedServers struct {
	mu      sync.Mutex
	servers []string
}

func (a *queriedServers) record(server string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.servers = append(a.servers, server)
	return nil
}

// serversToSkip returns the servers already asked, or nil if none of all is
// left to ask.
func (a *queriedServers) serversToSkip(all []string) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, server := range all {
		if !slices.Contains(a.servers, server) {
			return slices.Clone(a.servers)
		}
	}
	return nil
}
