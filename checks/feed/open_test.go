package feed

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
)

func TestHandshake(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		seen := make(chan *http.Request, 1)
		o := serve(t, secure, func(w http.ResponseWriter, r *http.Request) {
			seen <- r
			c, err := new(websocket.Upgrader).Upgrade(w, r, nil)
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			c.ReadMessage()
		})
		s := opened(t, o)
		r := <-seen
		if r.URL.Path != path || r.URL.RawQuery != query || r.UserAgent() != "upstox-doctor/test" {
			t.Errorf("asked for %s with %s as %q", r.URL.Path, r.URL.RawQuery, r.UserAgent())
		}
		for _, name := range []string{"Authorization", "Origin", "Cookie", "Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol"} {
			if v := r.Header.Get(name); v != "" {
				t.Errorf("%s: %s is sent", name, v)
			}
		}
		s.Close()
	}
}

func TestDeadlineInSilence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, peer := pipe()
		go untilGone(peer)
		ctx, cancel := context.WithTimeout(t.Context(), 7*time.Second)
		defer cancel()
		start := time.Now()
		r := refused(t, ctx, o)
		if r.Kind != "timeout" || !errors.Is(r, context.DeadlineExceeded) || time.Since(start) != 7*time.Second {
			t.Errorf("after %s: %v, kind %q", time.Since(start), r, r.Kind)
		}
	})
}

func TestCancelInSilence(t *testing.T) {
	t.Parallel()
	for _, deadline := range []time.Duration{0, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			o, peer := pipe()
			go untilGone(peer)
			ctx, cancel := context.WithCancel(t.Context())
			if deadline > 0 {
				ctx, cancel = context.WithTimeout(t.Context(), deadline)
			}
			defer cancel()
			time.AfterFunc(3*time.Second, cancel)
			start := time.Now()
			r := refused(t, ctx, o)
			if r.Kind != "" || !errors.Is(r, context.Canceled) || time.Since(start) != 3*time.Second {
				t.Errorf("after %s: %v, kind %q", time.Since(start), r, r.Kind)
			}
		})
	}
}

// On real sockets too, a cancellation takes effect at once.
func TestCancelOverTLS(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	asked := make(chan struct{})
	o := serve(t, true, func(w http.ResponseWriter, r *http.Request) { close(asked); <-release })
	defer close(release)
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	go func() { <-asked; cancel() }()
	if r := refused(t, ctx, o); !errors.Is(r, context.Canceled) {
		t.Errorf("refusal %v", r)
	}
}

// The answer is reported at once, whatever body it announces.
func TestStalledBody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, peer := pipe()
		go func() {
			readRequest(t, peer)
			io.WriteString(peer, "HTTP/1.1 403 Forbidden\r\nContent-Length: 5000\r\n\r\n{\"error_code\":\"UDAPI100050\"")
			untilGone(peer)
		}()
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		start := time.Now()
		r := refused(t, ctx, o)
		if took := time.Since(start); took != bodyWait {
			t.Errorf("took %s, want %s", took, bodyWait)
		}
		if r.Status != 403 || r.Symptom().Upstox != "UDAPI100050" {
			t.Errorf("refusal %+v with body %s", r, r.Body)
		}
	})
}

// Of a long body, only what arrives within the same time is kept, up to the
// limit.
func TestLongBody(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		piece string
		pause time.Duration
		took  time.Duration
		least int
	}{
		"a byte at a time":  {".", bodyWait / 8, bodyWait, 1},
		"as fast as can be": {strings.Repeat(".", 8<<10), 0, 0, maxBody},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o, peer := pipe()
				var server sync.WaitGroup
				defer server.Wait()
				server.Go(func() {
					defer peer.Close()
					readRequest(t, peer)
					io.WriteString(peer, "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\n<style>")
					for err := error(nil); err == nil; time.Sleep(tc.pause) {
						_, err = io.WriteString(peer, tc.piece)
					}
				})
				start := time.Now()
				r := refused(t, t.Context(), o)
				if took := time.Since(start); took != tc.took || len(r.page) < tc.least || len(r.page) > maxBody || len(r.Body) > shownBody {
					t.Errorf("took %s for %d bytes, %d of them shown; want %s", took, len(r.page), len(r.Body), tc.took)
				}
			})
		})
	}
}

func TestCancelInStalledBody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, peer := pipe()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() {
			readRequest(t, peer)
			io.WriteString(peer, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 5000\r\n\r\n")
			time.Sleep(bodyWait / 4)
			cancel()
			untilGone(peer)
		}()
		start := time.Now()
		if r := refused(t, ctx, o); r.Status != 503 || time.Since(start) != bodyWait/4 {
			t.Errorf("after %s: %v", time.Since(start), r)
		}
	})
}

// A cancellation just as the header arrives does not wait for the body.
func TestInterruptWins(t *testing.T) {
	t.Parallel()
	here, there := net.Pipe()
	defer there.Close()
	g := &handshakeConn{Conn: here}
	defer g.Close()
	go io.WriteString(there, "HTTP/1.1 403 Forbidden\r\n\r\n")
	halted := &stallingConn{Conn: here, g: g}
	g.Conn = halted
	if n, err := g.Read(make([]byte, 512)); n == 0 || err != nil {
		t.Fatal(n, err)
	}
	if _, err := here.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) || halted.extended {
		t.Errorf("after the interruption: %v, deadline extended: %t", err, halted.extended)
	}
}

// stallingConn is a connection that is interrupted while it reads.
type stallingConn struct {
	net.Conn
	g        *handshakeConn
	extended bool
}

func (h *stallingConn) Read(b []byte) (int, error) {
	n, err := h.Conn.Read(b)
	h.g.interrupt()
	return n, err
}

func (h *stallingConn) SetReadDeadline(at time.Time) error {
	h.extended = true
	return h.Conn.SetReadDeadline(at)
}

// A stream must not inherit the deadlines of its handshake.
func TestNoDeadlineAfterHandshake(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, peer := pipe()
		go func() {
			io.WriteString(peer, accept(readRequest(t, peer)))
			time.Sleep(time.Hour)
			peer.Write([]byte{0x82, 1, 'x'})
			peer.Close()
		}()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		s, err := Open(ctx, o)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if e := <-s.Events(); e.Kind != Frame || string(e.Data) != "x" {
			t.Errorf("after an hour came %+v", e)
		}
	})
}

func TestUnusableURLs(t *testing.T) {
	t.Parallel()
	for _, u := range []string{
		"", "https://host/feeds?" + query, "wss:///feeds?" + query, "wss://u:p@host/?" + query,
		"wss://host/\x7f?" + query, "%zz?" + query, "wss://[::1/?" + query,
	} {
		_, err := Open(t.Context(), Options{URL: u, Conn: func(context.Context) (net.Conn, error) {
			t.Error("a connection is made")
			return nil, io.EOF
		}})
		if err == nil {
			t.Fatalf("%q is accepted", u)
		}
		safe(t, err.Error())
	}
}

func TestNoConnection(t *testing.T) {
	t.Parallel()
	broken := errors.New("no route")
	_, err := Open(t.Context(), Options{URL: "wss://host/?" + query, Conn: func(context.Context) (net.Conn, error) { return nil, broken }})
	var r *Refusal
	if !errors.Is(err, broken) || errors.As(err, &r) {
		t.Errorf("error %v, want the connection's own and no refusal", err)
	}
	safe(t, err.Error())
}

// Options.Conn verifies certificates, but TLS alerts about them may come later.
func TestTLSAlert(t *testing.T) {
	t.Parallel()
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS13}
	s.Config.ErrorLog = quiet
	s.StartTLS()
	defer s.Close()
	config := s.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	config.ServerName, config.NextProtos = "example.com", nil
	r := refused(t, t.Context(), Options{URL: "wss://example.com/?" + query, Conn: func(ctx context.Context) (net.Conn, error) {
		return (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", s.Listener.Addr().String())
	}})
	if r.Kind != "dropped" {
		t.Errorf("refusal %v of kind %q, want dropped", r, r.Kind)
	}
}
