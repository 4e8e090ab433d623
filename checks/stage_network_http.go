package checks

import (
	"context"
	"errors"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/upstox"
)

// http makes the first exchange, on a path that needs no token, to see whether
// Upstox answers. An error of one service behind the host is left to the later
// checks, each of which needs one service; their requests are already sent. If
// one of them proves that Upstox answers, the holidays may be missing.
func (w World) http() doctor.Check {
	return doctor.Check{
		ID: IDNetworkHTTP, Target: APIHost, Title: "It is Upstox that answers",
		Needs: facts(client), Provides: facts(answers, holidays, serverDate), Unless: facts(answers),
		Run: func(ctx context.Context, f *doctor.Facts) doctor.Result {
			days, a := client.Get(f).Holidays(ctx)
			w.heard(f, a)
			if a.OK() {
				holidays.Put(f, days)
				return pass(nil, "%s", a)
			}
			res := responseFailure(a)
			if a.Responder == catalog.ResponderUpstox || a.Responder == catalog.ResponderOther && a.Status < 500 && a.Symptom().Kind == "" {
				answers.Put(f, true)
				return pass(res.Evidence, "%s", a)
			}
			otherwise := notNeeded(a, "Upstox answers other calls", res.Evidence)
			if doctor.Dispensed(ctx) {
				return otherwise
			}
			res.Otherwise = &otherwise
			return res
		},
	}
}

// heard sets the facts that any answer of Upstox gives: that Upstox answers, and
// the time of its clock.
func (w World) heard(f *doctor.Facts, a upstox.Response) {
	if !a.Date.IsZero() {
		serverDate.Put(f, ServerDate{Server: a.Date, Local: w.Now()})
	}
	if a.Responder == catalog.ResponderUpstox {
		answers.Put(f, true)
	}
}

// notNeeded is what the failure of a call comes to where other calls prove what
// it was to prove: a pass that says so.
func notNeeded(a upstox.Response, proven string, ev doctor.Evidence) doctor.Result {
	if errors.Is(a.Err, context.Canceled) || a.Symptom().Kind == catalog.KindTimeout {
		return pass(ev, "%s; %s %s: no answer after %s", proven, a.Method, a.Path, humanize.Duration(a.Took))
	}
	return pass(ev, "%s; %s", proven, a)
}
