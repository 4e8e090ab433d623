package watch_test

import (
	"testing"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/watch"
	"upstox-doctor/fixtures/sim"
)

// If the server drops every connection at once, no more URLs are requested than
// the budget allows in any ten minutes.
func TestBudget(t *testing.T) {
	t.Parallel()
	st := play(t, func(st *simWatch) { st.name = "stream-dropped-at-once" }, func(st *simWatch) { st.wait(30*time.Minute - time.Second) })
	calls := st.simConnector.authorized
	if len(calls) > 60 || len(calls) < 30 {
		t.Errorf("%d calls in half an hour", len(calls))
	}
	for i := range calls {
		if i >= 20 && calls[i].Sub(calls[i-20]) < 10*time.Minute {
			t.Errorf("21 calls within %s", calls[i].Sub(calls[i-20]))
		}
	}
}

// refusing refuses every attempt.
func refusing(e *catalog.Entry, after time.Duration) func(*simWatch) {
	return func(st *simWatch) { st.refuse = func(int) *watch.Refusal { return refusal(e, "refused", after) } }
}

// pauses are the times between attempts.
func pauses(st *simWatch) []time.Duration {
	var all []time.Duration
	for i := 1; i < len(st.simConnector.authorized); i++ {
		all = append(all, st.simConnector.authorized[i].Sub(st.simConnector.authorized[i-1]))
	}
	return all
}

func TestPausesGrow(t *testing.T) {
	t.Parallel()
	st := play(t, refusing(catalog.UpstoxUnavailable, 0), func(st *simWatch) { st.wait(5 * time.Minute) })
	limit := time.Second
	for i, p := range pauses(st) {
		if p > limit {
			t.Errorf("pause %d is %s, want at most %s", i+1, p, limit)
		}
		limit = min(2*limit, time.Minute)
	}
	if n := len(pauses(st)); n < 6 {
		t.Errorf("%d pauses in five minutes", n)
	}
	e := wantEpisode(t, st, watch.NeverOpened, "upstox-unavailable", doctor.Fail)
	if e.Attempts != len(st.simConnector.authorized) {
		t.Errorf("%d attempts are told, %d were made", e.Attempts, len(st.simConnector.authorized))
	}
}

func TestRetryAfterIsObeyed(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name           string
		entry          *catalog.Entry
		after          time.Duration
		within         time.Duration
		least, longest []time.Duration
	}{
		{"rate limited for two minutes", catalog.RateLimited, 2 * time.Minute, 5 * time.Minute,
			[]time.Duration{2 * time.Minute, 2 * time.Minute}, []time.Duration{121 * time.Second, 122 * time.Second}},
		{"for a day, which is too long", catalog.RateLimited, 24 * time.Hour, 40 * time.Minute,
			[]time.Duration{15 * time.Minute}, []time.Duration{15*time.Minute + time.Second}},
		{"banned by Cloudflare", catalog.EdgeRateLimited, 0, 10 * time.Minute,
			[]time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute}, []time.Duration{75 * time.Second, 150 * time.Second, 5 * time.Minute}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			st := play(t, refusing(tc.entry, tc.after), func(st *simWatch) { st.wait(tc.within) })
			got := pauses(st)
			if len(got) < len(tc.least) {
				t.Fatalf("pauses %v", got)
			}
			for i := range tc.least {
				if got[i] < tc.least[i] || got[i] > tc.longest[i] {
					t.Errorf("pause %d is %s, want %s to %s", i+1, got[i], tc.least[i], tc.longest[i])
				}
			}
		})
	}
}

// A fault that only the user can solve ends the watch at once.
func TestNotRetryable(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		scenario string
		code     string
		calls    int
	}{
		{"handshake-unauthorized", "handshake-unauthorized", 1},
		{"handshake-forbidden", "handshake-forbidden", 3},
		{"handshake-edge-blocked", "edge-blocked", 1},
		{"handshake-redirected", "handshake-redirected", 1},
		{"app-inactive", "app-inactive", 1},
	} {
		t.Run(tc.scenario, func(t *testing.T) {
			t.Parallel()
			if _, found := sim.Find(tc.scenario); !found {
				t.Skip("no such scenario")
			}
			st := play(t, func(st *simWatch) { st.name, st.opts.For = tc.scenario, time.Hour }, nil)
			e := wantEpisode(t, st, watch.NeverOpened, tc.code, doctor.Fail)
			if !e.Permanent || st.summary.EndedBy != watch.EndNotRetryable || st.calls() != tc.calls {
				t.Errorf("final %t, why %s, %d calls, want %d\n%s", e.Permanent, st.summary.EndedBy, st.calls(), tc.calls, st.noticesText())
			}
		})
	}
}

// Each diagnosis is treated as its entry says.
func TestRetry(t *testing.T) {
	t.Parallel()
	for _, e := range catalog.All() {
		t.Run(e.Code, func(t *testing.T) {
			t.Parallel()
			st := play(t, func(st *simWatch) {
				refusing(e, 0)(st)
				st.opts.For = 5 * time.Minute
			}, nil)
			attempts, examines, ends := 2, 0, watch.EndDuration
			switch {
			case e == catalog.HandshakeForbidden: // the third in a row counts
				attempts, ends = 3, watch.EndNotRetryable
			case e.Retry == catalog.Never && e.Grade != catalog.Warns:
				attempts, ends = 1, watch.EndNotRetryable
			case e.Retry == catalog.Ask:
				examines = 1
			}
			if got := only(t, st).Attempts; st.summary.EndedBy != ends || got < attempts || ends == watch.EndNotRetryable && got > attempts || st.examines != examines {
				t.Errorf("%d attempts and %d examinations, ended by %s\n%s", got, st.examines, st.summary.EndedBy, st.noticesText())
			}
		})
	}
}

// Refusals with others in between do not count as three in a row.
func TestForbiddenNotInARow(t *testing.T) {
	t.Parallel()
	st := play(t, func(st *simWatch) {
		st.refuse = func(n int) *watch.Refusal {
			switch {
			case n > 8:
				return nil
			case n%3 == 0:
				return refusal(catalog.UpstoxUnavailable, "refused", 0)
			}
			return refusal(catalog.HandshakeForbidden, "refused", 0)
		}
	}, func(st *simWatch) { st.wait(20 * time.Minute) })
	if e := only(t, st); e.Ended.IsZero() || e.Attempts != 9 || st.summary.Status != doctor.Warn {
		t.Errorf("%+v\n%s", e, st.noticesText())
	}
}

// The token is read again before each attempt.
func TestTokenReadAgain(t *testing.T) {
	t.Parallel()
	st := play(t, (*simWatch).slowTicks, func(st *simWatch) {
		st.wait(22 * time.Hour) // past 03:30; the stream goes on
		st.logIn()
		st.cut()
		st.wait(time.Minute)
	})
	wantEpisode(t, st, watch.Dropped, "stream-dropped", doctor.Warn)
	if st.count(watch.TokenNotice) != 2 { // it expires soon; another is in use
		t.Errorf("\n%s", st.noticesText())
	}
}

// A stream that is lost after its token has expired does not come back, and the
// token is the cause.
func TestTokenDeadOnReturn(t *testing.T) {
	t.Parallel()
	st := play(t, func(st *simWatch) { st.opts.For = 30 * time.Hour; st.slowTicks() }, func(st *simWatch) {
		st.wait(18 * time.Hour)
		st.cut()
		st.wait(time.Minute)
	})
	e := wantEpisode(t, st, watch.RefusedOnReturn, "authorize-unauthorized", doctor.Fail)
	if !e.Permanent || e.Attempts != 1 || e.Finding.Evidence.Find("stream_ended") == nil || st.summary.EndedBy != watch.EndNotRetryable {
		t.Errorf("%+v", e)
	}
}

// What the doctor's checks find during a pause is the cause, and if only the
// user can solve it the watch ends.
func TestExamined(t *testing.T) {
	t.Parallel()
	found := func(e *catalog.Entry) func(*simWatch) {
		return func(st *simWatch) {
			st.refuse = func(int) *watch.Refusal { return refusal(catalog.HandshakeTimeout, "no answer", 0) }
			st.opts.For = 10 * time.Minute
			st.examine = func() (doctor.Result, bool) {
				return doctor.Result{Status: doctor.Fail, Code: e.Code, Message: "seen"}, true
			}
		}
	}
	st := play(t, found(catalog.TLSUntrusted), nil)
	if st.examines != 1 || st.summary.EndedBy != watch.EndDuration {
		t.Errorf("examined %d times, why %s", st.examines, st.summary.EndedBy)
	}
	st = play(t, found(catalog.ProxyAuthRequired), nil)
	if e := only(t, st); !e.Permanent || e.Finding.Code != "proxy-auth-required" || st.summary.EndedBy != watch.EndNotRetryable {
		t.Errorf("%+v", e)
	}
}

// An unavailable network explains why the stream ended.
func TestOfflineExplainsTheLoss(t *testing.T) {
	t.Parallel()
	st := play(t, nil, func(st *simWatch) {
		st.wait(time.Minute)
		st.simConnector.pipes.Down(errDown)
		st.cut()
		st.wait(time.Minute)
		st.simConnector.pipes.Down(nil)
		st.wait(5 * time.Minute)
	})
	e := only(t, st)
	if e.Kind != watch.Dropped || e.Ended.IsZero() || e.Attempts < 2 {
		t.Errorf("%+v\n%s", e, st.noticesText())
	}
}

func TestUntil(t *testing.T) {
	t.Parallel()
	st := play(t, func(st *simWatch) { st.opts.Until = monday.Add(90 * time.Second) }, nil)
	if s := st.summary; s.EndedBy != watch.EndTime || s.Up < 90*time.Second || s.Up > 91*time.Second {
		t.Errorf("%+v", s)
	}
	st = play(t, func(st *simWatch) {
		st.refuse = func(int) *watch.Refusal { return refusal(catalog.RateLimited, "refused", 10*time.Minute) }
		st.opts.Until = monday.Add(90 * time.Second)
	}, nil)
	if s := st.summary; s.EndedBy != watch.EndTime || s.Ended.Sub(s.Began) > 91*time.Second {
		t.Errorf("%+v", s)
	}
}
