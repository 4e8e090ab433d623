package watch_test

import (
	"testing"
	"time"
)

// Options.Speedup shortens the budget's period, and the budget is still kept.
func TestSpeedup(t *testing.T) {
	t.Parallel()
	st := play(t, func(st *simWatch) {
		st.name, st.opts.Speedup, st.opts.RefreshEvery = "stream-dropped-at-once", 60, 10*time.Millisecond
	}, func(st *simWatch) { st.wait(30 * time.Second) })
	calls := st.simConnector.authorized
	if len(calls) > 80 || len(calls) < 40 {
		t.Errorf("%d calls in half a minute, want 20 in ten seconds", len(calls))
	}
	for i := range calls {
		if i >= 20 && calls[i].Sub(calls[i-20]) < 10*time.Second {
			t.Errorf("21 calls within %s", calls[i].Sub(calls[i-20]))
		}
	}
}
