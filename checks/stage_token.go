package checks

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/token"
	"upstox-doctor/checks/upstox"
)

// tokenPresent asks whether a source holds something that can be a token.
func (w World) tokenPresent() doctor.Check {
	return doctor.Check{
		ID: IDTokenPresent, Title: "There is an access token",
		Needs: facts(credentials), Provides: facts(accessToken),
		Run: func(_ context.Context, f *doctor.Facts) doctor.Result {
			c := credentials.Get(f)
			active, ok := c.active()
			if !ok {
				return w.elsewhere(c, noToken(c, w.unseen(c)))
			}
			ev, source := tokenEvidence(active), active.Source
			if active.Form == token.Malformed {
				return fail(catalog.TokenMalformed, source.Name, fmt.Sprintf("%s: %s", source, active.Malformation), ev)
			}
			if len(active.Others) > 0 {
				ev.Add("other_tokens", sourceNames(active.Others))
			}
			accessToken.Put(f, active)
			return pass(ev, "%s token from %s", active.Kind(), source.Where)
		},
	}
}

func noToken(c Credentials, ev doctor.Evidence) doctor.Result {
	res := fail(catalog.TokenMissing, varToken, "no source holds an access token", ev)
	switch {
	case c.Unreadable:
		res.CausedBy = IDEnvironmentFiles
	case len(c.Sources[varToken]) > 0:
		res.Message = "no source holds an access token, only sample text"
		res.CausedBy = IDEnvironmentValues
	case len(c.missing()) > 0:
		res.CausedBy = IDEnvironmentCredentials
	}
	return res
}

func tokenEvidence(t ActiveToken) doctor.Evidence {
	ev := t.Source.evidence()
	if len(t.Variables) > 0 && t.Source.Fixed() {
		ev.Add("other_variables", t.Variables)
	}
	ev.Add("kind", t.Kind())
	if !t.Issued.IsZero() {
		ev.Add("issued", t.Issued.In(market.IST).Format(time.RFC3339))
	}
	if !t.Expires.IsZero() {
		ev.Add("expires", t.Expires.In(market.IST).Format(time.RFC3339))
	}
	if t.Plus != nil {
		ev.Add("plus_plan", *t.Plus)
	}
	return ev
}

// tokenExpiry reads the token's own end. The server's clock decides; when the
// server cannot be reached the local one does, with less confidence.
func (w World) tokenExpiry() doctor.Check {
	return doctor.Check{
		ID: IDTokenExpiry, Title: "The token is not past its end",
		Needs: facts(accessToken), Uses: facts(clock, client, answers), Provides: facts(unexpired),
		Run: func(ctx context.Context, f *doctor.Facts) doctor.Result {
			active := accessToken.Get(f)
			if active.Expires.IsZero() {
				unexpired.Put(f, true)
				return doctor.Result{Status: doctor.Skip, Message: "an opaque token does not tell its end"}
			}
			c, byServer := clock.Peek(f)
			now := w.Now().Add(c.Offset)
			ev := tokenEvidence(active)
			ev.Add("clock", map[bool]string{true: "server", false: "local"}[byServer])
			if active.Expired(now) {
				ev.Add("expired_seconds_ago", int(now.Sub(active.Expires).Seconds()))
				api, _ := client.Peek(f)
				if _, talks := answers.Peek(f); !talks {
					api = nil // a ban of the edge grows with every call
				}
				res := judgeDeadToken(ctx, api, active, now, ev)
				if !byServer && res.Code == catalog.TokenExpired.Code {
					res.Confidence = doctor.Likely
				}
				return res
			}
			unexpired.Put(f, true)
			left, _ := active.Left(now)
			ev.Add("left_seconds", int(left.Seconds()))
			if left < w.TokenTTL {
				return warn(catalog.TokenExpiringSoon, active.Source.Name, fmt.Sprintf(
					"the token ends at %s, in %s", humanize.Moment(active.Expires), humanize.Duration(left)), ev)
			}
			return pass(ev, "ends %s, in %s", humanize.Moment(active.Expires), humanize.Duration(left))
		},
	}
}

// findAcceptedToken returns the first further source whose token Upstox
// accepts. Without a client it returns none.
func findAcceptedToken(ctx context.Context, api *upstox.Client, others []CredentialSource, now time.Time) (CredentialSource, bool) {
	tried := map[string]bool{}
	for _, other := range others {
		t := other.Token
		if api == nil || t.Form == token.Malformed || t.Expired(now) || tried[t.Value()] {
			continue
		}
		tried[t.Value()] = true
		_, a := api.LTP(ctx, t.Value(), ControlKey)
		if a.Responder == catalog.ResponderEdge {
			break // each call prolongs a ban by the edge
		}
		if a.OK() {
			return other, true
		}
	}
	return CredentialSource{}, false
}

// judgeDeadToken is the result for a token that has expired or is refused:
// token-shadowed if another source has an accepted token, else expired,
// malformed or rejected.
func judgeDeadToken(ctx context.Context, api *upstox.Client, active ActiveToken, now time.Time, ev doctor.Evidence) doctor.Result {
	if other, ok := findAcceptedToken(ctx, api, active.Others, now); ok {
		ev = shadowed(ev, other)
		return fail(catalog.TokenShadowed, active.Source.Name, fmt.Sprintf(
			"the token in %s is dead and wins over the living one in %s", active.Source, other), ev)
	}
	switch {
	case active.Doubt != "" && !active.Expired(now):
		res := fail(catalog.TokenMalformed, active.Source.Name, fmt.Sprintf(
			"Upstox refuses the token in %s, and %s", active.Source, active.Doubt), ev)
		res.Confidence = doctor.Likely
		return res
	case active.Expired(now):
		return fail(catalog.TokenExpired, active.Source.Name, fmt.Sprintf(
			"the token in %s ended %s, %s ago", active.Source, humanize.Moment(active.Expires), humanize.Duration(now.Sub(active.Expires))), ev)
	case active.Form != token.JWT && !active.Source.Modified.IsZero() && active.Source.Modified.Before(token.LastEnd(now)):
		res := fail(catalog.TokenExpired, active.Source.Name, fmt.Sprintf(
			"Upstox refuses the token, and %s was written before the last end of tokens, %s",
			active.Source, humanize.Moment(token.LastEnd(now))), ev)
		res.Confidence = doctor.Likely
		return res
	}
	res := fail(catalog.TokenRejected, active.Source.Name, "Upstox refuses the token in "+active.Source.String(), ev)
	if active.Expires.IsZero() {
		res.Confidence = doctor.Likely
	} else {
		res.Message += ", though it would last until " + humanize.Moment(active.Expires)
	}
	return res
}

// tokenAccepted asks Upstox. The profile shows most. If it shows nothing about the
// token, a market quote decides, or a stream URL from authorize.
func (w World) tokenAccepted() doctor.Check {
	return doctor.Check{
		ID: IDTokenAccepted, Target: APIHost, Title: "Upstox accepts the token",
		Needs: facts(accessToken, client), After: facts(answers, unexpired), Provides: facts(accepted), Adds: facts(answers, serverDate), Unless: facts(accepted),
		Run: func(ctx context.Context, f *doctor.Facts) doctor.Result {
			active, api := accessToken.Get(f), client.Get(f)
			asked := sync.OnceValue(askLater(func() upstox.Response { _, q := api.LTP(ctx, active.Value(), ControlKey); return q }, active.Extended))
			profile, a := profileOf(ctx, api, active, asked)
			w.heard(f, a)
			quote := func() upstox.Response { q := asked(); w.heard(f, q); return q }
			res := w.judgeToken(ctx, api, active, profile, a, quote)
			if res.Status != doctor.Fail {
				accepted.Put(f, true)
			}
			return res
		},
	}
}

// profileOf asks for the profile. Where half of the time is over without an
// answer, a quote is asked for beside it, and if that tells about the token, the
// profile is waited for no longer.
func profileOf(ctx context.Context, api *upstox.Client, active ActiveToken, quote func() upstox.Response) (isActive bool, a upstox.Response) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if end, limited := ctx.Deadline(); limited {
		late := time.AfterFunc(time.Until(end)/2, func() {
			if q := quote(); q.OK() || spokenBy(q) {
				stop()
			}
		})
		defer late.Stop()
	}
	return api.Profile(ctx, active.Value())
}

// askLater prepares a question whose answer may not be needed: now, to save a
// round trip, or when it is first called.
func askLater(question func() upstox.Response, now bool) func() upstox.Response {
	if !now {
		return question
	}
	answer := make(chan upstox.Response, 1)
	go func() { answer <- question() }()
	return func() upstox.Response { return <-answer }
}

func (w World) judgeToken(ctx context.Context, api *upstox.Client, active ActiveToken, isActive bool, a upstox.Response, quote func() upstox.Response) doctor.Result {
	ev := tokenEvidence(active)
	switch {
	case a.OK() && !isActive:
		return fail(catalog.AccountInactive, APIHost, "the profile says that the account is not active", ev)
	case a.OK():
		return pass(ev, "accepted for the profile")
	}
	refusal := responseFailure(a)
	refusal.Evidence = append(ev, refusal.Evidence...)
	otherwise := otherwiseAccepted(refusal, a)
	var res doctor.Result
	switch {
	case doctor.Dispensed(ctx):
		return otherwise
	case refusal.Code == catalog.TokenRejected.Code, refusal.Code == catalog.EdgeRateLimited.Code:
		res = w.judgeRefusal(ctx, api, active, a, ev) // a ban of the edge grows with every call
	default:
		q := quote()
		if q.OK() {
			return otherwise
		}
		if !spokenBy(q) && !aboutProfile(refusal.Code) {
			q = a
		}
		res = w.judgeRefusal(ctx, api, active, q, ev)
	}
	res.Otherwise = &otherwise
	return res
}

// otherwiseAccepted is what a refused profile comes to where another call
// accepts the token.
func otherwiseAccepted(refusal doctor.Result, a upstox.Response) doctor.Result {
	switch refusal.Code {
	case catalog.TokenNotPermitted.Code:
		return pass(refusal.Evidence, "accepted for market data; the profile is not for this kind of token")
	case catalog.TokenIPRestricted.Code:
		refusal.Status = doctor.Warn
		refusal.Message = "accepted for market data; account calls are refused from this address: " + refusal.Message
		return refusal
	}
	return notNeeded(a, "accepted for market data", refusal.Evidence)
}

// aboutProfile reports whether a refusal of the profile says nothing about
// other calls.
func aboutProfile(code string) bool {
	return code == catalog.TokenIPRestricted.Code || code == catalog.TokenNotPermitted.Code
}

// spokenBy reports whether it is Upstox itself that refuses a call, and for what
// was sent rather than for trouble of its own.
func spokenBy(a upstox.Response) bool {
	return a.Responder == catalog.ResponderUpstox && a.Status/100 == 4 && a.Status != http.StatusTooManyRequests
}

func (w World) judgeRefusal(ctx context.Context, api *upstox.Client, active ActiveToken, a upstox.Response, ev doctor.Evidence) doctor.Result {
	res := responseFailure(a)
	if res.Code == catalog.TokenRejected.Code {
		now := w.Now()
		if !a.Date.IsZero() {
			now = a.Date
		}
		if active.Expired(now) {
			api = nil // token.expiry tries the other tokens
		}
		dead := judgeDeadToken(ctx, api, active, now, append(ev, res.Evidence...))
		dead.Message += " (" + a.String() + ")"
		return dead
	}
	res.Evidence = append(ev, res.Evidence...)
	return res
}
