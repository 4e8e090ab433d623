package network

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/dns/dnsmessage"
)

func TestResolve(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		zone dnsZone
		want []netip.Addr
	}{
		{"IPv4", dnsZone{a: addrs("203.0.113.7", "203.0.113.8")}, addrs("203.0.113.7", "203.0.113.8")},
		{"IPv6 only", dnsZone{aaaa: addrs("2606:4700::1")}, addrs("2606:4700::1")},
		{"IPv6 by NAT64", dnsZone{aaaa: addrs("64:ff9b::cb00:7107")}, addrs("64:ff9b::cb00:7107")},
		{"fake address of a VPN program", dnsZone{a: addrs("198.18.0.5")}, addrs("198.18.0.5")},
		{"private beside a good one", dnsZone{a: addrs("10.0.0.1", "203.0.113.7", "127.0.0.1")}, addrs("203.0.113.7")},
		{"sinkhole for IPv6 only", dnsZone{a: addrs("203.0.113.7"), aaaa: addrs("::")}, addrs("203.0.113.7")},
		{"IPv6 failing", dnsZone{a: addrs("203.0.113.7"), failing: map[dnsmessage.Type]bool{dnsmessage.TypeAAAA: true}}, addrs("203.0.113.7")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := &Network{Resolver: tc.zone.resolver(t), Routed: always(true), HostsFile: os.DevNull}
			got, err := s.Resolve(longContext(t), host)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got.Addrs, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
				t.Error(diff)
			}
			if got.HostsFile != "" {
				t.Error("an empty hosts file gave an address")
			}
		})
	}
}

func TestResolveFaults(t *testing.T) {
	t.Parallel()
	both := map[dnsmessage.Type]bool{dnsmessage.TypeA: true, dnsmessage.TypeAAAA: true}
	for _, tc := range []struct {
		name string
		zone dnsZone
		kind string
	}{
		{"NXDOMAIN", dnsZone{rcode: dnsmessage.RCodeNameError}, "not-found"},
		{"no records", dnsZone{}, "not-found"},
		{"SERVFAIL", dnsZone{rcode: dnsmessage.RCodeServerFailure}, "server-failure"},
		{"REFUSED", dnsZone{rcode: dnsmessage.RCodeRefused}, "server-failure"},
		{"not implemented", dnsZone{rcode: dnsmessage.RCodeNotImplemented}, "server-failure"},
		{"IPv4 failing, no IPv6", dnsZone{failing: map[dnsmessage.Type]bool{dnsmessage.TypeA: true}}, "server-failure"},
		{"silence", dnsZone{silent: both}, "unreachable"},
		{"sinkhole", dnsZone{a: addrs("0.0.0.0")}, "hijacked"},
		{"sinkhole of both families", dnsZone{a: addrs("0.0.0.0"), aaaa: addrs("::")}, "hijacked"},
		{"loopback", dnsZone{a: addrs("127.0.0.1")}, "hijacked"},
		{"private", dnsZone{a: addrs("192.168.1.1", "10.0.0.1")}, "hijacked"},
		{"unique local IPv6", dnsZone{aaaa: addrs("fd00::1")}, "hijacked"},
		{"link-local", dnsZone{a: addrs("169.254.1.1")}, "hijacked"},
		{"carrier's NAT", dnsZone{a: addrs("100.64.0.1")}, "hijacked"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := &Network{Resolver: tc.zone.resolver(t), Routed: always(true), HostsFile: os.DevNull}
			ctx := longContext(t)
			if tc.zone.silent != nil {
				ctx = shortContext(t)
			}
			_, err := s.Resolve(ctx, host)
			if e := fault(t, err, "dns", tc.kind); e.Host != host {
				t.Errorf("host %q", e.Host)
			}
		})
	}
}

func TestHijackedTellsWhatItSaw(t *testing.T) {
	t.Parallel()
	hosts := filepath.Join(t.TempDir(), "hosts")
	text := "# ads\n0.0.0.0 tracker.example\n  127.0.0.1\tlocalhost API.Upstox.com. # mine\nnonsense\n"
	if err := os.WriteFile(hosts, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, reason string
		answer       []netip.Addr
		fromHosts    bool
	}{
		{"by the hosts file", "loopback address from the hosts file", addrs("127.0.0.1"), true},
		{"by the resolver, the hosts file gives another", "private address", addrs("10.1.2.3"), false},
		{"by the carrier", "carrier-grade NAT address", addrs("100.127.255.254"), false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := &Network{Resolver: dnsZone{a: tc.answer}.resolver(t), Routed: always(true), HostsFile: hosts}
			names, err := s.Resolve(longContext(t), host)
			e := fault(t, err, "dns", "hijacked")
			if e.Reason != tc.reason || e.Addr != tc.answer[0].String() {
				t.Errorf("got %q at %q, want %q", e.Reason, e.Addr, tc.reason)
			}
			if (names.HostsFile != "") != tc.fromHosts || len(names.Addrs) != 1 {
				t.Errorf("names %+v", names)
			}
		})
	}
}

func TestResolveAsksForTheFullName(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 20)
	s := &Network{Resolver: dnsZone{rcode: dnsmessage.RCodeNameError, asked: asked}.resolver(t), Routed: always(true)}
	_, err := s.Resolve(longContext(t), host)
	fault(t, err, "dns", "not-found")
	if len(asked) == 0 {
		t.Error("nothing was asked")
	}
	for range len(asked) {
		if name := <-asked; name != host+"." {
			t.Errorf("asked for %s", name)
		}
	}
}

func TestFullName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"api.upstox.com", "api.upstox.com."} {
		if got := fullName(name); got != "api.upstox.com." {
			t.Errorf("%s gives %s", name, got)
		}
	}
}

func TestResolveAnAddress(t *testing.T) {
	t.Parallel()
	s := &Network{Resolver: resolverDialing(func(context.Context) (net.Conn, error) { return nil, errors.New("must not be asked") })}
	for _, literal := range []string{"127.0.0.1", "203.0.113.7", "2606:4700::1"} {
		names, err := s.Resolve(longContext(t), literal)
		if err != nil || len(names.Addrs) != 1 || names.Addrs[0].String() != literal {
			t.Errorf("%s gives %+v, %v", literal, names, err)
		}
	}
}

func TestResolveMeasuresByItsClock(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 9, 10, 0, 0, time.UTC)
	s := &Network{Resolver: dnsZone{a: addrs("203.0.113.7")}.resolver(t), Now: func() time.Time {
		at = at.Add(1500 * time.Millisecond)
		return at
	}}
	names, err := s.Resolve(longContext(t), host)
	if err != nil || names.Took != 1500*time.Millisecond {
		t.Errorf("took %v, %v", names.Took, err)
	}
}

func TestResolveCancelled(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 20)
	s := &Network{Resolver: dnsZone{asked: asked, silent: map[dnsmessage.Type]bool{dnsmessage.TypeA: true, dnsmessage.TypeAAAA: true}}.resolver(t)}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	if _, err := s.Resolve(ctx, host); err != context.Canceled {
		t.Errorf("got %v, want plain context.Canceled", err)
	}
}

// Package net sets a deadline of its own just after it has dialled.
func TestQuestionEndsWithItsContext(t *testing.T) {
	t.Parallel()
	near, far := net.Pipe()
	defer far.Close()
	defer near.Close()
	ctx, cancel := context.WithCancel(t.Context())
	q := contextConn{near, ctx}
	cancel()
	q.SetDeadline(time.Now().Add(time.Hour))
	if _, err := q.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestNormalizeAddrs(t *testing.T) {
	t.Parallel()
	got := normalizeAddrs(addrs("::ffff:203.0.113.7", "203.0.113.7", "2606:4700::1"))
	if len(got) != 2 || !got[0].Is4() {
		t.Errorf("got %v", got)
	}
}

func TestNameServers(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "resolv.conf")
	text := "; generated\n# nameserver 9.9.9.9\nnameserver 10.0.0.1\nsearch corp.local\nnameserver\tfe80::1%eth0\nnameserver\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(nameServersIn(file), " "); got != "10.0.0.1 fe80::1%eth0" {
		t.Errorf("got %q", got)
	}
	if got := nameServersIn(filepath.Join(t.TempDir(), "none")); got != nil {
		t.Errorf("a missing file gives %q", got)
	}
}
