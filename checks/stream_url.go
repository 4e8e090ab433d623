package checks

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/edge"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/network"
	"upstox-doctor/checks/upstox"
)

// checkStreamURL returns the host of the stream URL in a good answer, or what
// is wrong with the URL. It adds the URL's one-time values to the secrets.
func (w World) checkStreamURL(raw string, a upstox.Response) (host string, fault *doctor.Result) {
	if raw == "" {
		return "", new(fail(catalog.AuthorizeNoURL, APIHost, a.String()+", but without authorized_redirect_uri", nil))
	}
	w.Secrets.AddOneTime(oneTimeValues(raw)...)
	host, err := trusted(raw)
	if err != nil {
		return "", new(fail(catalog.AuthorizeUntrustedURL, APIHost, err.Error(), nil))
	}
	return host, nil
}

// trusted returns the host of a stream URL, or why nothing may be sent there.
func trusted(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", fmt.Errorf("the stream URL cannot be read")
	}
	host := strings.ToLower(u.Hostname())
	switch {
	case u.Scheme != "wss":
		return "", fmt.Errorf("the stream URL begins with %q instead of wss", u.Scheme)
	case !edge.OfUpstox(host):
		return "", fmt.Errorf("the stream URL leads to %q, which is not Upstox's", host)
	case u.User != nil:
		return "", fmt.Errorf("the stream URL on %q carries a user name", host)
	}
	if _, ok := network.PortOf(u, httpsPort); !ok {
		return "", fmt.Errorf("the stream URL on %q names a port that does not exist", host)
	}
	return host, nil
}

// open upgrades on the connection that is ready, or on a new one when there
// is none or the URL names another host or port.
func (w World) open(ctx context.Context, raw string, ready net.Conn) (*feed.Stream, error) {
	return w.openBy(ctx, raw, func(ctx context.Context, host string, port uint16) (net.Conn, error) {
		if ready != nil && host == FeedHost && port == httpsPort {
			return ready, nil
		}
		return w.Net.Open(ctx, host, port, "http/1.1")
	})
}

// openBy upgrades on the connection that dial returns.
func (w World) openBy(ctx context.Context, raw string, dial func(ctx context.Context, host string, port uint16) (net.Conn, error)) (*feed.Stream, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, errors.New("the stream URL cannot be read")
	}
	port, ok := network.PortOf(u, httpsPort)
	if !ok {
		return nil, errors.New("the stream URL's port does not exist")
	}
	conn := func(ctx context.Context) (net.Conn, error) { return dial(ctx, u.Hostname(), port) }
	s, err := feed.Open(ctx, feed.Options{URL: raw, Conn: conn, Agent: w.Agent})
	w.recorder().handshake(u, err)
	return s, err
}

func hostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return FeedHost
	}
	return u.Hostname()
}
