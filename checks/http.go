package checks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/upstox"
)

// maxSkew is how far the local clock may be off before it is reported.
const maxSkew = time.Minute

// http makes the first exchange, on a path that needs no token, to see whether
// Upstox answers. An error of one service behind the host is left to the later
// checks, each of which needs one service; their requests are already sent. If
// one of them proves that Upstox answers, the holidays may be missing.
func (w World) http() doctor.Check {
	return doctor.Check{
		ID: IDNetworkHTTP, Target: APIHost, Title: "It is Upstox that answers",
		Needs: facts(client), Gives: facts(answers, holidays, serverDate), Unless: facts(answers),
		Run: func(ctx context.Context, f *doctor.Facts) doctor.Result {
			days, a := client.Get(f).Holidays(ctx)
			w.heard(f, a)
			if a.OK() {
				holidays.Put(f, days)
				return pass(nil, "%s", a)
			}
			res := w.refused(a)
			if a.Who == "upstox" || a.Who == "other" && a.Status < 500 && a.Symptom().Kind == "" {
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
func (w World) heard(f *doctor.Facts, a upstox.Answer) {
	if !a.Date.IsZero() {
		serverDate.Put(f, ServerDate{Server: a.Date, Local: w.Now()})
	}
	if a.Who == "upstox" {
		answers.Put(f, true)
	}
}

// notNeeded is what the failure of a call comes to where other calls prove what
// it was to prove: a pass that says so.
func notNeeded(a upstox.Answer, proven string, ev doctor.Evidence) doctor.Result {
	if errors.Is(a.Err, context.Canceled) || a.Symptom().Kind == catalog.KindTimeout {
		return pass(ev, "%s; %s %s: no answer after %s", proven, a.Method, a.Path, humanize.Duration(a.Took))
	}
	return pass(ev, "%s; %s", proven, a)
}

// refused turns an answer that is not what was asked for into a failure.
func (w World) refused(a upstox.Answer) doctor.Result {
	entry := catalog.Classify(a.Symptom(), catalog.NotKnown)
	var ev doctor.Evidence
	ev.Add("request", a.Method+" "+a.Path)
	if a.Status != 0 {
		ev.Add("status", a.Status)
		ev.Add("answered_by", a.Who)
	}
	addFilter(&ev, a.By)
	for _, p := range a.Problems {
		ev.Add("upstox_code", p.Code)
	}
	if ray := a.RayID(); ray != "" {
		ev.Add("ray_id", ray)
	}
	if wait := a.RetryAfter(); wait > 0 {
		ev.Add("retry_after_seconds", int(wait.Seconds()))
	}
	if a.Location != "" {
		ev.Add("location", a.Location)
	}
	return unsure(signed(fail(entry, APIHost, a.String(), ev), a.Symptom()), a.By)
}

// clock compares the local clock with the server's.
func (w World) clock() doctor.Check {
	return doctor.Check{
		ID: IDNetworkClock, Target: APIHost, Title: "The local clock is right",
		Needs: facts(serverDate), Gives: facts(clock),
		Run: func(_ context.Context, f *doctor.Facts) doctor.Result {
			d := serverDate.Get(f)
			skew := d.Local.Sub(d.Server)
			clock.Put(f, Clock{-skew})
			var ev doctor.Evidence
			ev.Add("skew_seconds", int(skew.Round(time.Second).Seconds()))
			ev.Add("server_time", d.Server.In(market.IST).Format(time.RFC3339))
			ev.Add("local_time", d.Local.In(market.IST).Format(time.RFC3339))
			switch {
			case d.Explains != "":
				res := fail(catalog.ClockSkew, APIHost, fmt.Sprintf(
					"the local clock is %s; by the server's the certificate is valid", off(skew)), ev)
				res.Confidence = doctor.Likely // the date came over a connection without trust
				return res
			case skew.Abs() > maxSkew:
				return warn(catalog.ClockSkew, APIHost, "the local clock is "+off(skew), ev)
			}
			return pass(ev, "within %s of the server's", humanize.Duration(skew.Abs()+time.Second))
		},
	}
}

// off says how far the clock is ahead or behind, rounded so that the time of the
// answer on its way does not turn ten minutes into 9 min 59 s.
func off(skew time.Duration) string {
	far := skew.Abs()
	if far > time.Minute {
		far = far.Round(time.Minute)
	}
	if skew < 0 {
		return humanize.Duration(far) + " behind"
	}
	return humanize.Duration(far) + " ahead"
}
