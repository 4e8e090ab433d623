package watch

import (
	"cmp"
	"time"
)

// maxEpisodes is the most episodes, and the most gaps, that a watch keeps.
const maxEpisodes = 1000

// stats holds the totals of the whole watch, and decides nothing.
type stats struct {
	ticks, frames        int64
	up, open, openUp     time.Duration
	unconfirmed          unconfirmedTime
	blocked              time.Duration
	delay                time.Duration // of the last live frame
	worstDelay, worstLag time.Duration
	gaps                 []Gap
	gapSince             time.Time // start of the present gap; zero if there is none
	missedSince          time.Time // since when prices were missed in a suspend that the connection may survive
	seconds              [64]second
	perSecond            [60]int
}

// An unconfirmedTime is connected time that is not yet confirmed, and how much
// of it the market was open. It counts as up once something arrives, and as
// down if the connection proves dead.
type unconfirmedTime struct{ up, open time.Duration }

type second struct {
	unix  int64
	ticks int
}

func (t *stats) tick(at time.Time, n int) {
	t.ticks += int64(n)
	unix := at.Unix()
	s := &t.seconds[unix&63]
	if s.unix != unix {
		*s = second{unix: unix}
	}
	s.ticks += n
}

func (t *stats) delayed(d time.Duration) {
	t.delay = max(d, 0)
	t.worstDelay = max(t.worstDelay, t.delay)
}

// recent returns the number of ticks in each of the last 60 whole seconds.
func (t *stats) recent(now time.Time) []int {
	for i := range t.perSecond {
		unix := now.Unix() - 60 + int64(i)
		t.perSecond[i] = 0
		if s := t.seconds[unix&63]; s.unix == unix {
			t.perSecond[i] = s.ticks
		}
	}
	return t.perSecond[:]
}

// A situation is what the time of a watch is accounted by.
type situation struct {
	connected, open bool // the feed; the market
	broken          bool // an episode has not ended
}

// account adds the time from one moment to another to the totals of the
// situation.
func (t *stats) account(from, to time.Time, in situation) {
	d := to.Sub(from)
	if in.connected {
		t.unconfirmed.up += d
	}
	if in.open {
		t.open += d
	}
	if in.open && in.connected {
		t.unconfirmed.open += d
	}
	switch gap := in.open && in.broken; {
	case gap && t.gapSince.IsZero():
		t.gapSince = from
	case !gap && !t.gapSince.IsZero():
		t.addGap(t.gapSince, from)
		t.gapSince = time.Time{}
	}
}

func (t *stats) addGap(from, to time.Time) { t.gaps = keepNewest(append(t.gaps, Gap{from, to})) }

// confirm records that something arrived from the feed.
func (t *stats) confirm(now time.Time) {
	t.up += t.unconfirmed.up
	t.openUp += t.unconfirmed.open
	t.unconfirmed = unconfirmedTime{}
	if !t.missedSince.IsZero() {
		t.addGap(t.missedSince, now)
		t.missedSince = time.Time{}
	}
}

// lastConfirmed is when something arrived last, if the feed is connected.
func (t *stats) lastConfirmed(now time.Time) time.Time { return now.Add(-t.unconfirmed.up) }

// discardUnconfirmed records that the connection was lost without notice when
// the last message arrived. Open tells whether the market is open.
func (t *stats) discardUnconfirmed(now time.Time, open bool) {
	if t.gapSince.IsZero() && t.unconfirmed.open > 0 && open {
		t.gapSince = cmp.Or(t.missedSince, now.Add(-t.unconfirmed.open))
	}
	t.unconfirmed, t.missedSince = unconfirmedTime{}, time.Time{}
}

// keepNewest drops the oldest element when there are more than maxEpisodes.
func keepNewest[T any](list []T) []T {
	if len(list) > maxEpisodes {
		return append(list[:0], list[len(list)-maxEpisodes:]...)
	}
	return list
}
