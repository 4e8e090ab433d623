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
func (t *Tracker) lastTick() time.Time {
	if t.reader.Live.IsZero() {
		return t.conn.since
	}
	return t.reader.Live
}

// frozen reports whether the present connection is alive and sends no tick,
// though the control key's segment is open by both the feed and the calendar. A
// client then shows old prices without noticing.
func (t *Tracker) frozen(now time.Time) bool {
	last := t.lastTick()
	if t.link != LinkUp || !t.reader.Priced || t.begun.Control == "" || now.Sub(last) < frozenAfter || t.lastSuspend.explains(now) {
		return false
	}
	if alive := t.stats.lastConfirmed(t.now); alive.Sub(last) < frozenAlive {
		return false
	}
	return t.openAround(market.SegmentOf(t.begun.Control), now, frozenAfter, frozenMargin)
}
