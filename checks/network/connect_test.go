package network

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// A dialScript is the result of dialling one address: after a delay, an error
// or a connection. Forever means that the address never answers.
type dialScript struct {
	after time.Duration
	err   error
}

const forever = 1000 * time.Hour

// scriptedDialer is a dialer with a result per address. It records what was
// dialled, when, and which connections are open.
type scriptedDialer struct {
	by map[string]dialScript

	mu    sync.Mutex
	log   []string
	start time.Time
	open  int
}

func (f *scriptedDialer) dial(ctx context.Context, _, addr string) (net.Conn, error) {
	host, _, _ := net.SplitHostPort(addr)
	f.mu.Lock()
	f.log = append(f.log, fmt.Sprintf("%s@%d", host, time.Since(f.start).Milliseconds()))
	f.mu.Unlock()
	fate := f.by[host]
	select {
	case <-time.After(fate.after):
	case <-ctx.Done():
		if fate.after == forever {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: ctx.Err()}
		}
		<-time.After(fate.after) // succeeds although it is no longer needed
	}
	if fate.err != nil {
		return nil, fate.err
	}
	f.mu.Lock()
	f.open++
	f.mu.Unlock()
	near, far := net.Pipe()
	far.Close()
	return &countingConn{near, f}, nil
}

type countingConn struct {
	net.Conn
	f *scriptedDialer
}

func (c *countingConn) Close() error {
	c.f.mu.Lock()
	c.f.open--
	c.f.mu.Unlock()
	return c.Conn.Close()
}

// errnos for this system, wrapped as package net does.
var (
	errRefused     = wrapped("connect", syscall.ECONNREFUSED)
	errReset       = wrapped("connect", syscall.ECONNRESET)
	errNetwork     = wrapped("connect", syscall.ENETUNREACH)
	errNoAddress   = wrapped("connect", syscall.EADDRNOTAVAIL)
	errNoRoute     = wrapped("connect", syscall.EHOSTUNREACH)
	errForbidden   = wrapped("connect", syscall.EACCES)
	errKernelQuiet = wrapped("connect", syscall.ETIMEDOUT)
)

func TestHappyEyeballs(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		addrs []netip.Addr
		by    map[string]dialScript
		log   string
		won   string
	}{
		{"the first answers", addrs("::1", "1.1.1.1"), map[string]dialScript{"::1": {after: 200 * time.Millisecond}},
			"::1@0", "[::1]:443"},
		{"the first is silent", addrs("2::1", "2::2", "1.1.1.1"), map[string]dialScript{"2::1": {after: forever}, "1.1.1.1": {after: 20 * time.Millisecond}},
			"2::1@0 1.1.1.1@250", "1.1.1.1:443"},
		{"the first fails at once", addrs("2::1", "2::2", "1.1.1.1"), map[string]dialScript{"2::1": {after: time.Millisecond, err: errNetwork}, "1.1.1.1": {after: 20 * time.Millisecond}},
			"2::1@0 1.1.1.1@1", "1.1.1.1:443"},
		{"the resolver prefers IPv4", addrs("1.1.1.1", "1.1.1.2", "2::1"), map[string]dialScript{"1.1.1.1": {after: forever}, "2::1": {after: forever}, "1.1.1.2": {after: 20 * time.Millisecond}},
			"1.1.1.1@0 2::1@250 1.1.1.2@500", "1.1.1.2:443"},
		{"the first is slow and still wins", addrs("1.1.1.1", "1.1.1.2"), map[string]dialScript{"1.1.1.1": {after: 400 * time.Millisecond}, "1.1.1.2": {after: forever}},
			"1.1.1.1@0 1.1.1.2@250", "1.1.1.1:443"},
		{"both succeed, the slower is closed", addrs("1.1.1.1", "1.1.1.2"), map[string]dialScript{"1.1.1.1": {after: 400 * time.Millisecond}, "1.1.1.2": {after: 100 * time.Millisecond}},
			"1.1.1.1@0 1.1.1.2@250", "1.1.1.2:443"},
		{"repeated and mapped addresses count once", addrs("::ffff:1.1.1.1", "1.1.1.1", "1.1.1.2"), map[string]dialScript{"1.1.1.1": {after: forever}},
			"1.1.1.1@0 1.1.1.2@250", "1.1.1.2:443"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := &scriptedDialer{by: tc.by, start: time.Now()}
				s := &Network{Dial: f.dial}
				conn, attempts, err := s.Connect(contextFor(t, 10*time.Second), host, tc.addrs, 443)
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Second) // of the bubble: the losers are over by then
				synctest.Wait()
				if got := strings.Join(f.log, " "); got != tc.log {
					t.Errorf("dialled %s, want %s", got, tc.log)
				}
				if f.open != 1 {
					t.Errorf("%d connections stay open, want 1", f.open)
				}
				for _, a := range attempts {
					if (a.Kind == "") != (a.Addr.String() == tc.won) {
						t.Errorf("attempt %v ended as %q, want %s to win", a.Addr, a.Kind, tc.won)
					}
				}
				conn.Close()
			})
		})
	}
}

func TestConnectVerdict(t *testing.T) {
	t.Parallel()
	silence := dialScript{after: forever}
	fails := func(err error) dialScript { return dialScript{after: time.Millisecond, err: err} }
	for _, tc := range []struct {
		name   string
		by     map[string]dialScript
		addrs  string
		routed bool
		kind   string
		addr   string
	}{
		{"refused", map[string]dialScript{"1.1.1.1": fails(errRefused)}, "1.1.1.1", true, "refused", "1.1.1.1:443"},
		{"reset during connect", map[string]dialScript{"1.1.1.1": fails(errReset)}, "1.1.1.1", true, "refused", "1.1.1.1:443"},
		{"no route to host", map[string]dialScript{"1.1.1.1": fails(errNoRoute)}, "1.1.1.1", true, "unreachable", "1.1.1.1:443"},
		{"prohibited", map[string]dialScript{"1.1.1.1": fails(errForbidden)}, "1.1.1.1", true, "unreachable", "1.1.1.1:443"},
		{"silent", map[string]dialScript{"1.1.1.1": silence}, "1.1.1.1", true, "timeout", "1.1.1.1:443"},
		{"given up by the kernel", map[string]dialScript{"1.1.1.1": fails(errKernelQuiet)}, "1.1.1.1", true, "timeout", "1.1.1.1:443"},
		{"no network anywhere, no route", map[string]dialScript{"1.1.1.1": fails(errNetwork), "2::1": fails(errNetwork)}, "2::1 1.1.1.1", false, "offline", "[2::1]:443"},
		{"no network, and IPv6 switched off", map[string]dialScript{"1.1.1.1": fails(errNetwork), "2::1": fails(errNoAddress)}, "2::1 1.1.1.1", false, "offline", "1.1.1.1:443"},
		{"no network anywhere, though a route", map[string]dialScript{"1.1.1.1": fails(errNetwork)}, "1.1.1.1", true, "unreachable", "1.1.1.1:443"},
		{"IPv6 without network is not heard", map[string]dialScript{"2::1": fails(errNetwork), "2::2": fails(errNetwork), "1.1.1.1": silence}, "2::1 2::2 1.1.1.1", true, "timeout", "1.1.1.1:443"},
		{"without a route, IPv4 refused on the local net", map[string]dialScript{"2::1": fails(errNetwork), "1.1.1.1": fails(errRefused)}, "2::1 1.1.1.1", false, "refused", "1.1.1.1:443"},
		{"refusal says more than silence", map[string]dialScript{"1.1.1.1": silence, "1.1.1.2": fails(errRefused)}, "1.1.1.1 1.1.1.2", true, "refused", "1.1.1.2:443"},
		{"unreachable says more than silence", map[string]dialScript{"1.1.1.1": silence, "1.1.1.2": fails(errNoRoute)}, "1.1.1.1 1.1.1.2", true, "unreachable", "1.1.1.2:443"},
		{"the larger family speaks", map[string]dialScript{"2::1": fails(errRefused), "1.1.1.1": silence, "1.1.1.2": silence}, "2::1 1.1.1.1 1.1.1.2", true, "timeout", "1.1.1.1:443"},
		{"at a tie the first family", map[string]dialScript{"2::1": fails(errNoRoute), "1.1.1.1": fails(errRefused)}, "2::1 1.1.1.1", true, "unreachable", "[2::1]:443"},
		{"no socket says most", map[string]dialScript{"1.1.1.1": fails(errRefused), "1.1.1.2": fails(wrapped("socket", syscall.EMFILE))}, "1.1.1.1 1.1.1.2", true, "exhausted", "1.1.1.2:443"},
		{"not understood", map[string]dialScript{"1.1.1.1": fails(wrapped("socket", syscall.ENOENT))}, "1.1.1.1", true, "other", "1.1.1.1:443"},
		{"no address", nil, "", true, "other", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := &scriptedDialer{by: tc.by, start: time.Now()}
				s := &Network{Dial: f.dial, Routed: always(tc.routed)}
				start := time.Now()
				_, attempts, err := s.Connect(contextFor(t, 5*time.Second), host, addrs(strings.Fields(tc.addrs)...), 443)
				if e := fault(t, err, "tcp", tc.kind); e.Addr != tc.addr || e.Host != host {
					t.Errorf("blamed %s at %s, want %s", e.Host, e.Addr, tc.addr)
				}
				if took := time.Since(start); took > 5*time.Second {
					t.Errorf("took %v", took)
				}
				if len(attempts) != len(strings.Fields(tc.addrs)) {
					t.Errorf("%d attempts: %+v", len(attempts), attempts)
				}
			})
		})
	}
}

func TestAttemptsTellTimeAndKind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &scriptedDialer{by: map[string]dialScript{"2::1": {after: 30 * time.Millisecond, err: errNetwork}, "1.1.1.1": {after: 40 * time.Millisecond, err: errRefused}}, start: time.Now()}
		_, got, _ := (&Network{Dial: f.dial, Routed: always(true)}).Connect(contextFor(t, 5*time.Second), host, addrs("2::1", "1.1.1.1"), 443)
		if len(got) != 2 || got[0].Kind != "no-network" || got[0].Took != 30*time.Millisecond || !errors.Is(got[0].Err, syscall.ENETUNREACH) ||
			got[1].Kind != "refused" || got[1].Took != 40*time.Millisecond {
			t.Errorf("got %+v", got)
		}
	})
}

func TestConnectCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &scriptedDialer{by: map[string]dialScript{"1.1.1.1": {after: forever}, "1.1.1.2": {after: forever}}, start: time.Now()}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, attempts, err := (&Network{Dial: f.dial}).Connect(ctx, host, addrs("1.1.1.1", "1.1.1.2"), 443)
		if err != context.Canceled {
			t.Errorf("got %v, want plain context.Canceled", err)
		}
		if len(attempts) != 2 {
			t.Errorf("attempts %+v", attempts)
		}
		if took := time.Since(f.start); took != time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func TestConnectDeadlineBeforeTheSecondAddress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &scriptedDialer{by: map[string]dialScript{"1.1.1.1": {after: forever}}, start: time.Now()}
		_, attempts, err := (&Network{Dial: f.dial}).Connect(contextFor(t, 100*time.Millisecond), host, addrs("1.1.1.1", "1.1.1.2"), 443)
		fault(t, err, "tcp", "timeout")
		if took := time.Since(f.start); took != 100*time.Millisecond || len(attempts) != 1 {
			t.Errorf("took %v, attempts %+v", took, attempts)
		}
	})
}

// A winner that comes together with the end of the context is not kept.
func TestConnectCancelledAsItSucceeds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &scriptedDialer{by: map[string]dialScript{"1.1.1.1": {after: 2 * time.Second}}, start: time.Now()}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, cancel)
		if _, _, err := (&Network{Dial: f.dial}).Connect(ctx, host, addrs("1.1.1.1", "1.1.1.2"), 443); err != context.Canceled {
			t.Errorf("got %v", err)
		}
		if len(f.log) != 1 {
			t.Errorf("dialled %v, the second after the end", f.log)
		}
		if f.open != 0 {
			t.Errorf("%d connections stay open", f.open)
		}
	})
}

func TestConnectForReal(t *testing.T) {
	t.Parallel()
	good := serve(t, discardAll)
	s := new(Network)
	conn, attempts, err := s.Connect(longContext(t), host, addrs("127.0.0.1"), good.Port())
	if err != nil || len(attempts) != 1 || attempts[0].Kind != "" {
		t.Fatalf("got %+v, %v", attempts, err)
	}
	conn.Close()

	_, _, err = s.Connect(longContext(t), host, addrs("127.0.0.1"), closedPort(t).Port())
	e := fault(t, err, "tcp", "refused")
	if !errors.Is(err, syscall.ECONNREFUSED) || !strings.HasSuffix(e.Error(), ": connection refused") {
		t.Errorf("got %v", err)
	}
}

func TestRoutedAsksTheKernel(t *testing.T) {
	t.Parallel()
	if got := new(Network).routed(); got != new(Network).routed() {
		t.Errorf("two answers")
	}
	for _, want := range []bool{true, false} {
		if got := (&Network{Routed: always(want)}).routed(); got != want {
			t.Errorf("got %t, want %t", got, want)
		}
	}
}

func TestOnlySomeAddressesAreRoutableSources(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]bool{
		"192.168.1.7": true, "2001:db8::7": true, "fd00::7": true, "169.254.3.4": true,
		"127.0.0.1": false, "::1": false, "fe80::1%eth0": false,
	} {
		if got := isRoutableSource(addrs(from)[0]); got != want {
			t.Errorf("%s: %t, want %t", from, got, want)
		}
	}
}

func TestInterleave(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, want string }{
		{"by turns", "2::1 2::2 2::3 1.1.1.1", "2::1 1.1.1.1 2::2 2::3"},
		{"IPv4 first", "1.1.1.1 1.1.1.2 2::1", "1.1.1.1 2::1 1.1.1.2"},
		{"one family", "1.1.1.2 1.1.1.1", "1.1.1.2 1.1.1.1"},
		{"none", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, a := range interleave(addrs(strings.Fields(tc.in)...)) {
				got = append(got, a.String())
			}
			if s := strings.Join(got, " "); s != tc.want {
				t.Errorf("got %s, want %s", s, tc.want)
			}
		})
	}
}
