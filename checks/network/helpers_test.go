package network

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

const host = "api.upstox.com"

// TestMain also fails when a test leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// longContext is for what ends at once, and shortContext for what is never
// answered.
func longContext(t *testing.T) context.Context  { return contextFor(t, 10*time.Second) }
func shortContext(t *testing.T) context.Context { return contextFor(t, 150*time.Millisecond) }

func contextFor(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// serve listens on loopback and runs talk for every connection. At the end of
// the test it closes what is open and waits.
func serve(t *testing.T, talk func(net.Conn)) netip.AddrPort {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var (
		mu   sync.Mutex
		open []net.Conn
		all  sync.WaitGroup
	)
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, conn)
			mu.Unlock()
			all.Go(func() {
				defer conn.Close()
				talk(conn)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for _, conn := range open {
			conn.Close()
		}
		mu.Unlock()
		all.Wait()
	})
	return l.Addr().(*net.TCPAddr).AddrPort()
}

// closedPort returns an address without a listener.
func closedPort(t *testing.T) netip.AddrPort {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).AddrPort()
}

func dialTo(t *testing.T, to netip.AddrPort) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", to.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// dialOnly returns a dial function that connects to one address only.
func dialOnly(to netip.AddrPort) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, to.String())
	}
}

// discardAll reads until the other side ends the connection.
func discardAll(conn net.Conn) { io.Copy(io.Discard, conn) }

// abort ends a connection with a reset.
func abort(conn net.Conn) {
	conn.(*net.TCPConn).SetLinger(0)
	conn.Close()
}

// fault checks hop and kind and returns the Error.
func fault(t *testing.T, err error, hop, kind string) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got error %v, want one of kind %s/%s", err, hop, kind)
	}
	if e.Hop != hop || e.Kind != kind {
		t.Fatalf("got %s/%s (%v), want %s/%s", e.Hop, e.Kind, e, hop, kind)
	}
	if s := e.Symptom(); s.Hop != hop || s.Kind != kind || s.HTTP != e.Status {
		t.Errorf("symptom %+v differs from %s/%s %d", s, hop, kind, e.Status)
	}
	return e
}

func always(answer bool) func() bool { return func() bool { return answer } }

func addrs(list ...string) []netip.Addr {
	var out []netip.Addr
	for _, s := range list {
		out = append(out, netip.MustParseAddr(s))
	}
	return out
}
