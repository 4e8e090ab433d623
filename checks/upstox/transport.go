package upstox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// maxHeaderSize is the most that the headers of one answer may take, in bytes.
const maxHeaderSize = 256 << 10

// idleLimit is how long a connection without a request is kept. Routers and
// proxies drop an idle connection after half a minute or more, and a user takes
// minutes between two calls of a login.
const idleLimit = 10 * time.Second

// A Transport carries requests to one host, on connections that its owner
// opens. Requests may be made from several goroutines.
type Transport struct {
	host string // the only one that requests are sent to
	open func(context.Context) (net.Conn, error)
	rest *http.Transport
	// shared carries all requests over the first connection if that uses HTTP/2;
	// nil otherwise.
	shared *http.ClientConn
	first  atomic.Pointer[tls.Conn] // the first connection, until a request takes it

	ctx    context.Context // ends with the transport
	cancel context.CancelFunc
	mu     sync.Mutex
	conns  []net.Conn // all that were opened; nil once closed
	closed bool
}

// NewTransport returns a transport to the host. Open makes a connection to it
// on which the TLS handshake is done; its error is that of the request.
func NewTransport(host string, open func(context.Context) (net.Conn, error)) *Transport {
	t := &Transport{host: host, open: open}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	t.rest = &http.Transport{
		DialContext:            refusePlain,
		DialTLSContext:         t.dial,
		ForceAttemptHTTP2:      true,
		MaxResponseHeaderBytes: maxHeaderSize,
		IdleConnTimeout:        idleLimit,
	}
	return t
}

// Use takes over a connection on which the TLS handshake is done, before the
// first request; it belongs to the transport from now on, also on error. Over
// HTTP/2 all requests share it. Over HTTP/1.1 those that would have to wait
// for it open another, as do all once it has died.
func (t *Transport) Use(conn *tls.Conn) error {
	t.conns = []net.Conn{conn}
	state := conn.ConnectionState()
	if !state.HandshakeComplete {
		return errors.New("transport: the TLS handshake is not done")
	}
	t.first.Store(conn)
	switch state.NegotiatedProtocol {
	case "h2":
		// The transport's own pool would dial once for each of several
		// simultaneous requests, since it learns only afterwards that they
		// could have shared. Without shared, because the connection has died by
		// now, the first request dials.
		t.shared, _ = t.rest.NewClientConn(t.ctx, "https", net.JoinHostPort("host", "443"))
	case "", "http/1.1":
	default:
		return fmt.Errorf("transport: cannot speak %q", state.NegotiatedProtocol)
	}
	return nil
}

// RoundTrip implements http.RoundTripper. A request that the server says it
// did not process, as when it is about to close the connection, is sent once
// more on a new one. Any other failure is the answer to what was asked.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if !strings.EqualFold(req.URL.Hostname(), t.host) {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, fmt.Errorf("transport to %s: request is for %s", t.host, req.URL.Hostname())
	}
	if t.shared != nil && t.shared.Reserve() == nil {
		resp, err := t.shared.RoundTrip(req)
		if err == nil || req.Body != nil || !unprocessed(err) {
			return resp, err
		}
	}
	return t.rest.RoundTrip(req.WithContext(context.WithValue(req.Context(), requestContextKey{}, req.Context())))
}

// requestContextKey is the key under which a request's context reaches dial. The
// transport hands dial only the values of that context, not its deadline.
type requestContextKey struct{}

// dialMargin is how much earlier than its request a dial ends, at most.
const dialMargin = 500 * time.Millisecond

// dial returns the first connection once, and then opens others. It ends before
// the request's deadline, so that the request fails with the hop that timed out
// and not as one that Upstox accepted and did not answer.
func (t *Transport) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if conn := t.first.Swap(nil); conn != nil {
		return conn, nil
	}
	if req, ok := ctx.Value(requestContextKey{}).(context.Context); ok {
		ctx = req
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if end, limited := ctx.Deadline(); limited {
		ctx, cancel = context.WithDeadline(ctx, end.Add(-min(dialMargin, time.Until(end)/10)))
		defer cancel()
	}
	defer context.AfterFunc(t.ctx, cancel)()
	conn, err := t.open(ctx)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		conn.Close()
		return nil, net.ErrClosed
	}
	t.conns = append(t.conns, conn)
	return conn, nil
}

// Close closes every connection. Requests under way end with an error.
func (t *Transport) Close() error {
	t.cancel()
	t.mu.Lock()
	conns := t.conns
	t.conns, t.closed = nil, true
	t.mu.Unlock()
	if t.shared != nil {
		t.shared.Close()
	}
	for _, conn := range conns {
		conn.Close()
	}
	t.rest.CloseIdleConnections()
	return nil
}

func refusePlain(context.Context, string, string) (net.Conn, error) {
	return nil, errors.New("transport: will not send in the clear")
}

// unprocessed reports whether the server left the request untouched, or never
// got it, by the rules that net/http itself retries by.
func unprocessed(err error) bool {
	var reset streamError
	if errors.As(err, &reset) {
		const refused = 7 // REFUSED_STREAM, RFC 9113 section 7
		return reset.Code == refused
	}
	return quoteText(err, []string{"graceful shutdown GOAWAY", "client conn not usable"})
}

// streamError has the fields of net/http's own type, which lets errors.As fill
// any struct that looks like it.
type streamError struct {
	StreamID uint32
	Code     uint32
	Cause    error
}

func (e streamError) Error() string { return fmt.Sprintf("stream error %d", e.Code) }
