package checks

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/edge"
	"upstox-doctor/checks/upstox"
)

// authorize requests a stream URL, in parallel with the call that checks the
// token. A URL proves that the token is accepted; a refusal is reported only if
// the other call accepts the token.
func (w World) authorize() doctor.Check {
	return doctor.Check{
		ID: IDAuthorize, Target: APIHost, Title: "Upstox hands out a stream URL",
		Needs: facts(accessToken, client), Behind: facts(accepted), Gives: facts(streamURL), Adds: facts(answers, serverDate, accepted),
		Run: func(ctx context.Context, f *doctor.Facts) doctor.Result {
			api, held := client.Get(f), accessToken.Get(f)
			raw, a := api.Authorize(ctx, held.Value())
			if a.Symptom().Kind == catalog.KindDropped {
				// The connection is shared with calls that the stream does not need,
				// and may have ended for one of them.
				raw, a = api.Authorize(ctx, held.Value())
			}
			w.heard(f, a)
			if !a.OK() {
				return w.refused(a)
			}
			accepted.Put(f, true)
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

// handedOut returns the host of the stream URL in a good answer, or what is wrong
// with the URL. It adds the URL's one-time values to the secrets.
func (w World) handedOut(raw string, a upstox.Answer) (host string, fault *doctor.Result) {
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

// oneTimeValues are those in the query of a stream URL.
func oneTimeValues(raw string) []string {
	u, err := url.Parse(raw)
	if err != nil {
		return nil
	}
	return slices.Concat(slices.Collect(maps.Values(u.Query()))...)
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
	if _, ok := portOf(u); !ok {
		return "", fmt.Errorf("the stream URL on %q names a port that does not exist", host)
	}
	return host, nil
}
