package feed

import (
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"time"
)

const (
	// bodyWait bounds the wait for the rest of a refusal once its header is
	// there: a peer that promises a body and stalls must not cost the time
	// that was meant for the handshake.
	bodyWait = time.Second

	headerLimit = 64 << 10
)

var errLongHeader = errors.New("header of more than 64 KiB")

// A greeting is the connection as the handshake sees it. It watches the
// answer arrive, and it can be interrupted.
type greeting struct {
	net.Conn

	mu          sync.Mutex
	interrupted bool
	header      int  // bytes of the answer's header so far
	newlines    int  // line ends that the header ends in so far
	complete    bool // the empty line after the header has been read
}

// interrupt ends all waiting, now and later.
func (g *greeting) interrupt() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.interrupted = true
	_ = g.Conn.SetDeadline(time.Unix(1, 0))
}

// Read looks for the end of the header in what it reads.
func (g *greeting) Read(b []byte) (int, error) {
	n, err := g.Conn.Read(b)
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range b[:n] {
		if g.complete {
			break
		}
		g.header++
		switch c {
		case '\n':
			g.newlines++
		case '\r':
		default:
			g.newlines = 0
		}
		if g.complete = g.newlines == 2; g.complete && !g.interrupted {
			_ = g.Conn.SetReadDeadline(time.Now().Add(bodyWait))
		}
	}
	if !g.complete && g.header > headerLimit {
		return 0, errLongHeader
	}
	return n, err
}

// Close hangs up. A TLS connection says goodbye first and waits five seconds
// to be able to; that is shortened for peers that have stopped reading.
func (g *greeting) Close() error {
	if t, ok := g.Conn.(*tls.Conn); ok {
		defer time.AfterFunc(closeWait, func() { _ = t.NetConn().Close() }).Stop()
	}
	return g.Conn.Close()
}
