package network

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"sync"
)

// lookups returns how to ask r for a name, and how to ask when there is no
// answer yet. Package net waits five seconds for a name server before it turns
// to the next, so the second way goes to those that were not asked so far: a
// dead first server makes names slow, and does not make them unknown.
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

// errAsked passes a name server over.
var errAsked = errors.New("the name server has been asked already")

// watched is r, which goes to no name server that watch has an error for.
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

// asked are name servers to which a question went.
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

// besides returns the servers to pass over if others of all are left.
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
