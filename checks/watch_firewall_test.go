package checks_test

import (
	"context"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/watch"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/simtest"
)

// A firewall is a firewall that resets a connection once something is sent on
// it while it is shut, and refuses new ones. The feed's is reset at once.
type firewall struct {
	dial func(ctx context.Context, network, addr string) (net.Conn, error)

	mu      sync.Mutex
	blocked bool
	feed    net.Conn
}

// feedAddress is where the simulator's feed is.
const feedAddress = "203.0.113.20:443"

func (g *firewall) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if g.isBlocked() {
		return nil, &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	}
	conn, err := g.dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if addr == feedAddress {
		g.feed = conn
	}
	return firewallConn{conn, g}, nil
}

func (g *firewall) isBlocked() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.blocked
}

// block starts or ends the blocking.
func (g *firewall) block(shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.blocked = shut; shut {
		g.feed.Close()
	}
}

type firewallConn struct {
	net.Conn
	gate *firewall
}

func (c firewallConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if err != nil && c.gate.isBlocked() {
		err = &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	}
	return n, err
}

func (c firewallConn) Write(b []byte) (int, error) {
	if c.gate.isBlocked() {
		c.Conn.Close()
		return len(b), nil
	}
	return c.Conn.Write(b)
}

// When the network goes, the connection on which authorize was called dies
// with the stream. Its death is not what keeps the stream away.
func TestWatchBlamesWhatKeepsTheStreamAway(t *testing.T) {
	t.Parallel()
	simtest.Run(t, scenario(t, "healthy"), func(t *testing.T, s *sim.Session) {
		w := s.World("test")
		g := &firewall{dial: w.Net.Dial}
		w.Net.Dial = g.Dial
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		tries := 0
		seen := &recordingSink{stop: stop, done: func(n watch.Notice) bool {
			switch n.Kind {
			case watch.Subscribed:
				g.block(true)
			case watch.Retry:
				if tries++; tries == 2 { // the first is that of the loss
					g.block(false)
				}
			}
			return n.Kind == watch.Recovered
		}}
		sum, err := w.Watch(ctx, watch.Options{}, seen)
		if err != nil || len(sum.Episodes) != 1 {
			t.Fatalf("%v\n%s", err, seen.noticesText())
		}
		for _, n := range seen.notices {
			if n.Kind == watch.Disconnected && n.Episode.Finding.Code == "api-dropped" {
				t.Errorf("the dead connection is blamed\n%s", seen.noticesText())
			}
		}
		if e := sum.Episodes[0]; e.Kind != watch.Dropped || e.Finding.Code != "tcp-refused" || sum.Status != doctor.Warn {
			t.Errorf("%s %s\n%s", e.Kind, e.Finding.Code, seen.noticesText())
		}
	})
}
