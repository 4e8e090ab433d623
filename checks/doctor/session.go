package doctor

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"
)

// phase is how far a check has come.
type phase int

const (
	waiting phase = iota
	running
	held // has run; its result waits for the facts it is Behind
	done
)

// session is one run. Only Run's goroutine touches it, save cleanups.
type session struct {
	Runner
	ctx      context.Context
	phases   []phase
	results  []Result
	given    []map[Key]any
	known    map[Key]any
	running  int
	fault    bool
	ended    chan ending
	cleanups cleanups
}

// ending is what a check's goroutine reports.
type ending struct {
	check    int
	result   Result
	given    map[Key]any
	fault    bool
	began    time.Time
	duration time.Duration
}

func newSession(r Runner, ctx context.Context) *session {
	n := len(r.Checks)
	return &session{
		Runner: r, ctx: ctx, known: map[Key]any{}, ended: make(chan ending, n),
		phases: make([]phase, n), results: make([]Result, n), given: make([]map[Key]any, n),
	}
}

// start moves every check that can move, and reports whether one did.
func (s *session) start() bool {
	moved := false
	for again := true; again; {
		again = false
		for i := range s.Checks {
			if s.step(i) {
				again, moved = true, true
			}
		}
	}
	return moved
}

// step moves one check if it can.
func (s *session) step(i int) bool {
	c := &s.Checks[i]
	switch s.phases[i] {
	case waiting:
		if key, missing := s.missing(c.Needs); missing {
			s.finish(i, s.skipped(key))
			return true
		}
		if s.ctx.Err() != nil || !s.settled(c.Needs) || !s.settled(c.Uses) {
			return false
		}
		s.phases[i] = running
		s.running++
		s.tell(Event{Check: *c})
		go s.run(i, s.view(c))
		return true
	case held:
		if key, missing := s.missing(c.Behind); missing {
			s.given[i] = nil
			s.finish(i, s.skipped(key))
			return true
		}
		if s.settled(c.Behind) {
			s.finish(i, s.results[i])
			return true
		}
	}
	return false
}

// collect takes in what a check's goroutine reported.
func (s *session) collect(e ending) {
	s.running--
	s.results[e.check], s.given[e.check] = e.result, e.given
	s.results[e.check].Began, s.results[e.check].Duration = e.began, e.duration
	if e.fault {
		s.fault = true
	} else if s.ctx.Err() != nil {
		// What a check says after the run has ended may only be the echo of
		// its cancelled context.
		s.given[e.check] = nil
		s.results[e.check] = s.unfinished()
	}
	s.phases[e.check] = held
}

// finish lets the result of a check stand.
func (s *session) finish(i int, res Result) {
	c := s.Checks[i]
	res.ID, res.Title = c.ID, c.Title
	if res.Target == "" {
		res.Target = c.Target
	}
	if res.Confidence == "" && (res.Status == Warn || res.Status == Fail) {
		res.Confidence = Certain
	}
	s.phases[i], s.results[i] = done, res
	for k, v := range s.given[i] {
		if _, ok := s.known[k]; !ok {
			s.known[k] = v
		}
	}
	s.tell(Event{c, &s.results[i]})
}

// giveUp ends the checks that can no longer run.
func (s *session) giveUp() {
	for i, p := range s.phases {
		if p != done {
			s.given[i] = nil
			s.finish(i, s.unfinished())
		}
	}
}

func (s *session) unfinished() Result {
	why := "interrupted"
	if errors.Is(s.ctx.Err(), context.DeadlineExceeded) {
		why = "the time for the whole run was over"
	}
	return Result{Status: Skip, Message: "not finished: " + why, unfinished: true}
}

func (s *session) end() End {
	switch {
	case s.fault:
		return Faulty
	case !slices.ContainsFunc(s.results, func(r Result) bool { return r.unfinished }):
		return Complete
	case errors.Is(s.ctx.Err(), context.DeadlineExceeded):
		return OutOfTime
	}
	return Interrupted
}

func (s *session) tell(e Event) {
	if s.Observe != nil {
		s.Observe(e)
	}
}

// settled reports whether each fact is known or can no longer be learned.
func (s *session) settled(keys []Key) bool {
	for _, k := range keys {
		if _, ok := s.known[k]; !ok && !s.lost(k) {
			return false
		}
	}
	return true
}

// missing returns the first fact that can no longer be learned, if any.
func (s *session) missing(keys []Key) (Key, bool) {
	i := slices.IndexFunc(keys, s.lost)
	if i < 0 {
		return nil, false
	}
	return keys[i], true
}

// lost reports whether every check that gives the fact has ended without it.
func (s *session) lost(k Key) bool {
	if _, ok := s.known[k]; ok {
		return false
	}
	for i, c := range s.Checks {
		if slices.Contains(c.Gives, k) && s.phases[i] != done {
			return false
		}
	}
	return true
}

// skipped is the result of a check that lacks a fact: it blames the check that
// failed to give it, and that check's own culprit if it was skipped itself.
func (s *session) skipped(k Key) Result {
	for i, c := range s.Checks {
		if !slices.Contains(c.Gives, k) {
			continue
		}
		culprit := s.results[i].BlockedBy
		if s.results[i].Status == Fail {
			culprit = cmp.Or(s.results[i].CausedBy, c.ID)
		}
		if culprit != "" {
			return Result{Status: Skip, BlockedBy: culprit, Message: "not run: " + culprit + " failed"}
		}
		if s.results[i].unfinished {
			return s.unfinished()
		}
	}
	return Result{Status: Skip, Message: "not needed here"}
}

func (s *session) view(c *Check) *Facts {
	f := &Facts{check: c, known: map[Key]any{}, given: map[Key]any{}, later: s.cleanups.add}
	for _, k := range slices.Concat(c.Needs, c.Uses) {
		if v, ok := s.known[k]; ok {
			f.known[k] = v
		}
	}
	return f
}
