package checks_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/simtest"
)

// A mitmProxy stands between the checks and a simulated Upstox, with a
// certificate that they trust. It sees every request, counts the connections,
// and may answer in Upstox's place.
type mitmProxy struct {
	world   checks.World
	answers map[string]http.HandlerFunc // by path

	mu    sync.Mutex
	asked []*http.Request
	dials []string
	open  sync.WaitGroup // connections of the checks that are not closed yet
	feeds atomic.Int64   // those to the feed
}

// validity is how long the certificate of the proxy is valid, counted from the
// beginning of the scenario.
type validity struct{ from, to time.Duration }

const (
	day      = 24 * time.Hour
	feedPath = "/market-data-feeder/v3/upstox-developer-api/feeds"
)

// tapped calls f with a tap before a scenario, in virtual time.
func tapped(t *testing.T, name string, valid validity, f func(t *testing.T, p *mitmProxy)) {
	t.Helper()
	simtest.Run(t, scenario(t, name), func(t *testing.T, s *sim.Session) { f(t, listen(t, s, valid)) })
}

func listen(t *testing.T, session *sim.Session, valid validity) *mitmProxy {
	t.Helper()
	p := &mitmProxy{world: session.World("upstox-doctor/tapped"), answers: map[string]http.HandlerFunc{}}
	begun := session.Now().Add(-session.ClockOffset)
	cert, roots := newCertificate(t, begun.Add(valid.from), begun.Add(valid.to))
	ln := sim.NewPipes()
	through := p.forward(t, session)
	srv := &http.Server{Handler: through, ErrorLog: quiet, Protocols: new(http.Protocols)}
	srv.Protocols.SetHTTP1(true)
	srv.Protocols.SetHTTP2(true)
	go srv.Serve(tls.NewListener(ln, &tls.Config{GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		protos := []string{"http/1.1"}
		if hello.ServerName == checks.APIHost {
			protos = []string{"h2", "http/1.1"}
		}
		return &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: protos}, nil
	}}))
	t.Cleanup(func() { srv.Close() })
	p.world.Net.Roots = roots
	p.world.Net.Dial = func(ctx context.Context, _, addr string) (net.Conn, error) {
		p.mu.Lock()
		p.dials = append(p.dials, addr)
		p.mu.Unlock()
		conn, err := ln.Dial(ctx)
		if err != nil {
			return nil, err
		}
		toFeed := int64(0)
		if strings.HasPrefix(addr, "203.0.113.20:") {
			toFeed = 1
		}
		p.open.Add(1)
		p.feeds.Add(toFeed)
		return &closeNotifyConn{Conn: conn, closed: sync.OnceFunc(func() {
			p.feeds.Add(-toFeed)
			p.open.Done()
		})}, nil
	}
	return p
}

var quiet = log.New(io.Discard, "", 0)

// forward passes every request to the simulator, unless there is an answer.
func (p *mitmProxy) forward(t *testing.T, session *sim.Session) http.Handler {
	stack := session.Network()
	stack.Now = func() time.Time { return session.Now().Add(-session.ClockOffset) }
	transport := &http.Transport{
		DialTLSContext: func(ctx context.Context, _, addr string) (net.Conn, error) {
			host, _, _ := strings.Cut(addr, ":")
			return stack.Open(ctx, host, 443, "http/1.1")
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	onward := &httputil.ReverseProxy{
		Transport: transport, ErrorLog: quiet,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = "https", r.In.TLS.ServerName
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.asked = append(p.asked, r.Clone(context.Background()))
		answer := p.answers[r.URL.Path]
		p.mu.Unlock()
		if answer != nil {
			answer(w, r)
			return
		}
		onward.ServeHTTP(w, r)
	})
}

// closeNotifyConn calls closed when it is closed.
type closeNotifyConn struct {
	net.Conn
	closed func()
}

func (c *closeNotifyConn) Close() error {
	err := c.Conn.Close()
	c.closed()
	return err
}

// diagnose runs the checks through the tap; afterwards no connection may be
// left, and no request may have carried what it should not.
func (p *mitmProxy) diagnose(t *testing.T, o checks.Options) checks.Report {
	t.Helper()
	d, err := checks.Run(t.Context(), p.world, o)
	if err != nil {
		t.Fatal(err)
	}
	p.closed(t)
	p.allowAll(t)
	return d
}

// closed waits until every connection is closed.
func (p *mitmProxy) closed(t *testing.T) {
	t.Helper()
	done := make(chan bool)
	go func() { p.open.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Error("a connection is left open")
	}
}

// allowAll looks at each request: it names the doctor, goes to the host it is
// meant for, and bears the token where and only where the token belongs.
func (p *mitmProxy) allowAll(t *testing.T) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.asked {
		api := r.TLS.ServerName == checks.APIHost
		open := r.Method == http.MethodHead || r.URL.Path == "/v2/market/holidays" || !api
		if got := r.Header.Get("Authorization"); (got == "") != open {
			t.Errorf("%s %s%s: bears a token: %t", r.Method, r.Host, r.URL.Path, got != "")
		}
		if r.UserAgent() != p.world.Agent && r.Method != http.MethodHead {
			t.Errorf("%s: User-Agent %q", r.URL.Path, r.UserAgent())
		}
		if r.Host != r.TLS.ServerName {
			t.Errorf("%s: for %s, sent to %s", r.URL.Path, r.Host, r.TLS.ServerName)
		}
		if len(r.Cookies()) > 0 || (r.Method != http.MethodGet && r.Method != http.MethodHead) {
			t.Errorf("%s %s with %d cookies", r.Method, r.URL.Path, len(r.Cookies()))
		}
	}
}

// calls counts the requests by their path, shortened.
func (p *mitmProxy) calls() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := map[string]int{}
	for _, r := range p.asked {
		name := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
		if r.Method == http.MethodHead {
			name = "HEAD"
		}
		n[name]++
	}
	return n
}

// newCertificate creates a certificate for the names of Upstox, and the pool of
// its authority.
func newCertificate(t *testing.T, from, to time.Time) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Tap Root"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: from.AddDate(-5, 0, 0), NotAfter: to.AddDate(5, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "*.upstox.com"}, DNSNames: []string{"*.upstox.com"},
		NotBefore: from, NotAfter: to, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	sign := func(c *x509.Certificate) []byte {
		der, err := x509.CreateCertificate(rand.Reader, c, root, &key.PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	ca, err := x509.ParseCertificate(sign(root))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(ca)
	return tls.Certificate{Certificate: [][]byte{sign(leaf)}, PrivateKey: key}, roots
}

// respond returns a handler with a fixed answer.
func respond(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}
