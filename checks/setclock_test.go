package checks_test

import (
	"context"
	"testing"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/watch"
	"upstox-doctor/fixtures/setclock"
	"upstox-doctor/fixtures/sim"
)

// atSetClock is the world of the scenario with a clock that can be set.
func atSetClock(t *testing.T, scenario string) (checks.World, *setclock.Clock) {
	t.Helper()
	sc, _ := sim.Find(scenario)
	s, err := sim.Start(sc, sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	w, machine := s.World("test"), new(setclock.Clock)
	machine.Set(time.Until(w.Now()))
	w.Now = machine.Now
	return w, machine
}

// eachStep calls f with the world of the scenario and what sets its clock, by a day
// forward and back.
func eachStep(t *testing.T, scenario string, f func(t *testing.T, w checks.World, set func())) {
	t.Helper()
	for _, by := range []time.Duration{24 * time.Hour, -24 * time.Hour} {
		t.Run(by.String(), func(t *testing.T) {
			t.Parallel()
			w, machine := atSetClock(t, scenario)
			f(t, w, func() { machine.Set(by) })
		})
	}
}

// TestClockIsSetInARun, after it was compared with the server's: no token ends by
// that, nothing lasts less than nothing, and no market closes.
func TestClockIsSetInARun(t *testing.T) {
	t.Parallel()
	eachStep(t, "healthy", func(t *testing.T, w checks.World, setClock func()) {
		r, err := checks.Run(t.Context(), w, checks.Options{Observe: func(e doctor.Event) {
			if e.Result != nil && e.Result.ID == checks.IDNetworkClock {
				setClock()
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		for _, res := range r.Results {
			if res.Status != doctor.Pass || res.Duration < 0 {
				t.Errorf("%s in %s: %s %s", res.ID, res.Duration, res.Status, res.Message)
			}
		}
		if r.Duration < 0 || r.Duration > time.Hour {
			t.Errorf("it took %s", r.Duration)
		}
	})
}

// TestClockIsSetInAWatch of half a second.
func TestClockIsSetInAWatch(t *testing.T) {
	t.Parallel()
	eachStep(t, "healthy", func(t *testing.T, w checks.World, setClock func()) {
		set := func(e watch.Event) {
			if e.Kind == watch.Open {
				setClock()
			}
		}
		s, err := w.Watch(t.Context(), watch.Options{For: time.Second / 2, RefreshEvery: time.Second / 10, Tape: set}, new(reader))
		if took := s.Ended.Sub(s.Began); err != nil || s.EndedBy != watch.EndDuration || took < time.Second/2 || took > time.Hour || s.Up > took || s.WorstDelay > time.Hour {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

// TestClockIsSetBeforeAReturn: by how much the clock is wrong is measured anew, and
// the prices that come then are as late as before.
func TestClockIsSetBeforeAReturn(t *testing.T) {
	t.Parallel()
	eachStep(t, "watch-dropped", func(t *testing.T, w checks.World, setClock func()) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		opened := 0
		set := func(e watch.Event) {
			switch {
			case e.Kind != watch.Open:
			case opened == 0:
				setClock()
				opened++
			default:
				opened++
				if off := e.Opened.Offset; off.Abs() > time.Minute {
					t.Errorf("the clock of the stream is taken to be off by %s", off)
				}
				stop()
			}
		}
		if _, err := w.Watch(ctx, watch.Options{For: time.Minute, RefreshEvery: time.Second / 10, Tape: set}, new(reader)); err != nil || opened != 2 {
			t.Error(err, opened)
		}
	})
}
