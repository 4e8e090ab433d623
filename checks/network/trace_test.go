package network

import (
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
)

// Each hop is reported, in order, failed or not; without an observer nothing
// changes, as all other tests show.
func TestObserve(t *testing.T) {
	t.Parallel()
	ca := root(t, "Test Root")
	for _, tc := range []struct {
		name   string
		change func(*Network)
		want   string
	}{
		{"all well", func(*Network) {}, "dns tcp tls"},
		{"unknown name", func(s *Network) { s.Resolver = dnsZone{}.resolver(t) }, "dns:not-found"},
		{"closed port", func(s *Network) { s.Dial = dialOnly(closedPort(t)) }, "dns tcp:refused"},
		{"strange certificate", func(s *Network) { s.Roots = pool(root(t, "Another Root")) }, "dns tcp tls:untrusted"},
		{"proxy", func(s *Network) {
			s.Dial = nil
			at := serve(t, httpProxy(t, "HTTP/1.1 403 No\r\n\r\n", netip.AddrPort{}, nil))
			s.Proxy = func(*url.URL) (*url.URL, error) { return proxyURL("http", at), nil }
		}, "tcp proxy:denied"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var steps []HopTrace
			s := &Network{Resolver: dnsZone{a: addrs("203.0.113.7")}.resolver(t), Roots: pool(ca), Now: clockAt(now), Routed: always(true), HostsFile: os.DevNull}
			s.Dial = dialOnly(serveTLS(t, serverConfig(ca.issue(t, nil))))
			s.Observe = func(step HopTrace) { steps = append(steps, step) }
			tc.change(s)
			if conn, err := s.Open(longContext(t), host, 443); err == nil {
				conn.Close()
			}
			var got []string
			for _, step := range steps {
				word := step.Hop
				if step.Err != nil {
					word += ":" + kindOf(t, step.Err)
				}
				got = append(got, word)
				if step.Host != host && step.Host != "127.0.0.1" || !step.Began.Equal(now) {
					t.Errorf("%s: %+v", step.Hop, step)
				}
			}
			if g := strings.Join(got, " "); g != tc.want {
				t.Errorf("got %s, want %s", g, tc.want)
			}
		})
	}
}

func kindOf(t *testing.T, err error) string {
	t.Helper()
	e, ok := err.(*Error)
	if !ok {
		t.Fatalf("%v is no Error", err)
	}
	return e.Kind
}

func TestStepsTellWhatWasFound(t *testing.T) {
	t.Parallel()
	ca := root(t, "Test Root")
	steps := map[string]HopTrace{}
	s := &Network{
		Resolver: dnsZone{a: addrs("203.0.113.7")}.resolver(t), Roots: pool(ca), Now: clockAt(now), HostsFile: os.DevNull,
		Dial: dialOnly(serveTLS(t, serverConfig(ca.issue(t, nil)))), Observe: func(step HopTrace) { steps[step.Hop] = step },
	}
	conn, err := s.Open(longContext(t), host, 443)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got := fmt.Sprint(steps["dns"].Names.Addrs); got != "[203.0.113.7]" {
		t.Errorf("addresses %s", got)
	}
	if a := steps["tcp"].Attempts; len(a) != 1 || a[0].Kind != "" {
		t.Errorf("attempts %+v", a)
	}
	if c := steps["tls"].TLS; c == nil || !slices.Contains(c.PeerCertificates[0].DNSNames, host) {
		t.Errorf("TLS %+v", c)
	}
}
