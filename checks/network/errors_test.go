package network

import (
	"errors"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"

	"upstox-doctor/checks/catalog"
)

func TestErrorText(t *testing.T) {
	t.Parallel()
	refusedConnect := &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	for _, tc := range []struct {
		name string
		err  *Error
		want string
	}{
		{"connect", &Error{Hop: "tcp", Kind: "refused", Host: host, Addr: "203.0.113.7:443", Err: refusedConnect},
			"connect api.upstox.com 203.0.113.7:443: connection refused"},
		{"time-out", &Error{Hop: "tcp", Kind: "timeout", Host: host, Addr: "203.0.113.7:443", Err: &net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}},
			"connect api.upstox.com 203.0.113.7:443: i/o timeout"},
		{"resolve", &Error{Hop: "dns", Kind: "not-found", Host: host, Addr: "10.0.0.1:53", Err: &net.DNSError{Err: "no such host", Name: host, Server: "10.0.0.1:53", IsNotFound: true}},
			"resolve api.upstox.com at 10.0.0.1:53: no such host"},
		{"resolver refuses", &Error{Hop: "dns", Kind: "unreachable", Host: host, Addr: "127.0.0.1:53", Err: &net.DNSError{Err: "read udp 127.0.0.1:4242->127.0.0.1:53: read: connection refused"}},
			"resolve api.upstox.com at 127.0.0.1:53: connection refused"},
		{"hijacked", &Error{Hop: "dns", Kind: "hijacked", Host: host, Addr: "0.0.0.0", Reason: "unspecified address"},
			"resolve api.upstox.com to 0.0.0.0: unspecified address"},
		{"secure with the issuer", &Error{Hop: "tls", Kind: "untrusted", Host: host, Err: errors.New("x509: certificate signed by unknown authority"), Reason: "issuer CN=Corp"},
			"secure api.upstox.com: x509: certificate signed by unknown authority: issuer CN=Corp"},
		{"an alert says whose it is", &Error{Hop: "tls", Kind: "version", Host: host, Err: &net.OpError{Op: "remote error", Err: errors.New("tls: handshake failure")}},
			"secure api.upstox.com: remote error: tls: handshake failure"},
		{"proxy denies", &Error{Hop: "proxy", Kind: "denied", Host: host, Addr: "proxy.corp:3128", Status: 403, Reason: "Blocked by policy"},
			"tunnel to api.upstox.com through proxy.corp:3128: 403 Forbidden: Blocked by policy"},
		{"reason phrase is the usual one", &Error{Hop: "proxy", Kind: "denied", Host: host, Addr: "proxy.corp:3128", Status: 403, Reason: "Forbidden"},
			"tunnel to api.upstox.com through proxy.corp:3128: 403 Forbidden"},
		{"fault below the proxy", &Error{Hop: "proxy", Kind: "unreachable", Host: host, Addr: "proxy.corp:3128",
			Err: &Error{Hop: "tcp", Kind: "refused", Host: "proxy.corp", Addr: "10.1.1.1:3128", Err: refusedConnect}},
			"tunnel to api.upstox.com through proxy.corp:3128: connect proxy.corp 10.1.1.1:3128: connection refused"},
		{"nothing seen but the kind", &Error{Hop: "tls", Kind: "other", Host: host}, "secure api.upstox.com: other"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := tc.err.Error(); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestErrorUnwraps(t *testing.T) {
	t.Parallel()
	e := &Error{Hop: "tcp", Kind: "refused", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	if !errors.Is(e, syscall.ECONNREFUSED) {
		t.Error("the cause is lost")
	}
}

func TestSymptom(t *testing.T) {
	t.Parallel()
	e := &Error{Hop: "proxy", Kind: "auth-required", Host: host, Status: 407}
	if got, want := e.Symptom(), (catalog.Symptom{Hop: "proxy", Kind: "auth-required", HTTP: 407}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestHidePassword(t *testing.T) {
	t.Parallel()
	user := url.UserPassword("arjun", "s3cr/t")
	for _, tc := range []struct{ name, in, want string }{
		{"password", "wrong password s3cr/t", "wrong password …"},
		{"password as written in a URL", "http://arjun:s3cr%2Ft@proxy", "http://arjun:…@proxy"},
		{"header value", "bad Basic " + basicAuth(user), "bad Basic …"},
		{"password in parts", "s3c\x1b[0mr/t", "…"},
		{"terminal codes", "no\x1b[2J\x07entry\r\n", "noentry"},
		{"not UTF-8", "no \xff\xfe entry", "no \ufffd\ufffd entry"},
		{"very long", strings.Repeat("a", 1000), strings.Repeat("a", 199) + "…"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := redactProxyText(tc.in, user); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
	if got := redactProxyText("Forbidden", nil); got != "Forbidden" {
		t.Errorf("without a user: %q", got)
	}
}
