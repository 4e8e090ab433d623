package network

import (
	"context"
	"net"
	"os"
	"runtime"
	"syscall"
	"testing"
)

// resolverDialing returns a resolver that uses the dial function.
func resolverDialing(dial func(ctx context.Context) (net.Conn, error)) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) }}
}

func TestResolverOutOfReach(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the numbers are POSIX's")
	}
	fails := func(number syscall.Errno) *net.Resolver {
		return resolverDialing(func(context.Context) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "udp", Err: os.NewSyscallError("connect", number)}
		})
	}
	nobody := closedPort(t).String()
	port := resolverDialing(func(ctx context.Context) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", nobody)
	})
	for _, tc := range []struct {
		name     string
		resolver *net.Resolver
		routed   bool
		kind     string
	}{
		{"nobody at the resolver's port", port, true, "unreachable"},
		{"no network, no route", fails(syscall.ENETUNREACH), false, "offline"},
		{"no network, though there is a route", fails(syscall.ENETUNREACH), true, "unreachable"},
		{"dead resolver address", fails(syscall.EHOSTUNREACH), true, "unreachable"},
		{"questions forbidden", fails(syscall.EPERM), true, "unreachable"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := &Network{Resolver: tc.resolver, Routed: always(tc.routed)}
			_, err := s.Resolve(longContext(t), host)
			fault(t, err, "dns", tc.kind)
		})
	}
}

// A resolver that runs on this machine cannot know more than the machine.
func TestOfflineBehindALocalResolver(t *testing.T) {
	t.Parallel()
	failure := func(server string) error {
		return &net.DNSError{Err: "server misbehaving", Name: host, Server: server, IsTemporary: true}
	}
	system := &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	for _, tc := range []struct {
		name   string
		goes   bool // the resolver of package net is asked
		err    error
		routed bool
		kind   string
	}{
		{"local stub, no route", true, failure("127.0.0.53:53"), false, "offline"},
		{"local stub, route", true, failure("127.0.0.53:53"), true, "server-failure"},
		{"router's resolver, no route", true, failure("192.168.1.1:53"), false, "server-failure"},
		{"the system's library, no route", false, system, false, "offline"},
		{"the system's library, route", false, system, true, "not-found"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := &Network{Resolver: &net.Resolver{PreferGo: tc.goes}, Routed: always(tc.routed)}
			fault(t, s.lookupError(host, tc.err), "dns", tc.kind)
		})
	}
}
