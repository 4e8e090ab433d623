package watch

import (
	"cmp"
	"fmt"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/market"
)

// A doubt is connected time that is not yet confirmed, and how much of it the
// market was open. It counts as up once something arrives, and as down if the
// connection proves dead.
type doubt struct{ up, open time.Duration }

// alive records that something arrived from the feed.
func (j *Judge) alive() {
	j.tally.up += j.doubt.up
	j.tally.openUp += j.doubt.open
	j.doubt = doubt{}
	if !j.missed.IsZero() {
		j.tally.gaps = bounded(append(j.tally.gaps, Gap{j.missed, j.now}))
		j.missed = time.Time{}
	}
}

// dead records that the connection was lost without notice when the last
// message arrived, and returns that time.
func (j *Judge) dead() time.Time {
	last := j.now.Add(-j.doubt.up)
	if j.tally.dark.IsZero() && j.doubt.open > 0 && j.isOpen() {
		j.tally.dark = cmp.Or(j.missed, j.now.Add(-j.doubt.open))
	}
	j.doubt, j.missed = doubt{}, time.Time{}
	return last
}

// wokeWithin is how long after a suspend the end of a connection is blamed on
// it: the time to detect a dead connection, and a margin.
const wokeWithin = time.Minute

// slept records that the program did not run for a while. What the feed sent in
// that time is lost or comes late.
func (j *Judge) slept(e Event) {
	j.sleep = stand{e.At.Add(-e.Wait), e.At}
	if j.link == LinkOpen && !j.current && len(j.hours) > 0 {
		j.missed = j.sleptThrough(j.sleep)
	}
	var ev doctor.Evidence
	ev.Add("slept_seconds", int(j.sleep.lasted().Seconds()))
	j.odd(1, finding(catalog.MachineAsleep, j.sleep.words(), ev))
}

// sleptThrough adds a gap for each trading session that ended within s, and
// returns since when the present session was missed; zero if none is open.
func (j *Judge) sleptThrough(s stand) time.Time {
	offset, segment := j.opened.Offset, j.hours[0].segment
	at, now := s.from.Add(offset), j.now.Add(offset)
	for {
		if j.days.State(at, segment) != market.Open {
			if at = j.days.NextOpen(at, segment); at.IsZero() || !at.Before(now) {
				return time.Time{}
			}
		}
		end := j.days.NextClose(at, segment)
		if end.IsZero() || end.After(now) {
			if !j.isOpen() { // the feed's status takes precedence
				return time.Time{}
			}
			return at.Add(-offset)
		}
		j.tally.gaps = bounded(append(j.tally.gaps, Gap{at.Add(-offset), end.Add(-offset)}))
		at = end
	}
}

// after reports whether at lies within s or soon after it.
func (s stand) after(at time.Time) bool {
	return !s.to.IsZero() && at.After(s.from) && at.Sub(s.to) <= wokeWithin
}

func (s stand) lasted() time.Duration { return s.to.Sub(s.from) }

func (s stand) words() string {
	return fmt.Sprintf("this machine slept for %s, or the watch was stopped", humanize.Duration(s.lasted()))
}
