package watch

import (
	"time"

	"upstox-doctor/checks/market"
)

const (
	// frozenAfter is how long an open market may bring no tick at all: the index
	// that is asked for beside the watched keys is computed every second.
	frozenAfter = 15 * time.Second
	// frozenAlive is how much younger than the last tick a sign of life must be.
	// A dead connection gives none, and is found by its pings.
	frozenAlive = 5 * time.Second
	// frozenMargin is how long before its close a session is taken for ended.
	frozenMargin = time.Minute
)

// lastTick is when the present connection brought its last tick, or else its
// beginning.
func (j *Judge) lastTick() time.Time {
	if j.reader.Live.IsZero() {
		return j.conn.since
	}
	return j.reader.Live
}

// frozen reports whether the present connection lives and brings no tick,
// though the control key's segment is open by the feed's own word and by the
// calendar: prices stand still, and the program that shows them does not notice.
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
