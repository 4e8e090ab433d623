package watch_test

import (
	"testing"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
)

// A week of November 2026: Thursday and Friday of trading, a weekend whose
// Sunday has the Diwali session, a Monday of trading, a Tuesday that is a
// holiday, a Wednesday. The user logs in at 08:00 each morning; at 08:30 the
// stream is lost, and once more in trading hours.
func TestTradingWeek(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("a week of a watch")
	}
	begin := time.Date(2026, time.November, 5, 8, 0, 0, 0, market.IST)
	st := play(t, func(st *simWatch) {
		st.from, st.serve.Hours = begin, true
		st.serve.Tick, st.opts.RefreshEvery = 15*time.Second, 5*time.Second
	}, func(st *simWatch) {
		st.wait(30 * time.Minute)
		for day := range 7 {
			if day > 0 {
				st.logIn()
				st.wait(30 * time.Minute) // since 08:00
			}
			st.cut()
			if day == 1 {
				st.wait(3 * time.Hour) // Friday 11:30
				st.cut()
				st.wait(20*time.Hour + 30*time.Minute)
				continue
			}
			st.wait(23*time.Hour + 30*time.Minute)
		}
	})
	s := st.summary
	const trading = 4*(6*time.Hour+15*time.Minute) + time.Hour // four days and the Diwali session
	if s.Status != doctor.Warn || s.Disconnects != 8 || s.Ended.Sub(s.Began) != 7*24*time.Hour {
		t.Errorf("status %s, %d episodes in %s, want 8 in a week\n%s", s.Status, s.Disconnects, s.Ended.Sub(s.Began), st.noticesText())
	}
	if (s.Open - trading).Abs() > 10*time.Minute {
		t.Errorf("open for %s, want %s", s.Open, trading)
	}
	var down time.Duration
	for _, g := range s.Gaps {
		down += g.To.Sub(g.From)
	}
	if len(s.Gaps) != 1 || s.Open-s.OpenUp > down || down > 2*time.Second {
		t.Errorf("gaps %v, open %s, of that up %s", s.Gaps, s.Open, s.OpenUp)
	}
	open := 0
	for _, e := range s.Episodes {
		if e.Kind != watch.Dropped || e.Attempts != 1 || e.Permanent {
			t.Errorf("%+v", e)
		}
		if e.Open {
			open++
		}
	}
	if open != 1 || len(s.Patterns) != 0 {
		t.Errorf("%d episodes in trading hours, patterns %v\n%s", open, s.Patterns, st.noticesText())
	}
	if got := st.count(watch.TokenNotice); got != 13 { // ends soon seven times, and another six times
		t.Errorf("%d words on the token", got)
	}
}
