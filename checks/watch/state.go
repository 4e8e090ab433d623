package watch

import (
	"time"

	"upstox-doctor/checks/doctor"
)

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
		Up: t.stats.up + t.stats.unconfirmed.up, Open: t.stats.open, OpenUp: t.stats.openUp + t.stats.unconfirmed.open,
		Ticks: t.stats.ticks, Frames: t.stats.frames, Backpressure: t.stats.blocked, Gaps: t.stats.gaps,
		Episodes: t.episodeCopies(), Disconnects: t.disconnects, Patterns: t.patterns, FrozenKeys: t.frozenKeys,
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
	case t.disconnects > 0, len(t.frozenKeys) > 0:
		return doctor.Warn
	case !t.answered:
		return doctor.Skip
	}
	return doctor.Pass
}
