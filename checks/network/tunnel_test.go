package network

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// httpProxy serves CONNECT: it sends the answer to each request it reads, and
// then, if the answer was good, passes everything on to target.
func httpProxy(t *testing.T, answer string, target netip.AddrPort, requests chan<- *http.Request) func(net.Conn) {
	return func(conn net.Conn) {
		in := bufio.NewReader(conn)
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		if requests != nil {
			requests <- r
		}
		io.WriteString(conn, answer)
		if target.IsValid() {
			join2(t, conn, in, target)
		}
	}
}

// join2 copies between a connection and a target until either ends.
func join2(t *testing.T, conn net.Conn, in io.Reader, target netip.AddrPort) {
	far, err := net.Dial("tcp", target.String())
	if err != nil {
		t.Error(err)
		return
	}
	var wg sync.WaitGroup
	wg.Go(func() { io.Copy(far, in); far.Close() })
	io.Copy(conn, far)
	conn.Close()
	wg.Wait()
}

func proxyURL(scheme string, at netip.AddrPort) *url.URL {
	return &url.URL{Scheme: scheme, Host: at.String()}
}

// echo sends back what it gets.
func echo(conn net.Conn) { io.Copy(conn, conn) }

// echoes checks that a connection leads to echo.
func echoes(t *testing.T, conn net.Conn) {
	t.Helper()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(conn, "ping"); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 4)
	if _, err := io.ReadFull(conn, b); err != nil || string(b) != "ping" {
		t.Fatalf("got %q, %v", b, err)
	}
}

func TestTunnelHTTP(t *testing.T) {
	t.Parallel()
	requests := make(chan *http.Request, 1)
	at := serve(t, httpProxy(t, "HTTP/1.1 200\r\n\r\n", serve(t, echo), requests))
	proxy := proxyURL("http", at)
	proxy.User = url.UserPassword("arjun", "p@ss")
	conn, err := (&Network{Agent: "doctor/1"}).Tunnel(longContext(t), proxy, host, 443)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	r := <-requests
	if r.Method != "CONNECT" || r.Host != "api.upstox.com:443" || r.UserAgent() != "doctor/1" || r.Header.Get("Proxy-Authorization") != "Basic YXJqdW46cEBzcw==" {
		t.Errorf("asked %s %s with %v", r.Method, r.Host, r.Header)
	}
	echoes(t, conn)
}

func TestTunnelKeepsEarlyBytes(t *testing.T) {
	t.Parallel()
	at := serve(t, func(conn net.Conn) {
		conn.Read(make([]byte, 4096))
		io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\nearly ")
		io.Copy(io.Discard, io.LimitReader(conn, 1)) // the rest follows on request
		io.WriteString(conn, "late")
	})
	conn, err := new(Network).Tunnel(longContext(t), proxyURL("http", at), host, 443)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	io.WriteString(conn, "x")
	if got, err := io.ReadAll(conn); string(got) != "early late" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestTunnelThroughTLSProxy(t *testing.T) {
	t.Parallel()
	ca := root(t, "Test Root")
	local := func(c *testing.T) *tls.Config {
		return serverConfig(ca.issue(c, nil, named("proxy.corp")))
	}(t)
	local.Time = clockAt(now)
	answer := httpProxy(t, "HTTP/1.1 200 OK\r\n\r\n", serve(t, echo), nil)
	at := serve(t, func(conn net.Conn) { answer(tls.Server(conn, local)) })
	s := &Network{
		Roots: pool(ca), Now: clockAt(now), Dial: dialOnly(at), HostsFile: os.DevNull,
		Resolver: dnsZone{a: addrs("10.0.0.9")}.resolver(t), // private, as proxies are
	}
	conn, err := s.Tunnel(longContext(t), &url.URL{Scheme: "https", Host: "proxy.corp:3129"}, host, 443)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	echoes(t, conn)

	s.Roots = pool(root(t, "Another Root"))
	_, err = s.Tunnel(longContext(t), &url.URL{Scheme: "https", Host: "proxy.corp:3129"}, host, 443)
	if e := fault(t, err, "proxy", "other"); len(e.Certs) == 0 || !strings.Contains(e.Error(), "unknown authority") {
		t.Errorf("got %v", e)
	}

	s.Roots = x509.NewCertPool()
	_, err = s.Tunnel(longContext(t), &url.URL{Scheme: "https", Host: "proxy.corp:3129"}, host, 443)
	fault(t, err, "tls", "no-roots")
}

func TestTunnelRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		answer string
		kind   string
		status int
		reason string
	}{
		{"407", "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Basic realm=x\r\n\r\n", "auth-required", 407, "NTLM, Basic"},
		{"407 without reason phrase", "HTTP/1.1 407\r\n\r\n", "auth-required", 407, ""},
		{"403", "HTTP/1.1 403 Blocked by policy\r\nContent-Length: 4\r\n\r\nno!\n", "denied", 403, "Blocked by policy"},
		{"403 without reason phrase", "HTTP/1.0 403\r\n\r\n", "denied", 403, "Forbidden"},
		{"401", "HTTP/1.1 401 Unauthorized\r\n\r\n", "denied", 401, "Unauthorized"},
		{"302 to a portal", "HTTP/1.1 302 Found\r\nLocation: http://portal/\r\n\r\n", "denied", 302, "Found"},
		{"502", "HTTP/1.1 502 Bad Gateway\r\n\r\n", "denied", 502, "Bad Gateway"},
		{"503", "HTTP/1.1 503 Service Unavailable\r\n\r\n", "denied", 503, "Service Unavailable"},
		{"504", "HTTP/1.1 504\r\n\r\n", "denied", 504, "Gateway Timeout"},
		{"reason that repeats the password", "HTTP/1.1 403 hunter2 is wrong\x1b[31m\r\n\r\n", "denied", 403, "… is wrong"},
		{"end without an answer", "", "unreachable", 0, ""},
		{"garbage", "SSH-2.0-OpenSSH_9.9\r\n", "unreachable", 0, ""},
		{"half an answer", "HTTP/1.1 200 OK\r\nVia:", "unreachable", 0, ""},
		{"endless", "HTTP/1.1 200 OK\r\n" + strings.Repeat("X-Pad: 0123456789\r\n", 4096), "unreachable", 0, ""},
		{"TLS in place of HTTP", "\x15\x03\x01\x00\x02\x02\x16", "invalid", 0, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			at := serve(t, httpProxy(t, tc.answer, netip.AddrPort{}, nil))
			proxy := proxyURL("http", at)
			proxy.User = url.UserPassword("arjun", "hunter2")
			_, err := new(Network).Tunnel(longContext(t), proxy, host, 443)
			e := fault(t, err, "proxy", tc.kind)
			if e.Status != tc.status || e.Reason != tc.reason || e.Host != host || e.Addr != at.String() {
				t.Errorf("got %+v", e)
			}
			for _, secret := range []string{"hunter2", "arjun", "YXJqdW4"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("%s is shown: %v", secret, err)
				}
			}
		})
	}
}

func TestTunnelProxyOutOfReach(t *testing.T) {
	t.Parallel()
	deaf, dead := serve(t, discardAll), closedPort(t)
	plain := serve(t, reply("HTTP/1.1 400 Bad Request\r\n\r\n"))
	endless := serve(t, func(conn net.Conn) {
		io.WriteString(conn, "HTTP/1.1 200 OK\r\n")
		discardAll(conn)
	})
	for _, tc := range []struct {
		name  string
		proxy *url.URL
		kind  string
	}{
		{"refused", proxyURL("http", dead), "unreachable"},
		{"silent", proxyURL("http", deaf), "unreachable"},
		{"silent in mid-answer", proxyURL("http", endless), "unreachable"},
		{"silent to TLS", proxyURL("https", deaf), "unreachable"},
		{"silent to SOCKS", proxyURL("socks5", deaf), "unreachable"},
		{"HTTP where TLS belongs", proxyURL("https", plain), "invalid"},
		{"scheme", proxyURL("socks4", deaf), "invalid"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := new(Network).Tunnel(shortContext(t), tc.proxy, host, 443)
			fault(t, err, "proxy", tc.kind)
		})
	}
}

func TestTunnelProxyUnresolvable(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 20)
	s := &Network{Resolver: dnsZone{asked: asked}.resolver(t), Routed: always(true)}
	_, err := s.Tunnel(longContext(t), &url.URL{Scheme: "http", Host: "proxy.corp:3128"}, host, 443)
	if e := fault(t, err, "proxy", "unreachable"); e.Addr != "proxy.corp:3128" || !strings.Contains(e.Error(), "resolve proxy.corp") {
		t.Errorf("got %v", e)
	}
	if first := <-asked; !strings.HasPrefix(first, "proxy.corp.") {
		t.Errorf("asked for %s", first)
	}
}

// Without any route the proxy is not to blame.
func TestTunnelOffline(t *testing.T) {
	t.Parallel()
	s := &Network{Routed: always(false), Dial: func(context.Context, string, string) (net.Conn, error) { return nil, errNetwork }}
	_, err := s.Tunnel(longContext(t), &url.URL{Scheme: "http", Host: "10.0.0.9:3128"}, host, 443)
	if fault(t, err, "tcp", "offline"); !errors.Is(err, syscall.ENETUNREACH) {
		t.Errorf("got %v", err)
	}
}

func TestTunnelCancelled(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"http", "https", "socks5", "socks5h"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			answers := make(chan struct{})
			at := serve(t, func(conn net.Conn) {
				conn.Read(make([]byte, 1))
				close(answers)
				discardAll(conn)
			})
			ctx, cancel := context.WithCancel(t.Context())
			go func() { <-answers; cancel() }()
			if _, err := new(Network).Tunnel(ctx, proxyURL(scheme, at), host, 443); err != context.Canceled {
				t.Errorf("got %v, want plain context.Canceled", err)
			}
		})
	}
}

// The end of the context that opened a tunnel must not disturb its use.
func TestTunnelOutlivesItsContext(t *testing.T) {
	t.Parallel()
	at := serve(t, httpProxy(t, "HTTP/1.1 200 OK\r\n\r\n", serve(t, echo), nil))
	ctx, cancel := context.WithCancel(t.Context())
	conn, err := new(Network).Tunnel(ctx, proxyURL("http", at), host, 443)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	cancel()
	echoes(t, conn)
}
