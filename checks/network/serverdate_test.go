package network

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"
)

// serveHEAD answers one request over TLS.
func serveHEAD(t *testing.T, cert tls.Certificate, answer string, requests chan<- *http.Request) netip.AddrPort {
	c := serverConfig(cert)
	c.Time, c.NextProtos = clockAt(now), []string{"h2", "http/1.1"}
	return serve(t, func(conn net.Conn) {
		server := tls.Server(conn, c)
		defer server.Close()
		r, err := http.ReadRequest(bufio.NewReader(server))
		if err != nil {
			return
		}
		if requests != nil {
			requests <- r
		}
		io.WriteString(server, answer)
		discardAll(server)
	})
}

// toUpstox is a Network for which host leads to a loopback address.
func toUpstox(t *testing.T, at netip.AddrPort) *Network {
	return &Network{
		Resolver: dnsZone{a: addrs("203.0.113.7")}.resolver(t), Dial: dialOnly(at), Routed: always(true),
		HostsFile: os.DevNull, Now: clockAt(now), Agent: "doctor/1",
	}
}

func TestServerDate(t *testing.T) {
	t.Parallel()
	ca := root(t, "Test Root")
	expired := ca.issue(t, nil, validBetween(-60*day, -day))
	requests := make(chan *http.Request, 1)
	at := serveHEAD(t, expired, "HTTP/1.1 404 Not Found\r\nDate: Sun, 23 Feb 2031 03:45:00 GMT\r\nContent-Length: 1000\r\n\r\n", requests)
	s := toUpstox(t, at)
	s.Roots = pool(ca)

	date, certs, err := s.ServerDate(longContext(t), host, 443)
	if err != nil {
		t.Fatal(err)
	}
	if want := time.Date(2031, 2, 23, 3, 45, 0, 0, time.UTC); !date.Equal(want) {
		t.Errorf("got %v, want %v", date, want)
	}
	r := <-requests
	if r.Method != "HEAD" || r.URL.Path != "/" || r.Host != host || r.UserAgent() != "doctor/1" || r.Header.Get("Authorization") != "" {
		t.Errorf("asked %s %s of %s with %v", r.Method, r.URL, r.Host, r.Header)
	}
	if err := s.ValidAt(certs, host, date); err != nil {
		t.Errorf("by the server's clock: %v", err)
	}
	fault(t, s.ValidAt(certs, host, now), "tls", "expired")
}

func TestServerDateNamesAnOddPort(t *testing.T) {
	t.Parallel()
	requests := make(chan *http.Request, 1)
	at := serveHEAD(t, selfSigned(t), "HTTP/1.1 200 OK\r\nDate: Sun, 23 Feb 2031 03:45:00 GMT\r\n\r\n", requests)
	if _, _, err := toUpstox(t, at).ServerDate(longContext(t), host, 8443); err != nil {
		t.Fatal(err)
	}
	if r := <-requests; r.Host != host+":8443" {
		t.Errorf("asked %s", r.Host)
	}
}

func TestServerDateUnknown(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, answer string }{
		{"no Date", "HTTP/1.1 200 OK\r\n\r\n"},
		{"bad Date", "HTTP/1.1 200 OK\r\nDate: yesterday\r\n\r\n"},
		{"not HTTP", "hello\r\n"},
		{"endless", "HTTP/1.1 200 OK\r\n" + strings.Repeat("X: y\r\n", 2*maxResponseHead)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := toUpstox(t, serveHEAD(t, selfSigned(t), tc.answer, nil))
			date, certs, err := s.ServerDate(longContext(t), host, 443)
			if errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error("read on until the deadline")
			}
			if err == nil || !date.IsZero() || len(certs) != 1 {
				t.Errorf("got %v, %d certificates, %v", date, len(certs), err)
			}
		})
	}
}

func TestServerDateFaults(t *testing.T) {
	t.Parallel()
	s := toUpstox(t, serve(t, reply("HTTP/1.1 400 Bad Request\r\n\r\n")))
	_, _, err := s.ServerDate(longContext(t), host, 443)
	fault(t, err, "tls", "not-tls")

	s.Resolver = dnsZone{}.resolver(t)
	_, _, err = s.ServerDate(longContext(t), host, 443)
	fault(t, err, "dns", "not-found")

	quiet := toUpstox(t, serveTLS(t, serverConfig(selfSigned(t))))
	if _, certs, err := quiet.ServerDate(contextFor(t, 500*time.Millisecond), host, 443); !errors.Is(err, os.ErrDeadlineExceeded) || len(certs) != 1 {
		t.Errorf("silence: %d certificates, %v", len(certs), err)
	}
}

func TestServerDateCancelled(t *testing.T) {
	t.Parallel()
	requests := make(chan *http.Request, 1)
	s := toUpstox(t, serveHEAD(t, selfSigned(t), "", requests))
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-requests; cancel() }()
	if _, _, err := s.ServerDate(ctx, host, 443); err != context.Canceled {
		t.Errorf("got %v, want plain context.Canceled", err)
	}
}
