package watch

import (
	"time"

	"upstox-doctor/checks/market"
)

const (
	// frozenAfter is how long no tick at all may come in an open market: the
	// index that is subscribed as control key is computed every second.
	frozenAfter = 15 * time.Second
	// frozenAlive is how much newer than the last tick the last received message
	// must be. A dead connection is found by its pings instead.
	frozenAlive = 5 * time.Second
	// frozenMargin is how long before its close a session counts as ended.
	frozenMargin = time.Minute
)

// lastTick is when the last tick came on the present connection, or when the
// connection began if none has.
func (j *Judge) lastTick() time.Time {
	if j.reader.Live.IsZero() {
		return j.conn.since
	}
	return j.reader.Live
}

// frozen reports whether the present connection is alive and sends no tick,
// though the control key's segment is open by both the feed and the calendar. A
// client then shows old prices without noticing.
func (j *Judge) frozen(now time.Time) bool {
	last := j.lastTick()
	if j.link != LinkOpen || !j.reader.Priced || j.begun.Control == "" || now.Sub(last) < frozenAfter || j.sleep.after(now) {
		return false
	}
	if alive := j.now.Add(-j.doubt.up); alive.Sub(last) < frozenAlive {
		return false
	}
	segment := market.SegmentOf(j.begun.Control)
	status, said := j.reader.Status[segment]
	if !said || market.StateOf(status.String()) != market.Open {
		return false
	}
	server := now.Add(j.opened.Offset)
	for _, at := range []time.Time{server.Add(-frozenAfter), server, server.Add(frozenMargin)} {
		if j.days.State(at, segment) != market.Open {
			return false
		}
	}
	return true
}
