package upstox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// headerLimit is the most that the headers of one answer may take, in bytes.
const headerLimit = 256 << 10

// Session returns a transport whose first requests go over the given
// connection, on which the TLS handshake is done; it is the session's from now
// on, also on error. Over HTTP/2 all requests share it, at once. Over HTTP/1.1
// the first has it and others that would have to wait for it dial with redial,
// as do all once the connection has died. An error of redial is returned as it
// is. A request to another host than the connection's is refused.
func Session(conn *tls.Conn, redial func(context.Context) (net.Conn, error)) (interface {
	http.RoundTripper
	io.Closer
}, error) {
	state := conn.ConnectionState()
	if !state.HandshakeComplete {
		conn.Close()
		return nil, errors.New("session: the TLS handshake is not done")
	}
	s := &session{host: state.ServerName, redial: redial, conns: []net.Conn{conn}}
	s.first.Store(conn)
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.rest = &http.Transport{
		DialContext:            refusePlain,
		DialTLSContext:         s.dial,
		ForceAttemptHTTP2:      true,
		MaxResponseHeaderBytes: headerLimit,
		IdleConnTimeout:        90 * time.Second,
	}
	switch state.NegotiatedProtocol {
	case "h2":
		// The transport's own pool would dial once for each of several
		// simultaneous requests, since it learns only afterwards that they
		// could have shared. Without shared, because the connection has died by
		// now, the first request dials.
		s.shared, _ = s.rest.NewClientConn(s.ctx, "https", net.JoinHostPort("host", "443"))
	case "", "http/1.1":
	default:
		s.Close()
		return nil, fmt.Errorf("session: cannot speak %q", state.NegotiatedProtocol)
	}
	return s, nil
}

type session struct {
	host   string // by the certificate; empty if it is for an address
	redial func(context.Context) (net.Conn, error)
	rest   *http.Transport
	shared *http.ClientConn         // nil over HTTP/1.1
	first  atomic.Pointer[tls.Conn] // the given connection, until someone takes it

	ctx    context.Context // ends with the session
	cancel context.CancelFunc
	mu     sync.Mutex
	conns  []net.Conn // all that were opened; nil once closed
	closed bool
}

// RoundTrip implements http.RoundTripper. A request that the server says it
// did not process, as when it is about to close the connection, is sent once
// more on a new one. Any other failure is the answer to what was asked.
func (s *session) RoundTrip(req *http.Request) (*http.Response, error) {
	if s.host != "" && !strings.EqualFold(req.URL.Hostname(), s.host) {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, fmt.Errorf("session with %s: request is for %s", s.host, req.URL.Hostname())
	}
	if s.shared != nil && s.shared.Reserve() == nil {
		resp, err := s.shared.RoundTrip(req)
		if err == nil || req.Body != nil || !unprocessed(err) {
			return resp, err
		}
	}
	return s.rest.RoundTrip(req.WithContext(context.WithValue(req.Context(), asker{}, req.Context())))
}

// asker is the key under which a request's context reaches dial. The
// transport hands dial only the values of that context, not its deadline.
type asker struct{}

// dial hands out the given connection, once, and then dials anew.
func (s *session) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if conn := s.first.Swap(nil); conn != nil {
		return conn, nil
	}
	if req, ok := ctx.Value(asker{}).(context.Context); ok {
		ctx = req
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)()
	conn, err := s.redial(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		conn.Close()
		return nil, net.ErrClosed
	}
	s.conns = append(s.conns, conn)
	return conn, nil
}

// Close closes every connection. Requests under way end with an error.
func (s *session) Close() error {
	s.cancel()
	s.mu.Lock()
	conns := s.conns
	s.conns, s.closed = nil, true
	s.mu.Unlock()
	if s.shared != nil {
		s.shared.Close()
	}
	for _, conn := range conns {
		conn.Close()
	}
	s.rest.CloseIdleConnections()
	return nil
}

func refusePlain(context.Context, string, string) (net.Conn, error) {
	return nil, errors.New("session: will not send in the clear")
}

// unprocessed reports whether the server left the request untouched, or never
// got it, by the rules that net/http itself retries by.
func unprocessed(err error) bool {
	var reset streamError
	if errors.As(err, &reset) {
		const refused = 7 // REFUSED_STREAM, RFC 9113 section 7
		return reset.Code == refused
	}
	return says(err, []string{"graceful shutdown GOAWAY", "client conn not usable"})
}

// streamError has the fields of net/http's own type, which lets errors.As fill
// any struct that looks like it.
type streamError struct {
	StreamID uint32
	Code     uint32
	Cause    error
}

func (e streamError) Error() string { return fmt.Sprintf("stream error %d", e.Code) }
