package schedule

import (
	"fmt"
	"time"

	"upstox-doctor/checks/market"
	"upstox-doctor/checks/token"
)

// Between these times of day in India a run is of use: before, the token that
// it examines ends before the market opens; after, it is too late to log in.
const (
	tokensEnd = token.EndOfDay
	preOpen   = 9 * time.Hour
)

// daysAhead is how many days a fitted time is good for, and a week more.
const daysAhead = 372

// runTime is a time of day by the machine's clock.
type runTime struct {
	at    time.Duration // since midnight
	first time.Weekday  // the day on which it is Monday in India; four more follow
	zone  *time.Location
	turns []clockChange // what it is in India; more than one where the clocks change
}

// A clockChange is the first run at another time of India than the run before.
type clockChange struct {
	from time.Time
	ist  time.Duration
}

// fitRunTime looks for a time of the machine's clock that falls into the useful
// part of India's morning on every weekday of the coming year, since programs
// that run by that clock follow its summer time and India has none. It is the
// latest one that is never after at, or else the first after it.
func fitRunTime(at time.Duration, zone *time.Location, now time.Time) (runTime, error) {
	const step = 5 * time.Minute
	for t := at; t > tokensEnd; t -= step {
		if h, ok := walkYear(t, zone, now, at); ok {
			return h, nil
		}
	}
	for t := at + step; t < preOpen; t += step {
		if h, ok := walkYear(t, zone, now, preOpen-time.Minute); ok {
			return h, nil
		}
	}
	return runTime{}, fmt.Errorf("zone %s: no time of day falls between %s and %s IST all year", zone, clock(tokensEnd), clock(preOpen))
}

// walkYear takes the time that is t in India now through the year. It is not ok
// if a run comes after most or too early, or at a time that the clocks skip or
// show twice.
func walkYear(t time.Duration, zone *time.Location, now time.Time, most time.Duration) (h runTime, ok bool) {
	y, m, d := now.In(market.IST).Date()
	monday := d + (8-int(now.In(market.IST).Weekday()))%7
	local := time.Date(y, m, monday, 0, 0, 0, 0, market.IST).Add(t).In(zone)
	h = runTime{at: sinceMidnight(local), first: local.Weekday(), zone: zone}
	y, m, d = now.In(zone).Date()
	for day := range daysAhead {
		run := time.Date(y, m, d+day, int(h.at.Hours()), int(h.at.Minutes())%60, 0, 0, zone)
		weekday := time.Date(y, m, d+day, 0, 0, 0, 0, time.UTC).Weekday()
		since := (weekday - h.first + 7) % 7 // days since the run of Monday in India
		if since > 4 {
			continue
		}
		india := run.In(market.IST)
		ist := sinceMidnight(india)
		if !showsOnce(run, h.at) || india.Weekday() != time.Monday+since || ist <= tokensEnd || ist > most {
			return h, false
		}
		if n := len(h.turns); n == 0 || h.turns[n-1].ist != ist {
			h.turns = append(h.turns, clockChange{run, ist})
		}
	}
	return h, true
}

// showsOnce reports whether the machine's clock shows the time once on that
// day.
func showsOnce(run time.Time, at time.Duration) bool {
	for _, shift := range []time.Duration{30 * time.Minute, time.Hour, 2 * time.Hour} {
		if sinceMidnight(run.Add(shift)) == at || sinceMidnight(run.Add(-shift)) == at {
			return false
		}
	}
	return sinceMidnight(run) == at
}

// days are the weekdays of the machine on which it runs, in order.
func (h runTime) days() (days []time.Weekday) {
	for i := range 5 {
		days = append(days, (h.first+time.Weekday(i))%7)
	}
	return days
}

func sinceMidnight(t time.Time) time.Duration {
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
}

// clock writes a time of day.
func clock(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
}
