package feed

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"upstox-doctor/checks/lazyregexp"
)

const (
	// bodyWait bounds the wait for a refusal's body once its header has come,
	// so that a peer that stalls does not use up the handshake's time.
	bodyWait = time.Second

	maxHeaderSize = 64 << 10
	maxBody       = 64 << 10 // of a refusal
)

// switches matches a 101 answer, which opens the feed.
var switches = lazyregexp.New(`^HTTP/1\.\d 101\b`)

var errLongHeader = errors.New("header of more than 64 KiB")

// A handshakeConn is the connection during the handshake. It records the answer
// as it arrives and can be interrupted. Close is deferred after a refusal until
// the body has been read, since the dialer reads only its first KiB and closes.
type handshakeConn struct {
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
func (h *handshakeConn) interrupt() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.interrupted = true
	_ = h.Conn.SetDeadline(time.Unix(1, 0))
}

// Read also looks for the end of the header.
func (h *handshakeConn) Read(b []byte) (int, error) {
	n, err := h.Conn.Read(b)
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.complete || h.refusal {
		h.seen = append(h.seen, b[:n]...)
	}
	for _, c := range b[:n] {
		if h.complete {
			break
		}
		h.header++
		switch c {
		case '\n':
			h.newlines++
		case '\r':
		default:
			h.newlines = 0
		}
		if h.complete = h.newlines == 2; h.complete {
			if h.refusal = !switches.Match(h.seen); !h.refusal {
				h.seen = nil
			}
			if !h.interrupted {
				_ = h.Conn.SetReadDeadline(time.Now().Add(bodyWait))
			}
		}
	}
	if !h.complete && h.header > maxHeaderSize {
		return 0, errLongHeader
	}
	return n, err
}

// refused reads the rest of a refusal for at most bodyWait, closes the
// connection and returns the body; nil if there is none.
func (h *handshakeConn) refused() []byte {
	h.mu.Lock()
	seen, came := h.seen, h.refusal
	h.refusal = false
	h.mu.Unlock()
	defer h.Close()
	if !came {
		return nil
	}
	answer, err := http.ReadResponse(bufio.NewReader(io.MultiReader(bytes.NewReader(seen), h.Conn)), nil)
	if err != nil {
		return nil
	}
	body, _ := io.ReadAll(io.LimitReader(answer.Body, maxBody))
	return body
}

// Close closes the connection, unless refused will do so. A TLS connection
// first waits up to five seconds to send its close alert; that is shortened for
// peers that have stopped reading.
func (h *handshakeConn) Close() error {
	h.mu.Lock()
	later := h.refusal
	h.mu.Unlock()
	if later {
		return nil
	}
	if t, ok := h.Conn.(*tls.Conn); ok {
		defer time.AfterFunc(closeWait, func() { _ = t.NetConn().Close() }).Stop()
	}
	return h.Conn.Close()
}
