package network

import (
	"context"
	"errors"
	"net"
	"slices"
	"testing"
)

func TestQueriedServersAreSkipped(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name             string
		asked, all, want []string
	}{
		{"the first of two", []string{"10.0.0.1"}, []string{"10.0.0.1", "10.0.0.2"}, []string{"10.0.0.1"}},
		{"all, so all again", []string{"10.0.0.2", "10.0.0.1"}, []string{"10.0.0.1", "10.0.0.2"}, nil},
		{"none so far", nil, []string{"10.0.0.1", "10.0.0.2"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var a queriedServers
			for _, server := range tc.asked {
				if err := a.record(server); err != nil {
					t.Fatal(err)
				}
			}
			if got := a.serversToSkip(tc.all); !slices.Equal(got, tc.want) {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

func TestObservedResolverSkips(t *testing.T) {
	t.Parallel()
	reached := errors.New("reached")
	r := resolverDialing(func(context.Context) (net.Conn, error) { return nil, reached })
	w := observedResolver(r, func(server string) error {
		if server == "2001:db8::53%eth0" {
			return errAlreadyQueried
		}
		return nil
	})
	for addr, want := range map[string]error{"[2001:db8::53%eth0]:53": errAlreadyQueried, "10.0.0.2:53": reached} {
		if _, err := w.Dial(t.Context(), "udp", addr); err != want {
			t.Errorf("%s: %v, want %v", addr, err, want)
		}
	}
	if _, err := w.Dial(t.Context(), "udp", "no port"); err == nil {
		t.Error("an address without a port is dialled")
	}
}

// With one name server, or one that is not known, there is no other.
func TestLookupsOfAnInjectedResolver(t *testing.T) {
	t.Parallel()
	s := &Network{Resolver: dnsZone{a: addrs("203.0.113.7")}.resolver(t)}
	lookup, other := s.lookups(s.resolver())
	for _, l := range []lookupFunc{lookup, other} {
		if got, err := l(longContext(t), "ip4", host+"."); err != nil || len(got) != 1 {
			t.Errorf("got %v, %v", got, err)
		}
	}
}
