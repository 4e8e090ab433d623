package feed

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"regexp"
	"sync"
	"time"
)

const (
	// bodyWait bounds the wait for a refusal's body once its header has come,
	// so that a peer that stalls does not use up the handshake's time.
	bodyWait = time.Second

	headerLimit = 64 << 10
	maxBody     = 64 << 10 // of a refusal
)

// switches matches a 101 answer, which opens the feed.
var switches = regexp.MustCompile(`^HTTP/1\.\d 101\b`)

var errLongHeader = errors.New("header of more than 64 KiB")

// A greeting is the connection during the handshake. It records the answer as
// it arrives and can be interrupted. Close is deferred after a refusal until the
// body has been read, since the dialer reads only its first KiB and closes.
type greeting struct {
	net.Conn

	mu          sync.Mutex
	interrupted bool
	header      int    // bytes of the answer's header so far
	newlines    int    // line ends that the header ends in so far
	complete    bool   // the empty line after the header has been read
	refusal     bool   // the header is complete and not a 101, and refused has not been called
	seen        []byte // what was read of the answer, unless it is a 101
}

// interrupt ends all present and future reads and writes.
func (g *greeting) interrupt() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.interrupted = true
	_ = g.Conn.SetDeadline(time.Unix(1, 0))
}

// Read also looks for the end of the header.
func (g *greeting) Read(b []byte) (int, error) {
	n, err := g.Conn.Read(b)
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.complete || g.refusal {
		g.seen = append(g.seen, b[:n]...)
	}
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
		if g.complete = g.newlines == 2; g.complete {
			if g.refusal = !switches.Match(g.seen); !g.refusal {
				g.seen = nil
			}
			if !g.interrupted {
				_ = g.Conn.SetReadDeadline(time.Now().Add(bodyWait))
			}
		}
	}
	if !g.complete && g.header > headerLimit {
		return 0, errLongHeader
	}
	return n, err
}

// refused reads the rest of a refusal for at most bodyWait, closes the
// connection and returns the body; nil if there is none.
func (g *greeting) refused() []byte {
	g.mu.Lock()
	seen, came := g.seen, g.refusal
	g.refusal = false
	g.mu.Unlock()
	defer g.Close()
	if !came {
		return nil
	}
	answer, err := http.ReadResponse(bufio.NewReader(io.MultiReader(bytes.NewReader(seen), g.Conn)), nil)
	if err != nil {
		return nil
	}
	body, _ := io.ReadAll(io.LimitReader(answer.Body, maxBody))
	return body
}

// Close closes the connection, unless refused will do so. A TLS connection
// first waits up to five seconds to send its close alert; that is shortened for
// peers that have stopped reading.
func (g *greeting) Close() error {
	g.mu.Lock()
	later := g.refusal
	g.mu.Unlock()
	if later {
		return nil
	}
	if t, ok := g.Conn.(*tls.Conn); ok {
		defer time.AfterFunc(closeWait, func() { _ = t.NetConn().Close() }).Stop()
	}
	return g.Conn.Close()
}
