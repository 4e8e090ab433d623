package network

import (
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
)

// A socksScript is what a SOCKS5 server says in turn, after reading as many
// bytes as want has; all it read must be want.
type socksScript []struct{ want, say string }

func (s socksScript) serve(t *testing.T) func(net.Conn) {
	return func(conn net.Conn) {
		for _, step := range s {
			b := make([]byte, len(step.want))
			if _, err := io.ReadFull(conn, b); err != nil {
				return // the client has given up
			}
			if string(b) != step.want {
				t.Errorf("server read %q, want %q", b, step.want)
				return
			}
			io.WriteString(conn, step.say)
		}
		echo(conn)
	}
}

const (
	greeting      = "\x05\x01\x00"
	greetingLogin = "\x05\x02\x00\x02"
	loginArjun    = "\x01\x05arjun\x04p@ss"
	connectUpstox = "\x05\x01\x00\x03\x0eapi.upstox.com\x01\xbb"
	granted       = "\x05\x00\x00\x01\x7f\x00\x00\x01\x04\x38"
)

var arjun = url.UserPassword("arjun", "p@ss")

func TestSOCKS(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		user   *url.Userinfo
		host   string
		script socksScript
	}{
		{"no login", nil, host, socksScript{{greeting, "\x05\x00"}, {connectUpstox, granted}}},
		{"login asked for", arjun, host, socksScript{{greetingLogin, "\x05\x02"}, {loginArjun, "\x01\x00"}, {connectUpstox, granted}}},
		{"login not asked for", arjun, host, socksScript{{greetingLogin, "\x05\x00"}, {connectUpstox, granted}}},
		{"user without password", url.User("arjun"), host, socksScript{{greetingLogin, "\x05\x02"}, {"\x01\x05arjun\x00", "\x01\x00"}, {connectUpstox, granted}}},
		{"bound to a name", nil, host, socksScript{{greeting, "\x05\x00"}, {connectUpstox, "\x05\x00\x00\x03\x03abc\x00\x50"}}},
		{"bound to IPv6", nil, host, socksScript{{greeting, "\x05\x00"}, {connectUpstox, "\x05\x00\x00\x04" + strings.Repeat("\x00", 18)}}},
		{"to an IPv4 address", nil, "203.0.113.7", socksScript{{greeting, "\x05\x00"}, {"\x05\x01\x00\x01\xcb\x00\x71\x07\x01\xbb", granted}}},
		{"to an IPv6 address", nil, "::1", socksScript{{greeting, "\x05\x00"}, {"\x05\x01\x00\x04" + strings.Repeat("\x00", 15) + "\x01\x01\xbb", granted}}},
	} {
		for _, scheme := range []string{"socks5", "socks5h"} {
			t.Run(tc.name+", "+scheme, func(t *testing.T) {
				t.Parallel()
				proxy := proxyURL(scheme, serve(t, tc.script.serve(t)))
				proxy.User = tc.user
				conn, err := new(Network).Tunnel(longContext(t), proxy, tc.host, 443)
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				echoes(t, conn)
			})
		}
	}
}

func TestSOCKSRefused(t *testing.T) {
	t.Parallel()
	answered := func(reply string) socksScript {
		return socksScript{{greeting, "\x05\x00"}, {connectUpstox, reply}, {"never", ""}}
	}
	for _, tc := range []struct {
		name   string
		user   *url.Userinfo
		script socksScript
		kind   string
		reason string
	}{
		{"ruleset", nil, answered("\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00"), "denied", "SOCKS reply 2: not allowed by the ruleset"},
		{"general failure", nil, answered("\x05\x01\x00\x01\x00\x00\x00\x00\x00\x00"), "denied", "SOCKS reply 1: general failure"},
		{"host unreachable, said briefly", nil, answered("\x05\x04"), "denied", "SOCKS reply 4: host unreachable"},
		{"connection refused", nil, answered("\x05\x05\x00\x01"), "denied", "SOCKS reply 5: connection refused"},
		{"unknown reply", nil, answered("\x05\x63"), "denied", "SOCKS reply 99"},
		{"login needed, none known", nil, socksScript{{greeting, "\x05\xff"}, {"never", ""}}, "auth-required", "no authentication method is acceptable to the proxy"},
		{"another login needed", arjun, socksScript{{greetingLogin, "\x05\xff"}, {"never", ""}}, "auth-required", "no authentication method is acceptable to the proxy"},
		{"wrong password", arjun, socksScript{{greetingLogin, "\x05\x02"}, {loginArjun, "\x01\x01"}, {"never", ""}}, "auth-required", "user and password are not accepted"},
		{"method that was not offered", nil, socksScript{{greeting, "\x05\x01"}, {"never", ""}}, "unreachable", ""},
		{"password method that was not offered", nil, socksScript{{greeting, "\x05\x02"}, {"\x01\x00\x00", "\x01\x00"}, {connectUpstox, granted}}, "unreachable", ""},
		{"SOCKS 4", nil, socksScript{{greeting, "\x00\x5a"}, {"never", ""}}, "unreachable", ""},
		{"bound to nonsense", nil, answered("\x05\x00\x00\x09"), "unreachable", ""},
		{"HTTP proxy", nil, socksScript{{greeting, "HTTP/1.1 400 Bad Request\r\n\r\n"}, {"never", ""}}, "invalid", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			proxy := proxyURL("socks5h", serve(t, tc.script.serve(t)))
			proxy.User = tc.user
			_, err := new(Network).Tunnel(longContext(t), proxy, host, 443)
			e := fault(t, err, "proxy", tc.kind)
			if e.Reason != tc.reason || e.Status != 0 {
				t.Errorf("got %+v", e)
			}
			if strings.Contains(err.Error(), "p@ss") || strings.Contains(err.Error(), "arjun") {
				t.Errorf("a secret is shown: %v", err)
			}
		})
	}
}

// A SOCKS server that ends at any point of a good exchange is unreachable,
// and nothing waits for more.
func TestSOCKSCutAnywhere(t *testing.T) {
	t.Parallel()
	whole := "\x05\x02" + "\x01\x00" + "\x05\x00\x00\x03\x03abc\x00\x50"
	for n := range len(whole) {
		at := serve(t, func(conn net.Conn) {
			go discardAll(conn)
			io.WriteString(conn, whole[:n])
			conn.(*net.TCPConn).CloseWrite()
			discardAll(conn)
		})
		proxy := proxyURL("socks5", at)
		proxy.User = arjun
		_, err := new(Network).Tunnel(longContext(t), proxy, host, 443)
		fault(t, err, "proxy", "unreachable")
	}
}

func TestSOCKSNameTooLong(t *testing.T) {
	t.Parallel()
	if _, err := socksRequest(strings.Repeat("a", 256) + ":443"); err == nil {
		t.Error("a name of 256 bytes has no place in SOCKS5")
	}
	if _, err := socksRequest("no port"); err == nil {
		t.Error("a target needs a port")
	}
}
