package checks

import (
	"context"
	"fmt"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/market"
)

// clock compares the local clock with the server's.
func (w World) clock() doctor.Check {
	return doctor.Check{
		ID: IDNetworkClock, Target: APIHost, Title: "The local clock is right",
		Needs: facts(serverDate), Provides: facts(clock),
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
					"the local clock is %s; by the server's the certificate is valid", skewText(skew)), ev)
				res.Confidence = doctor.Likely // the date came over a connection without trust
				return res
			case skew.Abs() > maxSkew:
				return warn(catalog.ClockSkew, APIHost, "the local clock is "+skewText(skew), ev)
			}
			return pass(ev, "within %s of the server's", humanize.Duration(skew.Abs()+time.Second))
		},
	}
}

// maxSkew is how far the local clock may be off before it is reported.
const maxSkew = time.Minute

// skewText says how far the clock is ahead or behind, rounded so that the time
// of the answer on its way does not turn ten minutes into 9 min 59 s.
func skewText(skew time.Duration) string {
	far := skew.Abs()
	if far > time.Minute {
		far = far.Round(time.Minute)
	}
	if skew < 0 {
		return humanize.Duration(far) + " behind"
	}
	return humanize.Duration(far) + " ahead"
}
