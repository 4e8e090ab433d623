package watch_test

import (
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/watch"
)

// only returns the single episode of a watch.
func only(t *testing.T, st *simWatch) watch.Episode {
	t.Helper()
	if len(st.summary.Episodes) != 1 {
		t.Fatalf("%d episodes, want one\n%s", len(st.summary.Episodes), st.noticesText())
	}
	return st.summary.Episodes[0]
}

func wantEpisode(t *testing.T, st *simWatch, kind watch.EpisodeKind, code string, status doctor.Status) watch.Episode {
	t.Helper()
	e := only(t, st)
	if e.Kind != kind || e.Finding.Code != code || st.summary.Status != status {
		t.Errorf("%s %s, status %s; want %s %s, %s\n%s", e.Kind, e.Finding.Code, st.summary.Status, kind, code, status, st.noticesText())
	}
	if e.Finding.Message == "" || e.N != 1 || e.Began.IsZero() {
		t.Errorf("episode is not whole: %+v", e)
	}
	if catalog.Lookup(e.Finding.Code) == nil {
		t.Errorf("the catalog has no %s", e.Finding.Code)
	}
	if came := status == doctor.Warn; came == e.Ended.IsZero() {
		t.Errorf("status %s, and the episode ended %s", status, e.Ended)
	}
	return e
}

func TestDropped(t *testing.T) {
	t.Parallel()
	st := play(t, nil, func(st *simWatch) {
		st.wait(10 * time.Minute)
		st.cut()
		st.wait(10 * time.Minute)
	})
	e := wantEpisode(t, st, watch.Dropped, "stream-dropped", doctor.Warn)
	if e.ConnectionAge != 10*time.Minute || e.Attempts != 1 || !e.Open || e.Permanent {
		t.Errorf("%+v", e)
	}
	if g := st.summary.Gaps; len(g) != 1 || !g[0].From.Equal(e.Began) || !g[0].To.Equal(e.Ended) {
		t.Errorf("gaps %v, want that of the episode", g)
	}
	if gap := e.Ended.Sub(e.Began); st.summary.OpenUp != 20*time.Minute-gap || gap > 2*time.Second {
		t.Errorf("up %s of open hours with a gap of %s", st.summary.OpenUp, gap)
	}
}

// A connection that is lost on reconnect, before prices, belongs to the same
// episode.
func TestDroppedOnReturn(t *testing.T) {
	t.Parallel()
	st := play(t, func(st *simWatch) { st.name = "stream-dropped-at-once" }, func(st *simWatch) { st.wait(time.Minute) })
	e := wantEpisode(t, st, watch.Dropped, "stream-dropped", doctor.Fail)
	if e.Attempts < 3 || st.count(watch.Disconnected) != 1 {
		t.Errorf("%d attempts\n%s", e.Attempts, st.noticesText())
	}
}

func TestClosedByServer(t *testing.T) {
	t.Parallel()
	st := play(t, func(st *simWatch) { st.name = "stream-closed" }, func(st *simWatch) { st.wait(time.Minute) })
	e := wantEpisode(t, st, watch.ByServer, "stream-closed", doctor.Fail)
	if e.Finding.Evidence.Find("close_code") != 1008 || e.Finding.Evidence.Find("close_reason") != "session replaced" {
		t.Errorf("evidence %v", e.Finding.Evidence)
	}
}

func TestStalled(t *testing.T) {
	t.Parallel()
	st := play(t, func(st *simWatch) { st.name = "stream-stalled-after-snapshot" }, func(st *simWatch) { st.wait(30 * time.Second) })
	e := only(t, st)
	if e.Kind != watch.Stalled || e.Finding.Code != "stream-stalled" {
		t.Errorf("%+v\n%s", e, st.noticesText())
	}
	given := st.first(watch.Disconnected).At
	if given.Sub(e.Began) != 20*time.Second {
		t.Errorf("given up %s after the last sign of life, want ten of silence and ten of waiting", given.Sub(e.Began))
	}
	if e.ConnectionAge != 0 || st.summary.Up != 30*time.Second-st.summary.Gaps[0].To.Sub(e.Began) || !st.summary.Gaps[0].From.Equal(e.Began) {
		t.Errorf("lived %s, up %s, gaps %v: the time without a sign of life is none of a feed that lives", e.ConnectionAge, st.summary.Up, st.summary.Gaps)
	}
}

func TestSilent(t *testing.T) {
	t.Parallel()
	st := play(t, func(st *simWatch) {
		st.name, st.opts.PriceWait = "stream-silent", time.Minute
	}, func(st *simWatch) { st.wait(time.Minute) })
	wantEpisode(t, st, watch.Stalled, "stream-silent", doctor.Fail)
}

func TestSubscriptionIgnored(t *testing.T) {
	t.Parallel()
	st := play(t, func(st *simWatch) { st.name = "no-snapshot" }, func(st *simWatch) { st.wait(5 * time.Minute) })
	wantEpisode(t, st, watch.Stalled, "no-snapshot", doctor.Fail)
	if st.examines != 1 {
		t.Errorf("examined %d times, want once", st.examines)
	}
}

func TestBadFrames(t *testing.T) {
	t.Parallel()
	for scenario, code := range map[string]string{
		"frame-undecodable": "frame-undecodable", "frame-not-binary": "frame-not-binary",
	} {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			st := play(t, func(st *simWatch) { st.name = scenario }, func(st *simWatch) { st.wait(time.Minute) })
			if e := only(t, st); e.Finding.Code != code {
				t.Errorf("%+v\n%s", e, st.noticesText())
			}
		})
	}
}

// A close for too many connections names the other programs that hold one.
func TestTooManyConnections(t *testing.T) {
	t.Parallel()
	st := play(t, func(st *simWatch) {
		st.name, st.peers, st.programs = "watch-too-many-connections", 2, []string{"python3 (process 42)"}
	}, func(st *simWatch) { st.wait(time.Minute) })
	e := only(t, st)
	if e.Kind != watch.ByServer || e.Finding.Code != "connection-limit" || !strings.Contains(e.Finding.Message, "python3 (process 42)") ||
		e.Finding.Evidence.Find("local_programs") == nil || e.Finding.Evidence.Find("other_local_connections") != 2 {
		t.Errorf("%+v\n%s", e, st.noticesText())
	}
}

// A close for another reason names none.
func TestOtherProgramsAreNotBlamed(t *testing.T) {
	t.Parallel()
	st := play(t, func(st *simWatch) {
		st.name, st.peers, st.programs = "watch-closed-1008", 1, []string{"python3 (process 42)"}
	}, func(st *simWatch) { st.wait(time.Minute) })
	if e := only(t, st); e.Finding.Code != "stream-closed" || strings.Contains(e.Finding.Message, "python3") {
		t.Errorf("%+v\n%s", e, st.noticesText())
	}
}

// A reader that is too slow loses the stream, and the finding blames the reader.
func TestStarved(t *testing.T) {
	t.Parallel()
	st := play(t, nil, func(st *simWatch) {
		st.wait(time.Minute)
		st.recordingSink.mu.Lock()
		var once bool
		st.slow = func() {
			if !once {
				once = true
				time.Sleep(10 * time.Minute)
			}
		}
		st.recordingSink.mu.Unlock()
		st.wait(15 * time.Minute)
	})
	wantEpisode(t, st, watch.Starved, "slow-consumer", doctor.Warn)
	if st.count(watch.Overload) == 0 || st.summary.Backpressure < 5*time.Second {
		t.Errorf("unread for %s\n%s", st.summary.Backpressure, st.noticesText())
	}
}

// A consumer that only lags gets a warning and loses nothing.
func TestOverloaded(t *testing.T) {
	t.Parallel()
	st := play(t, nil, func(st *simWatch) {
		st.wait(time.Minute)
		st.recordingSink.mu.Lock()
		var once bool
		st.slow = func() {
			if !once {
				once = true
				time.Sleep(70 * time.Second) // 280 frames; 256 wait in the queue
			}
		}
		st.recordingSink.mu.Unlock()
		st.wait(5 * time.Minute)
	})
	s := st.summary
	if s.Disconnects != 0 || st.count(watch.Overload) != 1 || s.Backpressure < time.Second || s.Backpressure > 10*time.Second || s.Status != doctor.Pass {
		t.Errorf("%+v\n%s", s, st.noticesText())
	}
}

// A screen that is slow to draw is not silence of the feed: queued events are
// handled before the feed is called dead.
func TestSlowScreenIsNoSilence(t *testing.T) {
	t.Parallel()
	st := play(t, func(st *simWatch) {
		st.from, st.serve.Hours = monday.AddDate(0, 0, -1), true
		st.drawn = func() { time.Sleep(12 * time.Second) }
	}, func(st *simWatch) { st.wait(2 * time.Hour) })
	if st.summary.Disconnects != 0 {
		t.Errorf("%d episodes\n%s", st.summary.Disconnects, st.noticesText())
	}
}

// Neither a closed market nor a quiet instrument is a fault, and pings keep
// the stream alive.
func TestClosedMarketOvernight(t *testing.T) {
	t.Parallel()
	st := play(t, func(st *simWatch) {
		st.from = monday.AddDate(0, 0, 2).Add(5 * time.Hour) // Wednesday 15:15
		st.serve.Hours = true
		st.serve.Tick, st.opts.RefreshEvery = 2*time.Second, time.Second
	}, func(st *simWatch) { st.wait(18*time.Hour + 15*time.Minute) }) // until Thursday 09:30
	s := st.summary
	if s.Disconnects != 0 || s.Status != doctor.Pass || len(st.simConnector.authorized) != 1 {
		t.Errorf("%+v\n%s", s, st.noticesText())
	}
	if s.Open < 30*time.Minute-2*time.Second || s.Open > 30*time.Minute+2*time.Second || s.Open != s.OpenUp || s.Up != 18*time.Hour+15*time.Minute {
		t.Errorf("open %s, up %s, of that open %s", s.Open, s.Up, s.OpenUp)
	}
	if st.count(watch.MarketNotice) != 3 || st.count(watch.TokenNotice) != 1 { // closes, pre-open, opens; the token ends soon
		t.Errorf("\n%s", st.noticesText())
	}
}
