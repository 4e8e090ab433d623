package doctor

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"
)

// checkPhase is the progress of a check.
type checkPhase int

const (
	waiting checkPhase = iota
	running
	held // has run; its result waits for the facts it is After
	done
)

// runState is one run. Only Run's goroutine touches it, save cleanups.
type runState struct {
	Runner
	ctx      context.Context
	phases   []checkPhase
	results  []Result
	given    []map[Key]any
	cancels  []context.CancelCauseFunc // of the checks that have been started
	known    map[Key]any               // given by a check whose result stands
	added    map[Key]any               // added by a check that has run
	running  int
	fault    bool
	ended    chan checkEnd
	cleanups cleanups
}

// checkEnd is what a check's goroutine reports.
type checkEnd struct {
	check    int
	result   Result
	given    map[Key]any
	fault    bool
	began    time.Time
	duration time.Duration
}

func newRunState(r Runner, ctx context.Context) *runState {
	n := len(r.Checks)
	return &runState{
		Runner: r, ctx: ctx, known: map[Key]any{}, added: map[Key]any{}, ended: make(chan checkEnd, n),
		phases: make([]checkPhase, n), results: make([]Result, n), given: make([]map[Key]any, n), cancels: make([]context.CancelCauseFunc, n),
	}
}

// start moves every check that can move, and reports whether one did.
func (s *runState) start() bool {
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
func (s *runState) step(i int) bool {
	c := &s.Checks[i]
	switch s.phases[i] {
	case waiting:
		if key, missing := s.missing(c.Needs); missing {
			s.finish(i, s.skipped(key))
			return true
		}
		if s.ctx.Err() != nil || !s.isSettled(c.Needs) || !s.isSettled(c.Uses) {
			return false
		}
		s.phases[i] = running
		s.running++
		s.notify(Event{Check: *c})
		ctx, cancel := context.WithCancelCause(s.ctx)
		s.cancels[i] = cancel
		go s.run(ctx, i, s.view(c))
		return true
	case held:
		if res := &s.results[i]; res.Status == Fail && res.Otherwise != nil {
			if slices.ContainsFunc(c.Unless, s.addable) {
				return false
			}
			if s.dispensable(i) {
				s.results[i] = res.otherwise()
			}
		}
		if key, missing := s.missing(c.After); missing {
			s.given[i] = nil
			s.finish(i, s.skipped(key))
			return true
		}
		if !slices.ContainsFunc(c.After, s.open) {
			s.finish(i, s.results[i])
			return true
		}
	}
	return false
}

// collect takes in what a check's goroutine reported.
func (s *runState) collect(e checkEnd) {
	s.running--
	s.cancels[e.check](nil)
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
	learn(s.added, s.Checks[e.check].Adds, s.given[e.check])
}

// learn takes over facts from what a check has put; the first to teach one is
// believed.
func learn(facts map[Key]any, keys []Key, put map[Key]any) {
	for _, k := range keys {
		v, taught := put[k]
		if _, known := facts[k]; taught && !known {
			facts[k] = v
		}
	}
}

// finish stores the final result of a check.
func (s *runState) finish(i int, res Result) {
	c := s.Checks[i]
	res.ID, res.Title, res.Otherwise = c.ID, c.Title, nil
	res.Target = cmp.Or(res.Target, c.Target)
	if res.Confidence == "" && (res.Status == Warn || res.Status == Fail) {
		res.Confidence = Certain
	}
	s.phases[i], s.results[i] = done, res
	learn(s.known, c.Provides, s.given[i])
	s.notify(Event{c, &s.results[i]})
}

// abandonRunning ends the checks that can no longer run.
func (s *runState) abandonRunning() {
	for i, p := range s.phases {
		if p != done {
			s.given[i] = nil
			s.finish(i, s.unfinished())
		}
	}
}

func (s *runState) unfinished() Result {
	why := "interrupted"
	if errors.Is(s.ctx.Err(), context.DeadlineExceeded) {
		why = "the time for the whole run was over"
	}
	return Result{Status: Skip, Message: "not finished: " + why, unfinished: true}
}

func (s *runState) end() End {
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

func (s *runState) notify(e Event) {
	if s.Observe != nil {
		s.Observe(e)
	}
}

// value returns what a check may read of a fact. What was added is read once no
// check is left that may give the fact.
func (s *runState) value(k Key) (any, bool) {
	v, ok := s.known[k]
	if !ok && !s.givable(k) {
		v, ok = s.added[k]
	}
	return v, ok
}

// exists reports whether the fact was given or added.
func (s *runState) exists(k Key) bool {
	_, given := s.known[k]
	_, added := s.added[k]
	return given || added
}

// open reports whether the fact does not exist and may still be learned.
func (s *runState) open(k Key) bool { return !s.exists(k) && (s.givable(k) || s.addable(k)) }

// isSettled reports whether the value of each fact is known or can no longer be
// learned.
func (s *runState) isSettled(keys []Key) bool {
	for _, k := range keys {
		if _, ok := s.value(k); !ok && !s.abandoned(k) {
			return false
		}
	}
	return true
}

// missing returns the first fact that can no longer be learned, if any.
func (s *runState) missing(keys []Key) (Key, bool) {
	i := slices.IndexFunc(keys, s.abandoned)
	if i < 0 {
		return nil, false
	}
	return keys[i], true
}

// abandoned reports whether every check that gives or adds the fact has ended
// without it.
func (s *runState) abandoned(k Key) bool { return !s.exists(k) && !s.givable(k) && !s.addable(k) }

// givable reports whether the fact is not given and a check is left that may
// give it.
func (s *runState) givable(k Key) bool {
	if _, ok := s.known[k]; ok {
		return false
	}
	for i, c := range s.Checks {
		if slices.Contains(c.Provides, k) && s.phases[i] != done {
			return true
		}
	}
	return false
}

// addable reports whether the fact does not exist and a check is left that may
// add it.
func (s *runState) addable(k Key) bool {
	if s.exists(k) {
		return false
	}
	for i, c := range s.Checks {
		if slices.Contains(c.Adds, k) && s.phases[i] < held {
			return true
		}
	}
	return false
}

// skipped is the result of a check that lacks a fact: it blames the check that
// failed to give it, and that check's own culprit if it was skipped itself.
func (s *runState) skipped(k Key) Result {
	for i, c := range s.Checks {
		if !slices.Contains(c.Provides, k) {
			continue
		}
		cause := s.results[i].BlockedBy
		if s.results[i].Status == Fail {
			cause = cmp.Or(s.results[i].CausedBy, c.ID)
		}
		if cause != "" {
			return Result{Status: Skip, BlockedBy: cause, Message: "not run: " + cause + " failed"}
		}
		if s.results[i].unfinished {
			return s.unfinished()
		}
	}
	return Result{Status: Skip, Message: "not needed here"}
}

func (s *runState) view(c *Check) *Facts {
	f := &Facts{check: c, known: map[Key]any{}, given: map[Key]any{}, later: s.cleanups.add}
	for _, k := range slices.Concat(c.Needs, c.Uses) {
		if v, ok := s.value(k); ok {
			f.known[k] = v
		}
	}
	return f
}
