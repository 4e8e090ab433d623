package checks_test

import (
	"testing"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/watch"
	"upstox-doctor/fixtures/setclock"
	"upstox-doctor/fixtures/sim"
)

// atSetClock is the world of a healthy Upstox whose clock can be set.
func atSetClock(t *testing.T) (checks.World, *setclock.Clock) {
	t.Helper()
	sc, _ := sim.Find("healthy")
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

// TestClockIsSetInARun, after it was compared with the server's: no token ends by
// that, nothing lasts less than nothing, and no market closes.
func TestClockIsSetInARun(t *testing.T) {
	t.Parallel()
	for _, by := range []time.Duration{24 * time.Hour, -24 * time.Hour} {
		t.Run(by.String(), func(t *testing.T) {
			t.Parallel()
			w, machine := atSetClock(t)
			r, err := checks.Run(t.Context(), w, checks.Options{Observe: func(e doctor.Event) {
				if e.Result != nil && e.Result.ID == checks.IDNetworkClock {
					machine.Set(by)
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
}

// TestClockIsSetInAWatch of half a second.
func TestClockIsSetInAWatch(t *testing.T) {
	t.Parallel()
	for _, by := range []time.Duration{24 * time.Hour, -24 * time.Hour} {
		t.Run(by.String(), func(t *testing.T) {
			t.Parallel()
			w, machine := atSetClock(t)
			set := func(e watch.Event) {
				if e.Kind == watch.Open {
					machine.Set(by)
				}
			}
			s, err := w.Watch(t.Context(), watch.Options{For: time.Second / 2, RefreshEvery: time.Second / 10, Tape: set}, new(reader))
			if took := s.Ended.Sub(s.Began); err != nil || s.EndedBy != watch.EndDuration || took < time.Second/2 || took > time.Hour || s.Up > took || s.WorstDelay > time.Hour {
				t.Errorf("%+v, %v", s, err)
			}
		})
	}
}
