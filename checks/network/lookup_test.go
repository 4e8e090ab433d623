package network

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// scriptedLookup answers the questions of ask by network, after a while.
type scriptedLookup map[string]struct {
	after time.Duration
	addrs []netip.Addr
	err   error
}

func (l scriptedLookup) ask(ctx context.Context, network, _ string) ([]netip.Addr, error) {
	select {
	case <-time.After(l[network].after):
		return l[network].addrs, l[network].err
	case <-ctx.Done():
		return nil, &net.DNSError{Err: "i/o timeout", IsTimeout: true, UnwrapErr: ctx.Err()}
	}
}

func TestLookupBesideASilentFamily(t *testing.T) {
	t.Parallel()
	const never = time.Hour
	none := &net.DNSError{Err: "no such host", IsNotFound: true}
	failure := &net.DNSError{Err: "server misbehaving"}
	full := &net.DNSError{Err: "dial udp: socket: too many open files"}
	v4 := addrs("203.0.113.7")
	for _, tc := range []struct {
		name    string
		lookups scriptedLookup
		want    string // kind of the error, or empty
		took    time.Duration
	}{
		{"both at once", scriptedLookup{"ip": {5 * time.Millisecond, v4, nil}}, "", 5 * time.Millisecond},
		{"first resolver dead", scriptedLookup{"ip": {5 * time.Second, v4, nil}, "ip4": {5 * time.Second, v4, nil}, "ip6": {never, nil, nil}}, "", 5 * time.Second},
		{"IPv6 question dropped", scriptedLookup{"ip": {never, nil, nil}, "ip4": {5 * time.Millisecond, v4, nil}, "ip6": {never, nil, nil}}, "", 1055 * time.Millisecond},
		{"IPv4 question dropped, no IPv6", scriptedLookup{"ip": {10 * time.Second, nil, none}, "ip4": {never, nil, nil}, "ip6": {5 * time.Millisecond, nil, none}}, "unreachable", 20 * time.Second},
		{"no IPv4, IPv6 question dropped", scriptedLookup{"ip": {never, nil, nil}, "ip4": {5 * time.Millisecond, nil, none}, "ip6": {never, nil, nil}}, "not-found", 20 * time.Second},
		{"IPv4 fails, IPv6 question dropped", scriptedLookup{"ip": {never, nil, nil}, "ip4": {5 * time.Millisecond, nil, failure}, "ip6": {never, nil, nil}}, "server-failure", 20 * time.Second},
		{"IPv6 fails late, no IPv4", scriptedLookup{"ip": {1100 * time.Millisecond, nil, failure}, "ip4": {500 * time.Millisecond, nil, none}, "ip6": {never, nil, nil}}, "not-found", 1500 * time.Millisecond},
		{"not found is asked again", scriptedLookup{"ip": {5 * time.Millisecond, nil, none}, "ip4": {5 * time.Millisecond, nil, failure}}, "server-failure", 10 * time.Millisecond},
		{"not found, and no answer when asked again", scriptedLookup{"ip": {5 * time.Millisecond, nil, none}, "ip4": {never, nil, nil}}, "not-found", 20 * time.Second},
		{"not found, and no socket to ask again", scriptedLookup{"ip": {5 * time.Millisecond, nil, none}, "ip4": {5 * time.Millisecond, nil, full}}, "exhausted", 10 * time.Millisecond},
		{"failure is not asked again", scriptedLookup{"ip": {5 * time.Millisecond, nil, failure}}, "server-failure", 5 * time.Millisecond},
		{"nothing at all", scriptedLookup{"ip": {0, nil, nil}, "ip4": {0, nil, nil}}, "not-found", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				got, err := lookupBoth(contextFor(t, 20*time.Second), tc.lookups.ask, tc.lookups.ask, host)
				if took := time.Since(start); took != tc.took {
					t.Errorf("took %v, want %v", took, tc.took)
				}
				if tc.want == "" && (err != nil || len(got) != 1) {
					t.Fatalf("got %v, %v", got, err)
				}
				if tc.want != "" {
					if kind, _ := kindOfLookup(err); kind != tc.want {
						t.Errorf("got %s (%v), want %s", kind, err, tc.want)
					}
				}
			})
		})
	}
}

// What comes after the first second is asked elsewhere, and one family waits
// for the other.
func TestLookupElsewhere(t *testing.T) {
	t.Parallel()
	const never = time.Hour
	v4, v6 := addrs("203.0.113.7"), addrs("2606:4700::1")
	none := &net.DNSError{Err: "no such host", IsNotFound: true}
	dead := scriptedLookup{"ip": {never, nil, nil}, "ip4": {never, nil, nil}, "ip6": {never, nil, nil}}
	for _, tc := range []struct {
		name  string
		other scriptedLookup
		want  []netip.Addr
		took  time.Duration
	}{
		{"both families", scriptedLookup{"ip4": {5 * time.Millisecond, v4, nil}, "ip6": {8 * time.Millisecond, v6, nil}}, append(slices.Clone(v4), v6...), 1008 * time.Millisecond},
		{"no IPv6", scriptedLookup{"ip4": {5 * time.Millisecond, v4, nil}, "ip6": {6 * time.Millisecond, nil, none}}, v4, 1006 * time.Millisecond},
		{"IPv6 first, IPv4 slow", scriptedLookup{"ip4": {time.Second, v4, nil}, "ip6": {5 * time.Millisecond, v6, nil}}, v6, 1055 * time.Millisecond},
		{"no IPv4, told first", scriptedLookup{"ip4": {5 * time.Millisecond, nil, none}, "ip6": {8 * time.Millisecond, v6, nil}}, v6, 1008 * time.Millisecond},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				got, err := lookupBoth(contextFor(t, 20*time.Second), dead.ask, tc.other.ask, host)
				if took := time.Since(start); took != tc.took {
					t.Errorf("took %v, want %v", took, tc.took)
				}
				if err != nil || !slices.Equal(got, tc.want) {
					t.Errorf("got %v, %v; want %v", got, err, tc.want)
				}
			})
		})
	}
}
