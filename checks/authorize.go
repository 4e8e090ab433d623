package checks

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/edge"
	"upstox-doctor/checks/upstox"
)

// authorize asks for a stream URL. The call flies together with the one that
// judges the token; its result stands only if that one accepts it.
func (w World) authorize() doctor.Check {
	return doctor.Check{
		ID: IDAuthorize, Target: APIHost, Title: "Upstox hands out a stream URL",
		Needs: facts(accessToken, client), Behind: facts(accepted), Gives: facts(streamURL),
		Run: func(ctx context.Context, f *doctor.Facts) doctor.Result {
			raw, a := client.Get(f).Authorize(ctx, accessToken.Get(f).Value())
			if !a.OK() {
				return w.refused(a)
			}
			host, fault := w.handedOut(raw, a)
			if fault != nil {
				return *fault
			}
			streamURL.Put(f, raw)
			var ev doctor.Evidence
			ev.Add("host", host)
			return pass(ev, "a one-time URL on %s", host)
		},
	}
}

// handedOut returns the host of the stream URL that came with a good answer, or
// what is wrong with the URL.
func (w World) handedOut(raw string, a upstox.Answer) (host string, fault *doctor.Result) {
	if raw == "" {
		return "", new(fail(catalog.AuthorizeNoURL, APIHost, a.String()+", but without authorized_redirect_uri", nil))
	}
	host, err := w.trusted(raw)
	if err != nil {
		return "", new(fail(catalog.AuthorizeUntrustedURL, APIHost, err.Error(), nil))
	}
	return host, nil
}

// trusted returns the host of a stream URL, or why nothing may be sent there.
// The one-time values of its query join the secrets.
func (w World) trusted(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", fmt.Errorf("the stream URL cannot be read")
	}
	for _, values := range u.Query() {
		w.Secrets.Add(values...)
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
	if _, ok := portOf(u); !ok {
		return "", fmt.Errorf("the stream URL on %q names a port that does not exist", host)
	}
	return host, nil
}
