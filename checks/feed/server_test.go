package feed

import (
	"bufio"
	"context"
	"crypto/sha1"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The path and query that authorize hands out. The values are secret.
const (
	path      = "/market-data-feeder/v3/upstox-developer-api/feeds"
	requestID = "5f1a0c9e-req-id"
	code      = "AbC+secret%2Fcode"
	query     = "requestId=" + requestID + "&code=" + code
)

// safe fails if the text contains any of the secrets.
func safe(t *testing.T, text string) {
	t.Helper()
	for _, secret := range []string{requestID, code, "AbC+secret/code", "AbC secret/code", query} {
		if strings.Contains(text, secret) {
			t.Errorf("%q tells %q", text, secret)
		}
	}
}

// serve starts an HTTP server on loopback, with TLS or without, and returns
// how to open it.
func serve(t *testing.T, secure bool, h http.HandlerFunc) Options {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = quiet
	if secure {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	host := s.Listener.Addr().String()
	o := Options{URL: "ws://" + host + path + "?" + query, Agent: "upstox-doctor/test"}
	o.Conn = func(ctx context.Context) (net.Conn, error) { return new(net.Dialer).DialContext(ctx, "tcp", host) }
	if secure {
		o.URL = "wss://example.com" + path + "?" + query
		config := s.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
		config.ServerName, config.NextProtos = "example.com", []string{"http/1.1"}
		o.Conn = func(ctx context.Context) (net.Conn, error) {
			return (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", host)
		}
	}
	return o
}

// upgraded serves a WebSocket with gorilla's own server.
func upgraded(t *testing.T, secure bool, talk func(*websocket.Conn)) Options {
	t.Helper()
	return serve(t, secure, func(w http.ResponseWriter, r *http.Request) {
		c, err := new(websocket.Upgrader).Upgrade(w, r, nil)
		if err != nil {
			t.Errorf("upgrade: %v", err)
			return
		}
		defer c.Close()
		talk(c)
	})
}

// raw serves one bare TCP connection, after the request has been read.
func raw(t *testing.T, talk func(*net.TCPConn, *http.Request)) Options {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { l.Close(); <-done })
	go func() {
		defer close(done)
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		r, err := http.ReadRequest(bufio.NewReader(c))
		if err != nil {
			t.Errorf("read request: %v", err)
			return
		}
		talk(c.(*net.TCPConn), r)
	}()
	host := l.Addr().String()
	return Options{
		URL: "ws://" + host + path + "?" + query, Agent: "upstox-doctor/test",
		Conn: func(ctx context.Context) (net.Conn, error) { return new(net.Dialer).DialContext(ctx, "tcp", host) },
	}
}

// accept is the answer that completes the upgrade of the request.
func accept(r *http.Request) string {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: " + base64.StdEncoding.EncodeToString(sum[:]) + "\r\n\r\n"
}

// quiet drops the log of servers whose clients misbehave.
var quiet = log.New(io.Discard, "", 0)

// pipe returns the way to open an in-memory connection, and its other end.
func pipe() (Options, net.Conn) {
	here, there := net.Pipe()
	return Options{
		URL: "ws://host" + path + "?" + query, Agent: "upstox-doctor/test",
		Conn: func(context.Context) (net.Conn, error) { return here, nil },
	}, there
}

// readRequest reads the request for the upgrade.
func readRequest(t *testing.T, c net.Conn) *http.Request {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(c))
	if err != nil {
		t.Errorf("read request: %v", err)
	}
	return r
}

// untilGone reads until the other side closes.
func untilGone(c net.Conn) {
	for b := make([]byte, 512); ; {
		if _, err := c.Read(b); err != nil {
			return
		}
	}
}

// opened opens a stream that is closed with the test.
func opened(t *testing.T, o Options) *Stream {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	s, err := Open(ctx, o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// refused opens what must be refused.
func refused(t *testing.T, ctx context.Context, o Options) *Refusal {
	t.Helper()
	s, err := Open(ctx, o)
	var r *Refusal
	if !errors.As(err, &r) {
		if s != nil {
			s.Close()
		}
		t.Fatalf("open: %v, want a refusal", err)
	}
	safe(t, fmt.Sprintf("%v %+v %s %v", err, r, r.Body, r.Unwrap()))
	return r
}

// next waits for an event.
func next(t *testing.T, s *Stream) Event {
	t.Helper()
	select {
	case e, ok := <-s.Events():
		if !ok {
			t.Fatal("no more events")
		}
		return e
	case <-time.After(10 * time.Second):
		t.Fatal("no event")
	}
	panic("unreachable")
}

// ending waits for the end, which must be the last.
func ending(t *testing.T, s *Stream) *End {
	t.Helper()
	e := next(t, s)
	for e.Kind != Ended {
		e = next(t, s)
	}
	if _, more := <-s.Events(); more || e.End == nil {
		t.Fatalf("the end %+v is not the end", e)
	}
	return e.End
}
