package doctor

import (
	"context"
	"errors"
	"slices"
	"time"
)

// lastWait is how long dispensable checks are waited for when nothing else is
// under way: long enough for answers that are on their way already.
const lastWait = 250 * time.Millisecond

// errDispensed is why the context of a dispensable check ends early.
var errDispensed = errors.New("nothing else is waited for")

// Dispensed reports whether the context of a check has ended because the facts
// of its Unless were known and nothing but such checks was under way.
func Dispensed(ctx context.Context) bool { return errors.Is(context.Cause(ctx), errDispensed) }

// dispensable reports whether the facts of the check's Unless are known.
func (s *runState) dispensable(i int) bool {
	unless := s.Checks[i].Unless
	return len(unless) > 0 && !slices.ContainsFunc(unless, func(k Key) bool { return !s.exists(k) })
}

// next waits for the end of a check. Where only dispensable ones are under way,
// it does not wait for long.
func (s *runState) next() checkEnd {
	for i, p := range s.phases {
		if p == running && !s.dispensable(i) {
			return <-s.ended
		}
	}
	wait := time.NewTimer(lastWait)
	defer wait.Stop()
	select {
	case e := <-s.ended:
		return e
	case <-wait.C:
	}
	for i, p := range s.phases {
		if p == running {
			s.cancels[i](errDispensed)
		}
	}
	return <-s.ended
}

// otherwise is the result that takes the place of a fail.
func (r Result) otherwise() Result {
	o := *r.Otherwise
	o.Began, o.Duration = r.Began, r.Duration
	return o
}
