package watch_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
)

// suspendable gives the watch a clock that counts suspends, and returns the
// function that suspends it.
func suspendable(st *simWatch) func(time.Duration) {
	var slept atomic.Int64
	st.opts.Uptime = func() time.Duration {
		return time.Duration(time.Now().UnixNano()) + time.Duration(slept.Load())
	}
	return func(d time.Duration) { slept.Add(int64(d)) }
}

// A connection that ends after a suspend is lost because of it, however the end
// shows.
func TestSuspend(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		scenario string
		cut      bool
		want     watch.EpisodeKind
		after    time.Duration // from waking up to giving up
	}{
		"the connection is gone":                                  {"healthy", true, watch.Dropped, 0},
		"it is dead and says nothing, which a ping finds at once": {"stream-stalled-after-snapshot", false, watch.Stalled, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var sleep func(time.Duration)
			st := play(t, func(st *simWatch) {
				st.name = tc.scenario
				sleep = suspendable(st)
			}, func(st *simWatch) {
				st.wait(5 * time.Second)
				sleep(45 * time.Minute)
				if tc.cut {
					st.cut()
				}
				st.wait(15 * time.Second)
			})
			e := only(t, st)
			if e.Kind != tc.want || e.Finding.Code != "machine-asleep" || !strings.Contains(e.Finding.Message, "slept for 45 min") || e.Finding.Evidence.Find("slept_seconds") != 2700 {
				t.Errorf("%s %+v\n%s", e.Kind, e.Finding, st.noticesText())
			}
			if given := st.first(watch.Disconnected).At.Sub(st.first(watch.Anomaly).At); st.count(watch.Anomaly) != 1 || given != tc.after {
				t.Errorf("given up %s after it woke, want %s\n%s", given, tc.after, st.noticesText())
			}
		})
	}
}

// A network that is not yet back after a suspend is not another cause, but a
// token that expired in the night is.
func TestFaultAfterASuspend(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{"offline": "machine-asleep", "token-expired": "token-expired"} {
		c := newTrackerTest(monday, watch.Opened{}, nifty)
		c.frame(time.Second, 0, c.now, frameEntry{nifty, 100, monday})
		c.after(8*time.Hour, watch.Event{Kind: watch.Slept, Wait: 8 * time.Hour})
		c.handle(watch.Event{Kind: watch.Closed, End: &watch.End{Words: "gone"}})
		c.refusedBy(code)
		if got := c.Summary().Episodes[0].Finding.Code; got != want {
			t.Errorf("%s, want %s\n%s", got, want, c.noticesText())
		}
	}
}

// A stream that survives a suspend is not lost; the prices sent meanwhile are.
func TestSessionsWithinASuspend(t *testing.T) {
	t.Parallel()
	var sleep func(time.Duration)
	st := play(t, func(st *simWatch) { sleep = suspendable(st) }, func(st *simWatch) {
		st.wait(time.Minute)
		sleep(29 * time.Second) // a busy machine
		st.wait(time.Minute)
		sleep(time.Minute)
		st.wait(time.Minute)
	})
	if st.summary.Disconnects != 0 || st.count(watch.Anomaly) != 1 || st.first(watch.Anomaly).Finding.Code != "machine-asleep" {
		t.Errorf("%s", st.noticesText())
	}
}

// A deadline that expired during a suspend does not count: the feed is pinged
// again.
func TestDeadlineInASuspend(t *testing.T) {
	t.Parallel()
	var sleep func(time.Duration)
	st := play(t, func(st *simWatch) {
		st.name, st.opts.RefreshEvery = "stream-stalled-after-snapshot", time.Hour
		sleep = suspendable(st)
	}, func(st *simWatch) {
		st.wait(15 * time.Second) // a ping was sent five seconds ago
		sleep(45 * time.Minute)
		st.wait(20 * time.Second)
	})
	if given := st.first(watch.Disconnected).At.Sub(only(t, st).Began); given != 30*time.Second {
		t.Errorf("given up after %s, want 20 s and the time for another answer\n%s", given, st.noticesText())
	}
}

// A watch that waits for a slow reader is not suspended.
func TestSlowReaderIsNoSuspend(t *testing.T) {
	t.Parallel()
	st := play(t, func(st *simWatch) { suspendable(st) }, func(st *simWatch) {
		st.wait(time.Minute)
		st.recordingSink.mu.Lock()
		st.slow = sync.OnceFunc(func() { time.Sleep(10 * time.Minute) })
		st.recordingSink.mu.Unlock()
		st.wait(15 * time.Minute)
	})
	wantEpisode(t, st, watch.Starved, "slow-consumer", doctor.Warn)
	if st.count(watch.Anomaly) != 0 {
		t.Errorf("%s", st.noticesText())
	}
}

// A suspend is the cause only of an end soon after it, and only if the stream
// shows no other cause.
func TestWhatASuspendExplains(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		wait time.Duration // from waking up to the end
		end  watch.End
		want string
	}{
		{"at once", 0, watch.End{Words: "gone"}, "machine-asleep"},
		{"soon", time.Minute, watch.End{Words: "gone"}, "machine-asleep"},
		{"before", -time.Hour - time.Second, watch.End{Words: "gone"}, "stream-dropped"},
		{"later", time.Minute + time.Second, watch.End{Words: "gone"}, "stream-dropped"},
		{"with a goodbye", 0, watch.End{Clean: true, Code: 1001, Words: "bye"}, "stream-closed"},
		{"with nonsense", 0, watch.End{Malformed: catalog.KindCorrupt, Words: "bad frame"}, "frame-corrupt"},
	} {
		c := newTrackerTest(monday, watch.Opened{}, nifty)
		c.frame(time.Second, 0, c.now, frameEntry{nifty, 100, monday})
		c.after(time.Hour, watch.Event{Kind: watch.Slept, Wait: time.Hour})
		c.after(tc.wait, watch.Event{Kind: watch.Closed, End: &tc.end})
		if got := c.Summary().Episodes[0].Finding.Code; got != tc.want {
			t.Errorf("%s: %s, want %s\n%s", tc.name, got, tc.want, c.noticesText())
		}
	}
}

// The gap of a suspend covers trading hours only.
func TestGapOfASuspend(t *testing.T) {
	t.Parallel()
	at := func(hour, minute int) time.Time {
		return time.Date(2026, time.November, 23, hour, minute, 0, 0, market.IST)
	}
	for _, tc := range []struct {
		name  string
		began time.Time
		slept time.Duration
		lost  watch.Kind // how the feed was lost after it; empty if it survives
		want  []watch.Gap
	}{
		{"in trading hours", at(10, 15), 45 * time.Minute, "", []watch.Gap{{From: at(10, 16), To: at(11, 1)}}},
		{"over the opening", at(9, 0), 45 * time.Minute, "", []watch.Gap{{From: at(9, 15), To: at(9, 46)}}},
		{"after hours", at(16, 0), 45 * time.Minute, "", nil},
		{"over the close", at(15, 0), 45 * time.Minute, "", []watch.Gap{{From: at(15, 1), To: at(15, 30)}}},
		{"over a night", at(15, 0), 18*time.Hour + 30*time.Minute, "", []watch.Gap{{From: at(15, 1), To: at(15, 30)}, {From: at(24+9, 15), To: at(24+9, 31)}}},
		{"of a feed that was reset", at(10, 15), 45 * time.Minute, watch.Pinged, []watch.Gap{{From: at(10, 16), To: at(11, 3)}}},
		{"of a feed that was lost over a night", at(15, 0), 18*time.Hour + 30*time.Minute, watch.Silent, []watch.Gap{{From: at(15, 1), To: at(15, 30)}, {From: at(24+9, 15), To: at(24+9, 33)}}},
		{"of a feed that was lost", at(10, 15), 45 * time.Minute, watch.Silent, []watch.Gap{{From: at(10, 16), To: at(11, 3)}}},
	} {
		c := newTrackerTest(tc.began, watch.Opened{}, nifty)
		c.frame(0, 0, c.now, frameEntry{nifty, 100, tc.began})
		c.after(tc.slept+time.Minute, watch.Event{Kind: watch.Slept, Wait: tc.slept})
		if tc.lost != "" {
			c.after(time.Minute, watch.Event{Kind: tc.lost})
			c.handle(watch.Event{Kind: watch.Closed, End: &watch.End{Words: "gone"}})
			c.after(time.Minute, watch.Event{Kind: watch.Open, Opened: &watch.Opened{}})
		}
		c.frame(0, 0, c.now, frameEntry{nifty, 100, c.now})
		c.frame(time.Second, 1, c.now, frameEntry{nifty, 100, c.now})
		if diff := cmp.Diff(tc.want, c.Summary().Gaps); diff != "" {
			t.Errorf("%s: gaps (-want +got):\n%s", tc.name, diff)
		}
	}
}

// A holiday that only the feed knows has no gaps, and a suspend within a gap
// adds none.
func TestNoGapOfASuspend(t *testing.T) {
	t.Parallel()
	c := newTrackerTest(monday, watch.Opened{}, nifty)
	c.after(0, watch.Event{Kind: watch.Frame, Data: marketInfo("NSE_INDEX", 3)})
	c.after(time.Hour, watch.Event{Kind: watch.Slept, Wait: time.Hour})
	c.frame(0, 0, c.now, frameEntry{nifty, 100, c.now})
	if gaps := c.Summary().Gaps; len(gaps) != 0 {
		t.Errorf("gaps on a holiday: %v", gaps)
	}
	c = newTrackerTest(monday, watch.Opened{}, nifty)
	c.frame(0, 0, c.now, frameEntry{nifty, 100, c.now})
	c.handle(watch.Event{Kind: watch.Closed, End: &watch.End{Words: "gone"}})
	c.after(time.Minute, watch.Event{Kind: watch.Open, Opened: &watch.Opened{}})
	c.after(time.Hour, watch.Event{Kind: watch.Slept, Wait: time.Hour})
	c.frame(0, 0, c.now, frameEntry{nifty, 100, c.now})
	c.frame(time.Second, 1, c.now, frameEntry{nifty, 100, c.now})
	if gaps := c.Summary().Gaps; len(gaps) != 1 || gaps[0].To.Sub(gaps[0].From) != time.Hour+time.Minute {
		t.Errorf("gaps %v, want one", gaps)
	}
}
