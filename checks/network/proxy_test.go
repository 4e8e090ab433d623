package network

import (
	"errors"
	"net/url"
	"strings"
	"testing"
)

func env(vars map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, ok := vars[name]; return v, ok }
}

func TestProxyFromEnv(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		env      map[string]string
		want     string // redacted URL, or empty for the direct way
		variable string
	}{
		{"nothing set", nil, "", ""},
		{"set to nothing", map[string]string{"HTTPS_PROXY": ""}, "", ""},
		{"upper case", map[string]string{"HTTPS_PROXY": "http://proxy.corp:3128"}, "http://proxy.corp:3128", "HTTPS_PROXY"},
		{"lower case", map[string]string{"https_proxy": "http://proxy.corp:3128"}, "http://proxy.corp:3128", "https_proxy"},
		{"both: lower case wins", map[string]string{"https_proxy": "http://a:1", "HTTPS_PROXY": "http://b:2"}, "http://a:1", "https_proxy"},
		{"lower case empty: upper case wins", map[string]string{"https_proxy": "", "HTTPS_PROXY": "http://b:2"}, "http://b:2", "HTTPS_PROXY"},
		{"for plain HTTP only", map[string]string{"HTTP_PROXY": "http://proxy.corp:3128"}, "", ""},
		{"for all", map[string]string{"ALL_PROXY": "socks5h://127.0.0.1:9050"}, "socks5h://127.0.0.1:9050", "ALL_PROXY"},
		{"for all, after the special one", map[string]string{"all_proxy": "socks5://a:1", "HTTPS_PROXY": "http://b:2"}, "http://b:2", "HTTPS_PROXY"},
		{"without scheme", map[string]string{"HTTPS_PROXY": "proxy.corp:3128"}, "http://proxy.corp:3128", "HTTPS_PROXY"},
		{"host only", map[string]string{"HTTPS_PROXY": "proxy"}, "http://proxy", "HTTPS_PROXY"},
		{"by TLS", map[string]string{"HTTPS_PROXY": "https://proxy.corp/"}, "https://proxy.corp/", "HTTPS_PROXY"},
		{"scheme in capitals", map[string]string{"HTTPS_PROXY": "HTTP://proxy.corp:3128"}, "http://proxy.corp:3128", "HTTPS_PROXY"},
		{"IPv6", map[string]string{"HTTPS_PROXY": "http://[fd00::1]:3128"}, "http://[fd00::1]:3128", "HTTPS_PROXY"},
		{"user and password", map[string]string{"HTTPS_PROXY": "http://arjun:p%40ss@proxy.corp:3128"}, "http://arjun:xxxxx@proxy.corp:3128", "HTTPS_PROXY"},
		{"host excepted", map[string]string{"HTTPS_PROXY": "http://p:1", "NO_PROXY": "localhost, api.upstox.com"}, "", "HTTPS_PROXY"},
		{"domain excepted", map[string]string{"HTTPS_PROXY": "http://p:1", "no_proxy": ".upstox.com"}, "", "HTTPS_PROXY"},
		{"port excepted", map[string]string{"HTTPS_PROXY": "http://p:1", "NO_PROXY": "upstox.com:443"}, "", "HTTPS_PROXY"},
		{"other port excepted", map[string]string{"HTTPS_PROXY": "http://p:1", "NO_PROXY": "upstox.com:80"}, "http://p:1", "HTTPS_PROXY"},
		{"all excepted", map[string]string{"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, "", "HTTPS_PROXY"},
		{"other host excepted", map[string]string{"HTTPS_PROXY": "http://p:1", "NO_PROXY": "wsfeeder-api.upstox.com"}, "http://p:1", "HTTPS_PROXY"},
		{"bad, but excepted", map[string]string{"HTTPS_PROXY": "ftp://p:1", "NO_PROXY": "*"}, "", "HTTPS_PROXY"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := (&Network{Proxy: ProxyFromEnv(env(tc.env))}).Route(host)
			if err != nil {
				t.Fatal(err)
			}
			text := ""
			if got != nil {
				text = got.Redacted()
			}
			if text != tc.want {
				t.Errorf("got %s, want %s", text, tc.want)
			}
			if v := ProxyVariable(env(tc.env)); v != tc.variable {
				t.Errorf("variable %q, want %q", v, tc.variable)
			}
		})
	}
}

// Every value holds the password hunter2, which no error may hold.
func TestProxyInvalid(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, value, reason string }{
		{"scheme of old SOCKS", "socks4://u:hunter2@p:1080", `https_proxy: scheme "socks4" is none of http, https, socks5, socks5h`},
		{"scheme of another world", "ftp://u:hunter2@p:21", `https_proxy: scheme "ftp" is none of http, https, socks5, socks5h`},
		{"no host", "http://u:hunter2@:3128", "https_proxy: no host"},
		{"port too large", "http://u:hunter2@p:70000", "https_proxy: no such port"},
		{"port zero", "http://u:hunter2@p:0", "https_proxy: no such port"},
		{"port in letters", "http://u:hunter2@p:http", "https_proxy: not a URL"},
		{"space", "http://u:hunter2@p:3128 ", "https_proxy: not a URL"},
		{"new line", "http://u:hunter2@p:3128\n", "https_proxy: not a URL"},
		{"quotes", `"http://u:hunter2@p:3128"`, "https_proxy: not a URL"},
		{"one slash", "http:/u:hunter2@p:3128", "https_proxy: more than scheme, user, host and port"},
		{"broken percent", "http://u:hunter2%zz@p:3128", "https_proxy: not a URL"},
		{"password with #", "http://u:12#hunter2@p:3128", "https_proxy: more than scheme, user, host and port"},
		{"password with /", "http://u:12/hunter2@p:3128", "https_proxy: more than scheme, user, host and port"},
		{"password with ?", "http://u:12?hunter2@p:3128", "https_proxy: more than scheme, user, host and port"},
		{"address of a PAC file", "http://p/hunter2.pac", "https_proxy: more than scheme, user, host and port"},
		{"SOCKS password too long", "socks5://u:hunter2" + strings.Repeat("x", 255) + "@p:1080", "https_proxy: user or password longer than the 255 bytes of SOCKS5"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := &Network{Proxy: ProxyFromEnv(env(map[string]string{"https_proxy": tc.value}))}
			_, err := s.Route(host)
			e := fault(t, err, "proxy", "invalid")
			if e.Reason != tc.reason || e.Host != host {
				t.Errorf("got %q, want %q", e.Reason, tc.reason)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the password is shown: %v", err)
			}
		})
	}
}

// A Proxy function of another make may repeat the setting in its error, or
// return what cannot be used.
func TestRouteTrustsNoProxyFunction(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		proxy  *url.URL
		err    error
		reason string
	}{
		{"error that repeats the value", nil, errors.New(`invalid proxy address "http://u:hunter2@ p"`), "the proxy setting cannot be used"},
		{"unknown scheme", &url.URL{Scheme: "gopher", Host: "p:70", User: url.UserPassword("u", "hunter2")}, nil, `scheme "gopher" is none of http, https, socks5, socks5h`},
		{"opaque", &url.URL{Scheme: "http", Opaque: "hunter2"}, nil, "more than scheme, user, host and port"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := &Network{Proxy: func(*url.URL) (*url.URL, error) { return tc.proxy, tc.err }}
			_, err := s.Route(host)
			if e := fault(t, err, "proxy", "invalid"); e.Reason != tc.reason || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestRouteAsksForHTTPS(t *testing.T) {
	t.Parallel()
	var asked string
	s := &Network{Proxy: func(u *url.URL) (*url.URL, error) { asked = u.String(); return nil, nil }}
	if proxy, err := s.Route(host); proxy != nil || err != nil || asked != "https://api.upstox.com/" {
		t.Errorf("got %v, %v, asked for %s", proxy, err, asked)
	}
	if proxy, err := new(Network).Route(host); proxy != nil || err != nil {
		t.Errorf("without a Proxy: %v, %v", proxy, err)
	}
}

func TestDefaultPorts(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]uint16{
		"http://p": 80, "https://p": 443, "socks5://p": 1080, "socks5h://p": 1080, "http://p:3128": 3128, "http://[::1]:8080": 8080,
	} {
		proxy, err := parseProxy(value)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := proxyPort(proxy); got != want || !ok {
			t.Errorf("%s has port %d, %t; want %d", value, got, ok, want)
		}
	}
}

func TestSameProxy(t *testing.T) {
	t.Parallel()
	vars := map[string]string{"https_proxy": "http://a:1", "all_proxy": "http://a:1", "ALL_PROXY": "http://b:2"}
	if got := SameProxy(env(vars)); len(got) != 1 || got[0] != "all_proxy" {
		t.Errorf("got %v", got)
	}
	if got := SameProxy(env(nil)); got != nil {
		t.Errorf("without a proxy: %v", got)
	}
}
