package watch_test

import (
	"slices"
	"testing"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
)

const (
	share  = "NSE_EQ|INE002A01018"
	option = "NSE_FO|45450" // one that is traded all the time
	crude  = "MCX_FO|440939"
	dollar = "NCD_FO|10442"
	sensex = "BSE_INDEX|SENSEX"
)

// A key that trades and has no tick is reported once, the others are not, and
// the stream goes on.
func TestFrozenKey(t *testing.T) {
	t.Parallel()
	st := play(t, func(st *simWatch) {
		st.name, st.opts.Control, st.opts.Keys = "watch-frozen-key", nifty, []string{nifty, option, share}
	}, func(st *simWatch) { st.wait(10 * time.Minute) })
	n := st.first(watch.Anomaly)
	if st.summary.Disconnects != 0 || st.count(watch.Anomaly) != 1 || n.Finding.Code != "no-live-ticks" || n.Finding.Target != share || n.Finding.Confidence != doctor.Likely {
		t.Errorf("%+v\n%s", n, st.noticesText())
	}
	if len(st.quotes) < 2 || len(st.quotes) > 10 {
		t.Errorf("%d quotes in ten minutes", len(st.quotes))
	}
	for _, keys := range st.quotes {
		if !slices.Equal(keys, []string{share}) {
			t.Errorf("quotes of %s, which tick", keys)
		}
	}
	if f := st.summary.FrozenKeys; st.summary.Status != doctor.Warn || len(f) != 1 || f[0].Target != share {
		t.Errorf("status %s, frozen keys %v", st.summary.Status, f)
	}
}

// Keys that are not traded, markets that are closed, commodities in the evening,
// a weekend, the Diwali session on its Sunday, and a holiday with an evening of
// commodities raise no alarm in a week, and cost no stream. Quotes are requested
// only of keys that are silent in their own session.
func TestQuietWeek(t *testing.T) {
	t.Parallel()
	days := 7
	if testing.Short() {
		days = 1
	}
	for _, scenario := range []string{"healthy", "watch-quiet-instrument"} {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			st := play(t, func(st *simWatch) {
				st.name, st.from, st.serve.Hours = scenario, time.Date(2026, time.November, 5, 8, 0, 0, 0, market.IST), true
				st.serve.Tick, st.opts.RefreshEvery = 10*time.Second, 5*time.Second
				st.opts.Control, st.opts.Keys = nifty, []string{nifty, share, option, crude, dollar, sensex}
			}, func(st *simWatch) {
				for range days {
					st.logIn()
					st.wait(24 * time.Hour)
				}
			})
			if st.count(watch.Anomaly) != 0 || st.summary.Disconnects != 0 || st.summary.Ended.Sub(st.summary.Began) != time.Duration(days)*24*time.Hour {
				t.Errorf("%s\n%s", st.summary.Status, st.noticesText())
			}
			if asked := len(st.quotes) > 0; asked != (scenario == "watch-quiet-instrument") {
				t.Errorf("%d quotes were requested", len(st.quotes))
			}
		})
	}
}
