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
func (s *Stack) lookups(r *net.Resolver) (lookup, other lookupFunc) {
	servers := s.nameServers()
	if !r.PreferGo || len(servers) < 2 {
		return r.LookupNetIP, r.LookupNetIP
	}
	var asked asked
	other = func(ctx context.Context, network, name string) ([]netip.Addr, error) {
		passed := asked.besides(servers)
		return watched(r, func(server string) error {
			if slices.Contains(passed, server) {
				return errAsked
			}
			return nil
		}).LookupNetIP(ctx, network, name)
	}
	return watched(r, asked.note).LookupNetIP, other
}

// errAsked makes the resolver skip a name server.
var errAsked = errors.New("the name server has been asked already")

// watched returns a copy of r that skips the name servers for which watch
// returns an error.
func watched(r *net.Resolver, watch func(server string) error) *net.Resolver {
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

// asked are the name servers that a query was sent to.
type asked struct {
	mu      sync.Mutex
	servers []string
}

func (a *asked) note(server string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.servers = append(a.servers, server)
	return nil
}

// besides returns the servers already asked, or nil if none of all is left to
// ask.
func (a *asked) besides(all []string) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, server := range all {
		if !slices.Contains(a.servers, server) {
			return slices.Clone(a.servers)
		}
	}
	return nil
}
