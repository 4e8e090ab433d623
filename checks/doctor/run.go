package doctor

import (
	"cmp"
	"context"
	"fmt"
	"time"
)

// A Runner runs checks, each as soon as its facts exist, several at once.
type Runner struct {
	Checks  []Check
	Timeout time.Duration // of a check that names none; zero means ten seconds
	// Grace is how long a check may go on after its context has ended. Then it
	// is abandoned, and the run goes on without it. Zero means a quarter second.
	Grace   time.Duration
	Now     func() time.Time // for times and durations in the report; nil means time.Now
	Observe func(Event)      // told of each start and end, one call at a time; may be nil
}

// An Event is the start or the end of one check.
type Event struct {
	Check  Check
	Result *Result // nil at the start
}

// Run runs the checks until all have ended or ctx has. What was found before
// an interruption or the deadline is in the report all the same. It panics if
// the checks do not fit together, as told by Validate.
func (r Runner) Run(ctx context.Context) Report {
	if err := Validate(r.Checks); err != nil {
		panic(err)
	}
	if r.Now == nil {
		r.Now = time.Now
	}
	r.Timeout = cmp.Or(r.Timeout, 10*time.Second)
	r.Grace = cmp.Or(r.Grace, 250*time.Millisecond)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := newRunState(r, ctx)
	defer s.cleanups.run()
	started := r.Now()
	for s.start() || s.running > 0 {
		if s.running > 0 {
			s.collect(s.next())
		}
	}
	s.abandonRunning()
	for k := range s.added {
		learn(s.known, []Key{k}, s.added)
	}
	return Report{
		Started: started, Duration: r.Now().Sub(started),
		Results: s.results, End: s.end(), facts: s.known,
	}
}

// run calls the check in its own goroutine and reports its end: by its
// result, its panic, or that it ignores a context that has ended.
func (s *runState) run(ctx context.Context, i int, f *Facts) {
	c := s.Checks[i]
	timeout := c.Timeout
	timeout = cmp.Or(timeout, s.Timeout)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	began := s.Now()
	out := make(chan checkEnd, 1)
	go func() {
		e := checkEnd{check: i, given: f.given}
		defer func() {
			if p := recover(); p != nil {
				e.fault, e.given = true, nil
				e.result = Result{Status: Fail, Code: CodeFault, Message: fmt.Sprintf("the check itself failed: %v", p)}
			}
			out <- e
		}()
		e.result = c.Run(ctx, f)
	}()
	e := s.await(ctx, out, i)
	e.began, e.duration = began, s.Now().Sub(began)
	s.ended <- e
}

func (s *runState) await(ctx context.Context, out <-chan checkEnd, i int) checkEnd {
	select {
	case e := <-out:
		return e
	case <-ctx.Done():
	}
	grace := time.NewTimer(s.Grace)
	defer grace.Stop()
	select {
	case e := <-out:
		return e
	case <-grace.C:
	}
	if s.ctx.Err() != nil {
		return checkEnd{check: i}
	}
	return checkEnd{check: i, fault: true, result: Result{
		Status: Fail, Code: CodeFault, Message: "the check itself failed: it did not end in its time"}}
}
