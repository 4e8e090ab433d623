package watch

import (
	"time"

	"upstox-doctor/checks/doctor"
)

// maxEpisodes is the most episodes, and the most gaps, that a watch keeps.
const maxEpisodes = 1000

// stats holds the totals of the whole watch.
type stats struct {
	ticks, frames        int64
	up, open, openUp     time.Duration
	blocked              time.Duration
	delay                time.Duration // of the last live frame
	worstDelay, worstLag time.Duration
	gaps                 []Gap
	gapSince             time.Time // start of the present gap; zero if there is none
	seconds              [64]second
	perSecond            [60]int
}

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

// account moves the Tracker's time to to and adds the time in between to the
// totals of the current state.
func (t *Tracker) account(to time.Time) {
	d := to.Sub(t.now)
	if d <= 0 {
		return
	}
	open := t.isOpen()
	if t.link == LinkUp {
		t.unconfirmed.up += d
	}
	if open {
		t.stats.open += d
	}
	if open && t.link == LinkUp {
		t.unconfirmed.open += d
	}
	switch gap := open && t.episodeOpen; {
	case gap && t.stats.gapSince.IsZero():
		t.stats.gapSince = t.now
	case !gap && !t.stats.gapSince.IsZero():
		t.stats.gaps = keepNewest(append(t.stats.gaps, Gap{t.stats.gapSince, t.now}))
		t.stats.gapSince = time.Time{}
	}
	t.now = to
}

// keepNewest drops the oldest element when there are more than maxEpisodes.
func keepNewest[T any](list []T) []T {
	if len(list) > maxEpisodes {
		return append(list[:0], list[len(list)-maxEpisodes:]...)
	}
	return list
}

// State returns the current state. Its slices are valid until the next call.
func (t *Tracker) State(now time.Time) *State {
	s := State{
		Now: now, Begun: t.start, Link: t.link, LinkSince: t.linkSince, NextTry: t.nextTry,
		Quotes: t.reader.Ticks, PerSecond: t.stats.recent(now), Ticks: t.stats.ticks,
		Market: t.marketState(), TokenEnds: t.opened.TokenEnds, Delay: t.stats.delay, Backpressure: t.stats.blocked,
		Episodes: t.episodeCopies(), Patterns: t.patterns, NextChange: t.nextChange(),
	}
	return &s
}

// Summary returns the result of the watch so far.
func (t *Tracker) Summary() Summary {
	s := Summary{
		Began: t.start, Ended: t.now, EndedBy: t.endedBy,
		Up: t.stats.up + t.unconfirmed.up, Open: t.stats.open, OpenUp: t.stats.openUp + t.unconfirmed.open,
		Ticks: t.stats.ticks, Frames: t.stats.frames, Backpressure: t.stats.blocked, Gaps: t.stats.gaps,
		Episodes: t.episodeCopies(), Disconnects: t.disconnects, Patterns: t.patterns,
		WorstDelay: t.stats.worstDelay, WorstLag: t.stats.worstLag, Status: t.status(),
	}
	if !t.stats.gapSince.IsZero() {
		s.Gaps = append(s.Gaps[:len(s.Gaps):len(s.Gaps)], Gap{t.stats.gapSince, t.now})
	}
	return s
}

func (t *Tracker) status() doctor.Status {
	switch {
	case t.episodeOpen:
		return doctor.Fail
	case t.disconnects > 0:
		return doctor.Warn
	case !t.answered:
		return doctor.Skip
	}
	return doctor.Pass
}
