package watch_test

import (
	"sync/atomic"
	"testing"
	"time"

	"upstox-doctor/checks/watch"
	"upstox-doctor/fixtures/setclock"
)

func TestSteady(t *testing.T) {
	t.Parallel()
	var machine setclock.Clock
	var suspended time.Duration
	begun := time.Now()
	clock := watch.Steady(machine.Now, func() time.Duration { return time.Since(begun) + suspended })
	last := begun
	for _, by := range []time.Duration{time.Hour, -3 * time.Hour, 24 * 365 * time.Hour, -24 * 365 * time.Hour} {
		machine.Set(by)
		from, at, to := time.Now(), clock(), time.Now()
		if at.Before(from) || at.After(to.Add(time.Millisecond)) || at.Before(last) {
			t.Errorf("set by %s, it shows %s at %s", by, at, from)
		}
		last = at
	}
	suspended = time.Hour
	if slept := clock().Sub(last); slept < time.Hour-time.Minute || slept > time.Hour+time.Minute {
		t.Errorf("an hour of suspend is %s", slept)
	}
}

// TestClockIsSetWhileWatching: durations go on, and the hour of the end is that of
// the clock as it is set.
func TestClockIsSetWhileWatching(t *testing.T) {
	t.Parallel()
	const lasts = 2 * time.Minute
	for name, by := range map[string]time.Duration{"forward": time.Hour, "back": -time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := play(t, func(st *simWatch) {
				st.opts.For = lasts
				st.setWhenOpen(by)
			}, nil)
			s := st.summary
			if took := s.Ended.Sub(s.Began); s.EndedBy != watch.EndDuration || took < lasts || took > lasts+time.Second || s.Up < lasts-time.Second || s.Up > took || len(s.Gaps) > 0 {
				t.Errorf("%+v", s)
			}
		})
		t.Run("until, "+name, func(t *testing.T) {
			t.Parallel()
			st := play(t, func(st *simWatch) {
				st.opts.Until = monday.Add(max(by, 0) + time.Minute)
				st.setWhenOpen(by)
			}, nil)
			want := time.Minute - min(by, 0)
			if s := st.summary; s.EndedBy != watch.EndTime || s.Up < want-time.Second || s.Up > want+time.Second {
				t.Errorf("%+v, want %s", s, want)
			}
		})
	}
}

// setWhenOpen sets the clock when the feed is open. Virtual time is the steady one.
func (st *simWatch) setWhenOpen(by time.Duration) {
	var ahead atomic.Int64
	st.opts.Wall = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	st.opts.Tape = func(e watch.Event) {
		if e.Kind == watch.Open {
			ahead.Store(int64(by))
		}
	}
}
