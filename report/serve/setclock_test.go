package serve

import (
	"testing"
	"time"

	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
	"upstox-doctor/fixtures/setclock"
)

// TestClockIsSetWhileAStreamIsShown: ages stay what they are, the next run comes
// when it would have come, and the stream was connected as long as it was.
func TestClockIsSetWhileAStreamIsShown(t *testing.T) {
	t.Parallel()
	for _, by := range []time.Duration{2 * time.Hour, -2 * time.Hour} {
		t.Run(by.String(), func(t *testing.T) {
			t.Parallel()
			var machine setclock.Clock
			s := once(document())
			s.Feed, s.Now = &Feed{}, machine.Now
			s.init()
			s.show(func(st *State) { st.Next = s.now().Add(time.Minute) })
			clock := watch.Steady(machine.Now, func() time.Duration { return 0 })
			k := newSink(s, []string{nifty})
			begun := clock()
			show := func(after time.Duration) {
				state := ticking(begun.Add(after), 24000)
				state.Begun, state.Market, state.Link = begun, market.Open, watch.LinkUp
				state.Quotes[0].Arrived = state.Now.Add(-time.Second)
				k.drawn = time.Time{}
				k.Refresh(state)
			}
			show(0)
			machine.Set(by)
			show(0)
			show(5 * time.Second)
			st := s.state
			if age := st.Now.Sub(st.Stream.Quotes[0].Arrived.Round(0)).Round(0); age < -10*time.Second || age > time.Minute {
				t.Errorf("the tick is %s old", age)
			}
			if left := st.Next.Round(0).Sub(st.Now.Round(0)); left < 0 || left > time.Minute {
				t.Errorf("the next run is %s away", left)
			}
			if age := s.now().Sub(s.figures.lastTick); age < -10*time.Second || age > time.Minute {
				t.Errorf("of the figures %s", age)
			}
			day := k.day.happening(k.last)
			if day.Lasted != 5*time.Second || day.Open != 5*time.Second {
				t.Errorf("the stream lasted %s, connected %s", day.Lasted, day.Open)
			}
		})
	}
	if got := ago(time.Now().Add(time.Hour), time.Now()); got != "0 s ago" {
		t.Errorf("a run that was checked in an hour: %s", got)
	}
}
