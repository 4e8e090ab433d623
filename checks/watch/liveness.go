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

// An unconfirmedTime is connected time that is not yet confirmed, and how much
// of it the market was open. It counts as up once something arrives, and as
// down if the connection proves dead.
type unconfirmedTime struct{ up, open time.Duration }

// confirm records that something arrived from the feed.
func (t *Tracker) confirm() {
	t.stats.up += t.unconfirmed.up
	t.stats.openUp += t.unconfirmed.open
	t.unconfirmed = unconfirmedTime{}
	if !t.missedSince.IsZero() {
		t.stats.gaps = keepNewest(append(t.stats.gaps, Gap{t.missedSince, t.now}))
		t.missedSince = time.Time{}
	}
}

// discardUnconfirmed records that the connection was lost without notice when
// the last message arrived, and returns that time.
func (t *Tracker) discardUnconfirmed() time.Time {
	last := t.now.Add(-t.unconfirmed.up)
	if t.stats.gapSince.IsZero() && t.unconfirmed.open > 0 && t.isOpen() {
		t.stats.gapSince = cmp.Or(t.missedSince, t.now.Add(-t.unconfirmed.open))
	}
	t.unconfirmed, t.missedSince = unconfirmedTime{}, time.Time{}
	return last
}

// suspendEffect is how long after a suspend the end of a connection is blamed
// on it: the time to detect a dead connection, and a margin.
const suspendEffect = time.Minute

// handleSleep records that the program did not run for a while. What the feed
// sent in that time is lost or comes late.
func (t *Tracker) handleSleep(e Event) {
	t.lastSuspend = stall{e.At.Add(-e.Wait), e.At}
	if t.link == LinkUp && !t.episodeOpen && len(t.hours) > 0 {
		t.missedSince = t.missedSessions(t.lastSuspend)
	}
	var ev doctor.Evidence
	ev.Add("slept_seconds", int(t.lastSuspend.duration().Seconds()))
	t.anomaly(1, finding(catalog.MachineAsleep, t.lastSuspend.message(), ev))
}

// missedSessions adds a gap for each trading session that ended within s, and
// returns since when the present session was missed; zero if none is open.
func (t *Tracker) missedSessions(s stall) time.Time {
	offset, segment := t.opened.Offset, t.hours[0].segment
	at, now := s.from.Add(offset), t.now.Add(offset)
	for {
		if t.calendar.State(at, segment) != market.Open {
			if at = t.calendar.NextOpen(at, segment); at.IsZero() || !at.Before(now) {
				return time.Time{}
			}
		}
		end := t.calendar.NextClose(at, segment)
		if end.IsZero() || end.After(now) {
			if !t.isOpen() { // the feed's status takes precedence
				return time.Time{}
			}
			return at.Add(-offset)
		}
		t.stats.gaps = keepNewest(append(t.stats.gaps, Gap{at.Add(-offset), end.Add(-offset)}))
		at = end
	}
}

// explains reports whether at lies within s or soon after it.
func (s stall) explains(at time.Time) bool {
	return !s.to.IsZero() && at.After(s.from) && at.Sub(s.to) <= suspendEffect
}

func (s stall) duration() time.Duration { return s.to.Sub(s.from) }

func (s stall) message() string {
	return fmt.Sprintf("this machine slept for %s, or the watch was stopped", humanize.Duration(s.duration()))
}
