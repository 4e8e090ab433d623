package network

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/redact"
)

// Tunnel connects to host and port through the proxy, whose scheme is http,
// https, socks5 or socks5h. The proxy resolves the name in every case: with
// socks5 as with socks5h, because this side's resolver may know nothing of
// the world outside, and that is not what is examined here.
//
// All errors are of hop "proxy", except "offline", "exhausted" and "no-roots":
// for a machine without any route, socket or root certificate, the proxy is not
// at fault. A proxy that uses another protocol than its scheme, TLS or not, makes
// the setting invalid; one whose certificate is not accepted is "other".
func (n *Network) Tunnel(ctx context.Context, proxy *url.URL, host string, port uint16) (_ net.Conn, fault error) {
	if n.Observe != nil {
		defer n.beginHop(HopTrace{Hop: catalog.HopProxy, Host: host, Proxy: proxy.Scheme + "://" + proxy.Host}, func(t *HopTrace) { t.Err = fault })()
	}
	if err := checkProxyURL(proxy); err != nil {
		return nil, &Error{Hop: catalog.HopProxy, Kind: catalog.KindInvalid, Host: host, Reason: err.Error()}
	}
	number, _ := proxyPort(proxy)
	at := net.JoinHostPort(proxy.Hostname(), strconv.Itoa(int(number)))
	conn, err := n.connectProxy(ctx, proxy, number)
	if err == nil {
		t := &tunnel{Conn: conn, proxy: at, in: bufio.NewReader(conn)}
		release := interruptOnDone(ctx, conn)
		err = n.requestTunnel(t, proxy, net.JoinHostPort(host, strconv.Itoa(int(port))))
		if !release() && err == nil {
			err = ctx.Err()
		}
		if err == nil {
			return t, nil
		}
		conn.Close()
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return nil, ctx.Err()
	}
	return nil, tunnelError(err, proxy, host, at)
}

// A tunnel is a connection through a proxy. The proxy's answer and the first
// bytes of the host may come together, so what was read beyond the answer is
// read from in first.
type tunnel struct {
	net.Conn
	proxy string
	in    *bufio.Reader
}

func (t *tunnel) Read(b []byte) (int, error) {
	if t.in.Buffered() > 0 {
		return t.in.Read(b)
	}
	return t.Conn.Read(b)
}

// connectProxy opens the connection to the proxy itself.
func (n *Network) connectProxy(ctx context.Context, proxy *url.URL, port uint16) (net.Conn, error) {
	host := proxy.Hostname()
	addrs, err := n.lookup(ctx, host, false)
	if err != nil {
		return nil, err
	}
	conn, _, err := n.Connect(ctx, host, addrs, port)
	if err != nil || proxy.Scheme != "https" {
		return conn, err
	}
	secure, err := n.Handshake(ctx, conn, host, "http/1.1")
	if err != nil {
		return nil, err
	}
	return secure, nil
}

// requestTunnel asks the proxy for the tunnel, in the protocol of its scheme.
func (n *Network) requestTunnel(t *tunnel, proxy *url.URL, target string) error {
	if strings.HasPrefix(proxy.Scheme, "socks5") {
		return askSOCKS(t, t.in, proxy.User, target)
	}
	if _, err := io.WriteString(t.Conn, connectRequest(target, n.agent(), proxy.User)); err != nil {
		return err
	}
	a, err := readAnswer(t.in)
	if err != nil {
		return err
	}
	return a.refusal()
}

// tunnelError completes the error of any step on the way through the proxy.
func tunnelError(err error, proxy *url.URL, host, at string) *Error {
	e := &Error{Hop: catalog.HopProxy, Kind: catalog.KindUnreachable, Host: host, Addr: at, Err: err}
	var (
		below   *Error
		refusal *refusalError
	)
	switch {
	case errors.As(err, &refusal):
		e.Kind, e.Status, e.Reason, e.Err = refusal.kind, refusal.status, redactProxyText(refusal.reason, proxy.User), nil
	case errors.As(err, &below) && (below.Kind == catalog.KindOffline || below.Kind == catalog.KindExhausted || below.Kind == catalog.KindNoRoots):
		return below
	case errors.As(err, &below):
		e.Certs = below.Certs
		switch {
		case below.Hop == catalog.HopTLS && below.Kind == catalog.KindNotTLS:
			e.Kind = catalog.KindInvalid
		case len(below.Certs) > 0:
			e.Kind = catalog.KindOther // it answered
		}
	case errors.Is(err, errOtherProtocol):
		e.Kind = catalog.KindInvalid
	}
	return e
}

// A refusalError is a proxy's refusal.
type refusalError struct {
	kind   string
	status int
	reason string
}

func (e *refusalError) Error() string { return e.kind + ": " + e.reason }

// errOtherProtocol is an answer that shows that the proxy's scheme is wrong.
var errOtherProtocol = errors.New("the proxy does not speak the protocol of its scheme")

// redactProxyText removes the user's secrets from a proxy's words, in case it
// repeats them, and what a terminal would obey.
func redactProxyText(s string, user *url.Userinfo) string {
	password, _ := user.Password()
	hide := func(s string) string {
		if password != "" {
			for _, secret := range []string{basicAuth(user), password, url.QueryEscape(password)} {
				s = strings.ReplaceAll(s, secret, "…")
			}
		}
		return s
	}
	// A secret may come apart by control characters and be whole without them.
	return redact.Line(hide(redact.Printable(hide(s), 0)), 200)
}
