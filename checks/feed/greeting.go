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
	// bodyWait bounds the wait for the rest of a refusal once its header is
	// there: a peer that promises a body and stalls must not cost the time
	// that was meant for the handshake.
	bodyWait = time.Second

	headerLimit = 64 << 10
	maxBody     = 64 << 10 // of a refusal
)

// switches matches the answer that opens the feed.
var switches = regexp.MustCompile(`^HTTP/1\.\d 101\b`)

var errLongHeader = errors.New("header of more than 64 KiB")

// A greeting is the connection as the handshake sees it. It watches the
// answer arrive, and it can be interrupted. A refusal keeps it open until its
// body has been read, since the dialer reads the first KiB only and hangs up.
type greeting struct {
	net.Conn

	mu          sync.Mutex
	interrupted bool
	header      int    // bytes of the answer's header so far
	newlines    int    // line ends that the header ends in so far
	complete    bool   // the empty line after the header has been read
	refusal     bool   // the complete header is no 101, and refused has not been called
	seen        []byte // what was read of the answer, unless it is a 101
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

// refused reads what is left of a refusal, at most until bodyWait is over, hangs
// up and returns the body; nil if there is none.
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

// Close hangs up, unless refused will. A TLS connection says goodbye first and
// waits five seconds to be able to; that is shortened for peers that have
// stopped reading.
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
