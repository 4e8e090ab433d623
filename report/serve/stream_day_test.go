package serve

import (
	"testing"
	"time"

	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
)

// TestDayOfAStream counts the time that is connected while the market is open, by
// days in India.
func TestDayOfAStream(t *testing.T) {
	t.Parallel()
	var d streamDay
	var before *watch.State
	begun := time.Date(2026, 11, 23, 23, 59, 50, 0, market.IST)
	step := func(at time.Duration, link watch.LinkState, state market.State) []Happening {
		now := &watch.State{Begun: begun, Now: begun.Add(at), Link: link, Market: state}
		kept := d.add(before, now)
		before = now
		return kept
	}
	for _, s := range []struct {
		at     time.Duration
		link   watch.LinkState
		market market.State
	}{
		{0, watch.LinkUp, market.Open}, {2 * time.Second, watch.LinkUp, market.Open}, {3 * time.Second, watch.LinkWaiting, market.Open},
		{4 * time.Second, watch.LinkUp, market.Closed}, {9 * time.Second, watch.LinkUp, market.Closed},
	} {
		if kept := step(s.at, s.link, s.market); kept != nil {
			t.Errorf("after %s it keeps %v", s.at, kept)
		}
	}
	kept := step(11*time.Second, watch.LinkUp, market.Open)
	if len(kept) != 1 || kept[0].Open != 3*time.Second || kept[0].Lasted != 9*time.Second || day(kept[0].At) != "2026-11-23" {
		t.Errorf("at midnight it keeps %+v", kept)
	}
	step(16*time.Second, watch.LinkUp, market.Open)
	step(4*time.Hour, watch.LinkUp, market.Open) // the laptop slept
	if d.openUp != 5*time.Second {
		t.Errorf("of the second day %s", d.openUp)
	}
	kept = step(4*time.Hour+keepEach, watch.LinkUp, market.Open)
	if len(kept) != 1 || !kept[0].Begun.Equal(begun.Add(11*time.Second)) {
		t.Errorf("now and then it keeps %+v", kept)
	}
}
