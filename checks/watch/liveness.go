package watch

import (
	"fmt"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/market"
)

// confirm records that something arrived from the feed.
func (t *Tracker) confirm() { t.stats.confirm(t.now) }

// suspendEffect is how long after a suspend the end of a connection is blamed
// on it: the time to detect a dead connection, and a margin.
const suspendEffect = time.Minute

// handleSleep records that the program did not run for a while. What the feed
// sent in that time is lost or comes late.
func (t *Tracker) handleSleep(e Event) {
	t.lastSuspend = stall{e.At.Add(-e.Wait), e.At}
	if t.link == LinkUp && !t.episodeOpen && len(t.hours) > 0 {
		t.stats.missedSince = t.missedSessions(t.lastSuspend)
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
		t.stats.addGap(at.Add(-offset), end.Add(-offset))
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
