package watch

import (
	"time"

	"upstox-doctor/checks/doctor"
)

// keptEpisodes is the most episodes, and the most gaps, that a watch keeps.
const keptEpisodes = 1000

// tally holds the totals of the whole watch.
type tally struct {
	ticks, frames    int64
	up, open, openUp time.Duration
	stood            time.Duration
	delay            time.Duration // of the last live frame
	worst, lag       time.Duration
	gaps             []Gap
	dark             time.Time // start of the present gap; zero if there is none
	seconds          [64]second
	perSecond        [60]int
}

type second struct {
	unix  int64
	ticks int
}

func (t *tally) tick(at time.Time, n int) {
	t.ticks += int64(n)
	unix := at.Unix()
	s := &t.seconds[unix&63]
	if s.unix != unix {
		*s = second{unix: unix}
	}
	s.ticks += n
}

func (t *tally) delayed(d time.Duration) {
	t.delay = max(d, 0)
	t.worst = max(t.worst, t.delay)
}

// recent returns the number of ticks in each of the last 60 whole seconds.
func (t *tally) recent(now time.Time) []int {
	for i := range t.perSecond {
		unix := now.Unix() - 60 + int64(i)
		t.perSecond[i] = 0
		if s := t.seconds[unix&63]; s.unix == unix {
			t.perSecond[i] = s.ticks
		}
	}
	return t.perSecond[:]
}

// spend moves the Judge's time to to and adds the time in between to the totals
// of the current state.
func (j *Judge) spend(to time.Time) {
	d := to.Sub(j.now)
	if d <= 0 {
		return
	}
	open := j.isOpen()
	if j.link == LinkOpen {
		j.doubt.up += d
	}
	if open {
		j.tally.open += d
	}
	if open && j.link == LinkOpen {
		j.doubt.open += d
	}
	switch dark := open && j.current; {
	case dark && j.tally.dark.IsZero():
		j.tally.dark = j.now
	case !dark && !j.tally.dark.IsZero():
		j.tally.gaps = bounded(append(j.tally.gaps, Gap{j.tally.dark, j.now}))
		j.tally.dark = time.Time{}
	}
	j.now = to
}

// bounded drops the oldest element when there are more than keptEpisodes.
func bounded[T any](list []T) []T {
	if len(list) > keptEpisodes {
		return append(list[:0], list[len(list)-keptEpisodes:]...)
	}
	return list
}

// State returns the current state. Its slices are valid until the next call.
func (j *Judge) State(now time.Time) *State {
	s := State{
		Now: now, Begun: j.start, Link: j.link, LinkSince: j.linkSince, NextTry: j.nextTry,
		Quotes: j.reader.Ticks, PerSecond: j.tally.recent(now), Ticks: j.tally.ticks,
		Market: j.isState(), TokenEnds: j.opened.TokenEnds, Delay: j.tally.delay, Backpressure: j.tally.stood,
		Episodes: j.shown(), Patterns: j.patterns, NextChange: j.nextChange(),
	}
	return &s
}

// Summary returns the result of the watch so far.
func (j *Judge) Summary() Summary {
	s := Summary{
		Began: j.start, Ended: j.now, EndedBy: j.endedBy,
		Up: j.tally.up + j.doubt.up, Open: j.tally.open, OpenUp: j.tally.openUp + j.doubt.open,
		Ticks: j.tally.ticks, Frames: j.tally.frames, Backpressure: j.tally.stood, Gaps: j.tally.gaps,
		Episodes: j.shown(), Disconnects: j.broke, Patterns: j.patterns,
		WorstDelay: j.tally.worst, WorstLag: j.tally.lag, Status: j.status(),
	}
	if !j.tally.dark.IsZero() {
		s.Gaps = append(s.Gaps[:len(s.Gaps):len(s.Gaps)], Gap{j.tally.dark, j.now})
	}
	return s
}

func (j *Judge) status() doctor.Status {
	switch {
	case j.current:
		return doctor.Fail
	case j.broke > 0:
		return doctor.Warn
	case !j.answered:
		return doctor.Skip
	}
	return doctor.Pass
}
