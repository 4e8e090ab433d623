package checks

import (
	"context"
	"maps"
	"net/url"
	"slices"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/upstox"
)

// authorize requests a stream URL, in parallel with the call that checks the
// token. A URL proves that the token is accepted; a refusal is reported only if
// the other call accepts the token.
func (w World) authorize() doctor.Check {
	return doctor.Check{
		ID: IDAuthorize, Target: APIHost, Title: "Upstox hands out a stream URL",
		Needs: facts(accessToken, client), After: facts(accepted), Provides: facts(streamURL), Adds: facts(answers, serverDate, accepted),
		Run: func(ctx context.Context, f *doctor.Facts) doctor.Result {
			api, active := client.Get(f), accessToken.Get(f)
			raw, a := api.Authorize(ctx, active.Value())
			if a.Symptom().Kind == catalog.KindDropped {
				// The connection is shared with calls that the stream does not need,
				// and may have ended for one of them.
				raw, a = api.Authorize(ctx, active.Value())
			}
			w.heard(f, a)
			if !a.OK() {
				return authorizeRefusal(a, active)
			}
			accepted.Put(f, true)
			host, fault := w.checkStreamURL(raw, a)
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

// authorizeRefusal is what an answer without success comes to. A refusal of the
// token tells where the token stands, for a login to write there.
func authorizeRefusal(a upstox.Response, active ActiveToken) doctor.Result {
	res := responseFailure(a)
	if spokenBy(a) {
		res.Evidence = append(res.Evidence, tokenEvidence(active)...)
	}
	return res
}

// oneTimeValues are those in the query of a stream URL.
func oneTimeValues(raw string) []string {
	u, err := url.Parse(raw)
	if err != nil {
		return nil
	}
	return slices.Concat(slices.Collect(maps.Values(u.Query()))...)
}
