package network

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"
)

// serveTLS serves the handshake and then reads until the client leaves.
func serveTLS(t *testing.T, c *tls.Config) netip.AddrPort {
	t.Helper()
	if c.Time == nil {
		c.Time = clockAt(now)
	}
	return serve(t, func(conn net.Conn) {
		server := tls.Server(conn, c)
		defer server.Close()
		if server.Handshake() == nil {
			discardAll(server)
		}
	})
}

func serverConfig(certs ...tls.Certificate) *tls.Config { return &tls.Config{Certificates: certs} }

func TestHandshake(t *testing.T) {
	t.Parallel()
	ca := root(t, "Test Root")
	between := ca.below(t, "Test Intermediate")
	for _, tc := range []struct {
		name   string
		server *tls.Config
		protos []string
		want   string // protocol agreed
	}{
		{"chain", serverConfig(between.issue(t, []authority{between})), nil, ""},
		{"signed by the root", serverConfig(ca.issue(t, nil)), nil, ""},
		{"by wildcard", serverConfig(ca.issue(t, nil, named("*.upstox.com"))), nil, ""},
		{"http/1.1 only", &tls.Config{Certificates: []tls.Certificate{ca.issue(t, nil)}, NextProtos: []string{"h2", "http/1.1"}}, []string{"http/1.1"}, "http/1.1"},
		{"HTTP/2", &tls.Config{Certificates: []tls.Certificate{ca.issue(t, nil)}, NextProtos: []string{"h2", "http/1.1"}}, []string{"h2", "http/1.1"}, "h2"},
		{"TLS 1.2", &tls.Config{Certificates: []tls.Certificate{ca.issue(t, nil)}, MaxVersion: tls.VersionTLS12}, nil, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := &Network{Roots: pool(ca), Now: clockAt(now)}
			conn, err := s.Handshake(longContext(t), dialTo(t, serveTLS(t, tc.server)), host, tc.protos...)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if got := conn.ConnectionState().NegotiatedProtocol; got != tc.want {
				t.Errorf("agreed on %q, want %q", got, tc.want)
			}
		})
	}
}

func TestSecureRefusesCertificates(t *testing.T) {
	t.Parallel()
	ca, corp := root(t, "Test Root"), root(t, "Corp Inspection")
	between := ca.below(t, "Test Intermediate")
	oldBetween := ca.below(t, "Old Intermediate", validBetween(-2*year, -day))
	newBetween := ca.below(t, "New Intermediate", validBetween(day, year))
	clientOnly := func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }
	for _, tc := range []struct {
		name   string
		server tls.Certificate
		roots  *x509.CertPool
		kind   string
		reason string
	}{
		{"inspection", corp.issue(t, nil), pool(ca), "untrusted", "issuer CN=Corp Inspection"},
		{"self-signed", selfSigned(t), pool(ca), "untrusted", "issuer CN=api.upstox.com"},
		{"self-signed, named as of old", selfSigned(t, named()), pool(ca), "untrusted", "issuer CN=api.upstox.com"},
		{"missing intermediate", between.issue(t, nil), pool(ca), "untrusted", "issuer CN=Test Intermediate"},
		{"untrusted and expired", corp.issue(t, nil, validBetween(-60*day, -day)), pool(ca), "untrusted", "issuer CN=Corp Inspection"},
		{"untrusted and not yet valid", corp.issue(t, nil, validBetween(day, 60*day)), pool(ca), "untrusted", "issuer CN=Corp Inspection"},
		{"for another use", ca.issue(t, nil, clientOnly), pool(ca), "untrusted", "issuer CN=Test Root"},
		{"intermediate that may not sign", ca.below(t, "Leaf", func(c *x509.Certificate) { c.IsCA, c.KeyUsage = false, 0 }).issue(t, nil), pool(ca), "untrusted", "issuer CN=Leaf"},
		{"expired root", root(t, "Old Root", validBetween(-2*year, -day)).issue(t, nil), pool(root(t, "Old Root", validBetween(-2*year, -day))), "untrusted", "issuer CN=Old Root"},
		{"expired", ca.issue(t, nil, validBetween(-60*day, -time.Second)), pool(ca), "expired", ""},
		{"not yet valid", ca.issue(t, nil, validBetween(time.Second, 60*day)), pool(ca), "not-yet-valid", ""},
		{"expired intermediate", oldBetween.issue(t, []authority{oldBetween}), pool(ca), "expired", ""},
		{"intermediate not yet valid", newBetween.issue(t, []authority{newBetween}), pool(ca), "not-yet-valid", ""},
		{"wrong name", ca.issue(t, nil, named("portal.hotel.example")), pool(ca), "name-mismatch", ""},
		{"wrong name, named as of old", ca.issue(t, nil, named()), pool(ca), "name-mismatch", ""},
		{"wrong name and expired", ca.issue(t, nil, named("portal.hotel.example"), validBetween(-60*day, -day)), pool(ca), "name-mismatch", ""},
		{"wrong name and untrusted", selfSigned(t, named("router.local")), pool(ca), "name-mismatch", ""},
		{"no roots", ca.issue(t, nil), pool(), "no-roots", ""},
		{"no roots and expired", ca.issue(t, nil, validBetween(-60*day, -day)), pool(), "no-roots", ""},
		{"no roots and another name", ca.issue(t, nil, named("portal.hotel.example")), pool(), "no-roots", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := &Network{Roots: tc.roots, Now: clockAt(now)}
			at := serveTLS(t, serverConfig(tc.server))
			_, err := s.Handshake(longContext(t), dialTo(t, at), host)
			e := fault(t, err, "tls", tc.kind)
			if e.Reason != tc.reason || e.Addr != at.String() || e.Host != host {
				t.Errorf("got %+v", e)
			}
			if len(e.Certs) == 0 || !e.Certs[0].Equal(tc.server.Leaf) {
				t.Errorf("certificates are lost: %v", e.Certs)
			}
			if !strings.Contains(err.Error(), "x509: ") {
				t.Errorf("no word of the certificate: %v", err)
			}
			if tc.kind == "untrusted" && strings.Contains(err.Error(), "after") != (tc.name == "expired root") {
				t.Errorf("the dates do not matter: %v", err)
			}
		})
	}
}

// reply reads the client's hello and then answers.
func reply(b string) func(net.Conn) {
	return func(conn net.Conn) {
		io.ReadAtLeast(conn, make([]byte, 4096), 64)
		io.WriteString(conn, b)
		discardAll(conn)
	}
}

// alert is the record that carries a fatal alert.
func alert(number byte) func(net.Conn) {
	return reply(string([]byte{0x15, 3, 3, 0, 2, 2, number}))
}

// oldHello is a server's hello that chooses TLS 1.0.
var oldHello = "\x16\x03\x01\x00\x2a\x02\x00\x00\x26\x03\x01" + strings.Repeat("r", 32) + "\x00\x00\x2f\x00"

func TestSecureRefusesOtherAnswers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		talk   func(net.Conn)
		kind   string
		reason string
	}{
		{"silence", discardAll, "timeout", ""},
		{"silence after a part", reply("\x16\x03\x03"), "timeout", ""},
		{"reset after the hello", func(conn net.Conn) { conn.Read(make([]byte, 1)); abort(conn) }, "reset", ""},
		{"end after the hello", func(conn net.Conn) { conn.Read(make([]byte, 4096)) }, "reset", ""},
		{"end in mid-record", func(conn net.Conn) { conn.Read(make([]byte, 4096)); io.WriteString(conn, "\x16\x03\x03\x01\x00abc") }, "reset", ""},
		{"plain HTTP", reply("HTTP/1.1 400 Bad Request\r\n\r\n"), "not-tls", `the answer begins with "HTTP/"`},
		{"SSH", reply("SSH-2.0-OpenSSH_9.9\r\n"), "not-tls", `the answer begins with "SSH-2"`},
		{"binary garbage", reply("\x00\x01\x02\x03\x04\x05\x06\x07"), "not-tls", `the answer begins with "\x00\x01\x02\x03\x04"`},
		{"TLS 1.0 chosen", reply(oldHello), "version", ""},
		{"alert: protocol version", alert(70), "version", ""},
		{"alert: handshake failure", alert(40), "version", ""},
		{"alert: insufficient security", alert(71), "version", ""},
		{"alert: no application protocol", alert(120), "version", ""},
		{"alert: certificate required", alert(116), "other", ""},
		{"alert: bad certificate", alert(42), "other", ""},
		{"alert: unrecognized name", alert(112), "other", ""},
		{"alert: internal error", alert(80), "other", ""},
		{"alert: close", reply(string([]byte{0x15, 3, 3, 0, 2, 1, 0})), "reset", ""},
		{"nonsense within TLS", reply("\x16\x03\x03\x00\x04\x02\x00\x00\x00"), "other", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ctx := longContext(t)
			if tc.kind == "timeout" {
				ctx = shortContext(t)
			}
			s := &Network{Now: clockAt(now), Roots: pool(root(t, "Test Root"))}
			conn := dialTo(t, serve(t, tc.talk))
			_, err := s.Handshake(ctx, conn, host)
			if e := fault(t, err, "tls", tc.kind); e.Reason != tc.reason {
				t.Errorf("got reason %q, want %q", e.Reason, tc.reason)
			}
			if _, err := conn.Write([]byte("x")); err == nil {
				t.Error("the connection stays open")
			}
		})
	}
}

func TestSecureWithAnOldServer(t *testing.T) {
	t.Parallel()
	ca := root(t, "Test Root")
	old := &tls.Config{Certificates: []tls.Certificate{ca.issue(t, nil)}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	s := &Network{Roots: pool(ca), Now: clockAt(now)}
	_, err := s.Handshake(longContext(t), dialTo(t, serveTLS(t, old)), host)
	if e := fault(t, err, "tls", "version"); !strings.Contains(e.Error(), "remote error: tls: ") {
		t.Errorf("got %v", e)
	}
}

func TestSecureWithClientCertificateDemanded(t *testing.T) {
	t.Parallel()
	ca := root(t, "Test Root")
	demanding := &tls.Config{Certificates: []tls.Certificate{ca.issue(t, nil)}, ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12}
	s := &Network{Roots: pool(ca), Now: clockAt(now)}
	_, err := s.Handshake(longContext(t), dialTo(t, serveTLS(t, demanding)), host)
	if e := fault(t, err, "tls", "other"); e.Reason != "a client certificate was asked for" {
		t.Errorf("got %v", e)
	}
}

func TestSecureCancelled(t *testing.T) {
	t.Parallel()
	answers := make(chan struct{})
	at := serve(t, func(conn net.Conn) {
		conn.Read(make([]byte, 1))
		close(answers)
		discardAll(conn)
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-answers; cancel() }()
	if _, err := new(Network).Handshake(ctx, dialTo(t, at), host); err != context.Canceled {
		t.Errorf("got %v, want plain context.Canceled", err)
	}
}

// The root store is read once in the life of a process, so that a machine
// without one is played by a process of its own.
func TestNoRootStore(t *testing.T) {
	t.Parallel()
	if os.Getenv("SSL_CERT_FILE") == "/nonexistent" {
		_, err := new(Network).Handshake(longContext(t), dialTo(t, serveTLS(t, serverConfig(selfSigned(t)))), host)
		fault(t, err, "tls", "no-roots")
		return
	}
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere the system verifies")
	}
	again := exec.CommandContext(longContext(t), os.Args[0], "-test.run=^TestNoRootStore$", "-test.v")
	again.Env = append(os.Environ(), "SSL_CERT_FILE=/nonexistent", "SSL_CERT_DIR=/nonexistent")
	if out, err := again.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestNoRootStore") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestSystemRootsAreThere(t *testing.T) {
	t.Parallel()
	if _, err := x509.SystemCertPool(); err != nil {
		t.Skip("this machine has no root store")
	}
	s := new(Network)
	if !s.hasNoRoots(x509.SystemRootsError{}) {
		t.Error("x509 finds no roots, and nobody listens")
	}
	if got, _ := x509.SystemCertPool(); s.hasNoRoots(nil) != got.Equal(x509.NewCertPool()) {
		t.Error("the system's pool is misjudged")
	}
}
