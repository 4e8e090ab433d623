package upstox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// host is the name in the certificate of httptest's servers.
const host = "example.com"

var protocols = []string{"h2", "http/1.1"}

// A testServer is a TLS server on loopback that supports one protocol and
// counts its connections.
type testServer struct {
	*httptest.Server
	opened atomic.Int64
	dials  atomic.Int64 // by redial
	config *tls.Config  // the client's
}

func serve(t *testing.T, protocol string, h http.HandlerFunc) *testServer {
	t.Helper()
	f := &testServer{Server: httptest.NewUnstartedServer(h)}
	f.EnableHTTP2 = protocol == "h2"
	f.Config.ErrorLog = log.New(io.Discard, "", 0)
	f.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			f.opened.Add(1)
		}
	}
	f.StartTLS()
	t.Cleanup(f.Close)
	roots := x509.NewCertPool()
	roots.AddCert(f.Certificate())
	f.config = &tls.Config{RootCAs: roots, ServerName: host, NextProtos: []string{protocol}}
	return f
}

func (f *testServer) dial(ctx context.Context) (net.Conn, error) {
	return (&tls.Dialer{Config: f.config}).DialContext(ctx, "tcp", f.Listener.Addr().String())
}

func (f *testServer) redial(ctx context.Context) (net.Conn, error) {
	f.dials.Add(1)
	return f.dial(ctx)
}

// client returns a client on a transport, and the transport.
func (f *testServer) client(t *testing.T) (*Client, *Transport) {
	t.Helper()
	return f.clientOver(t, f.redial)
}

func (f *testServer) clientOver(t *testing.T, redial func(context.Context) (net.Conn, error)) (*Client, *Transport) {
	t.Helper()
	conn, err := f.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := NewTransport(host, redial)
	if err := s.Use(conn.(*tls.Conn)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &Client{HTTP: s, Base: "https://" + host}, s
}

// longContext is for calls that take no time, even on a busy machine.
func longContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func answer(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, profile) }

// each runs a test over both protocols.
func each(t *testing.T, test func(t *testing.T, protocol string)) {
	t.Parallel()
	for _, p := range protocols {
		t.Run(p, func(t *testing.T) {
			t.Parallel()
			test(t, p)
		})
	}
}
