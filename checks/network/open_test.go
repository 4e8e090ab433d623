package network

import (
	"net/netip"
	"net/url"
	"os"
	"testing"
)

func TestOpen(t *testing.T) {
	t.Parallel()
	ca := root(t, "Test Root")
	secure := func() netip.AddrPort {
		c := serverConfig(ca.issue(t, nil))
		c.NextProtos = []string{"h2", "http/1.1"}
		return serveTLS(t, c)
	}
	through := func(at netip.AddrPort) func(*url.URL) (*url.URL, error) {
		return func(*url.URL) (*url.URL, error) { return proxyURL("http", at), nil }
	}
	good := dnsZone{a: addrs("203.0.113.7")}
	for _, tc := range []struct {
		name      string
		change    func(*Network)
		hop, kind string
	}{
		{"all well", func(s *Network) { s.Dial = dialOnly(secure()) }, "", ""},
		{"name", func(s *Network) { s.Resolver = dnsZone{}.resolver(t) }, "dns", "not-found"},
		{"hijacked name", func(s *Network) { s.Resolver = dnsZone{a: addrs("127.0.0.1")}.resolver(t) }, "dns", "hijacked"},
		{"connect", func(s *Network) { s.Dial = dialOnly(closedPort(t)) }, "tcp", "refused"},
		{"certificate", func(s *Network) { s.Dial = dialOnly(serveTLS(t, serverConfig(selfSigned(t)))) }, "tls", "untrusted"},
		{"proxy", func(s *Network) {
			s.Dial, s.Resolver = nil, dnsZone{}.resolver(t) // the host is never resolved here
			s.Proxy = through(serve(t, httpProxy(t, "HTTP/1.1 200 OK\r\n\r\n", secure(), nil)))
		}, "", ""},
		{"proxy that inspects", func(s *Network) {
			s.Dial = nil
			s.Proxy = through(serve(t, httpProxy(t, "HTTP/1.1 200 OK\r\n\r\n", serveTLS(t, serverConfig(selfSigned(t))), nil)))
		}, "tls", "untrusted"},
		{"proxy that denies", func(s *Network) {
			s.Dial = nil
			s.Proxy = through(serve(t, httpProxy(t, "HTTP/1.1 403 No\r\n\r\n", netip.AddrPort{}, nil)))
		}, "proxy", "denied"},
		{"proxy setting", func(s *Network) { s.Proxy = ProxyFromEnv(env(map[string]string{"ALL_PROXY": "socks4://p:1"})) }, "proxy", "invalid"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := &Network{Resolver: good.resolver(t), Roots: pool(ca), Now: clockAt(now), Routed: always(true), HostsFile: os.DevNull}
			tc.change(s)
			conn, err := s.Open(longContext(t), host, 443, "http/1.1")
			if tc.hop != "" {
				fault(t, err, tc.hop, tc.kind)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := conn.ConnectionState().NegotiatedProtocol; got != "http/1.1" {
				t.Errorf("agreed on %q", got)
			}
			conn.Close()
		})
	}
}

// Behind a proxy that inspects, the address is the proxy's: so it must be
// told as such.
func TestSecureInATunnelNamesTheProxy(t *testing.T) {
	t.Parallel()
	at := serve(t, httpProxy(t, "HTTP/1.1 200 OK\r\n\r\n", serveTLS(t, serverConfig(selfSigned(t))), nil))
	s := &Network{Now: clockAt(now), Roots: pool(root(t, "Test Root"))}
	conn, err := s.Tunnel(longContext(t), proxyURL("http", at), host, 443)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Handshake(longContext(t), conn, host)
	if e := fault(t, err, "tls", "untrusted"); e.Addr != "through "+at.String() {
		t.Errorf("got %q", e.Addr)
	}
}
