package command

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/retry"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/simtest"
	"upstox-doctor/report"
)

// ranWith is a run that ends as the words say, such as "tcp-timeout" on
// network.tcp with all behind it skipped; empty for a healthy one.
func ranWith(code string) checks.Report {
	rs := []doctor.Result{
		{ID: "environment.values", Status: doctor.Pass}, {ID: "network.tcp", Target: "api", Status: doctor.Pass},
		{ID: "network.tcp", Target: "feed", Status: doctor.Pass}, {ID: "ticks.live", Status: doctor.Pass},
	}
	if code != "" {
		rs[2].Status, rs[2].Code = doctor.Fail, code
		rs[3].Status, rs[3].BlockedBy = doctor.Skip, "network.tcp"
	}
	return checks.Report{Report: doctor.Report{Results: rs, End: doctor.Complete}}
}

func ended(d checks.Report, end doctor.End) checks.Report {
	d.End = end
	return d
}

func asking(code string, seconds int) checks.Report {
	d := ranWith(code)
	d.Results[2].Evidence.Add("retry_after_seconds", seconds)
	return d
}

func reportWarning(code string) checks.Report {
	d := ranWith("")
	d.Results[2].Status, d.Results[2].Code = doctor.Warn, code
	return d
}

func TestRetrier(t *testing.T) {
	t.Parallel()
	timeout, healthy := ranWith("tcp-timeout"), ranWith("")
	for _, tc := range []struct {
		name   string
		first  checks.Report
		then   []checks.Report // the last again and again
		wait   time.Duration
		strict bool
		end    report.WaitEnd
		at     []int // seconds after the start of each further run
	}{
		{"healthy at once", healthy, nil, time.Minute, false, report.WaitHealthy, nil},
		{"well at the third run", timeout, []checks.Report{timeout, healthy}, time.Minute, false, report.WaitHealthy, []int{1, 3}},
		{"never well", timeout, []checks.Report{timeout}, 100 * time.Second, false, report.WaitTimeUp, []int{1, 3, 7, 15, 31, 61, 91, 100}},
		{"cureless at once", ranWith("token-expired"), nil, time.Minute, false, report.WaitNotRetryable, nil},
		{"cureless later", timeout, []checks.Report{ranWith("account-inactive")}, time.Minute, false, report.WaitNotRetryable, []int{1}},
		{"a warning does not count", reportWarning("clock-skew"), nil, time.Minute, false, report.WaitHealthy, nil},
		{"a warning that counts", reportWarning("clock-skew"), []checks.Report{healthy}, time.Minute, true, report.WaitHealthy, []int{1}},
		{"a warning that waiting does not cure", reportWarning("token-file-permissions"), nil, time.Minute, true, report.WaitNotRetryable, nil},
		{"as long as Retry-After says", asking("upstox-unavailable", 20), []checks.Report{healthy}, time.Minute, false, report.WaitHealthy, []int{20}},
		{"Retry-After beyond the time", asking("upstox-unavailable", 61), nil, time.Minute, false, report.WaitTimeUp, nil},
		{"banned by Cloudflare", ranWith("edge-rate-limited"), []checks.Report{ranWith("edge-rate-limited")}, 5 * time.Minute, false, report.WaitTimeUp, []int{60, 180}},
		{"a ban beyond the time", ranWith("edge-rate-limited"), nil, 59 * time.Second, false, report.WaitTimeUp, nil},
		{"out of time, then well", ended(timeout, doctor.OutOfTime), []checks.Report{healthy}, time.Minute, false, report.WaitHealthy, []int{1}},
		{"a fault of the doctor", ended(timeout, doctor.Faulty), nil, time.Minute, false, report.WaitFaulty, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				var at []int
				v := retrier{
					failOnWarn: tc.strict, pauses: pauses, begun: begun, until: begun.Add(tc.wait), showStatus: func(string) {}, runs: 1,
					run: func(context.Context, []string) (checks.Report, error) {
						at = append(at, int(time.Since(begun).Seconds()))
						return tc.then[min(len(at), len(tc.then))-1], nil
					},
				}
				found, how := v.untilHealthy(t.Context(), tc.first)
				if how.Ended != tc.end || how.Runs != 1+len(tc.at) || !slices.Equal(at, tc.at) {
					t.Errorf("ended %s after %d runs, at %v", how.Ended, how.Runs, at)
				}
				if want := time.Since(begun).Milliseconds(); how.WaitedMS != want {
					t.Errorf("waited %d ms, not %d", how.WaitedMS, want)
				}
				if healthy := found.Status() == doctor.Pass; !tc.strict && healthy != (tc.end == report.WaitHealthy && tc.first.Status() != doctor.Warn) {
					t.Errorf("the last run is %s", found.Status())
				}
			})
		})
	}
}

func TestRetrierIsInterrupted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		begun := time.Now()
		runs := 0
		v := retrier{pauses: pauses, begun: begun, until: begun.Add(time.Hour), showStatus: func(string) {}, runs: 1,
			run: func(context.Context, []string) (checks.Report, error) { runs++; return ranWith("tcp-timeout"), nil }}
		found, how := v.untilHealthy(ctx, ranWith("tcp-timeout"))
		if how.Ended != report.WaitInterrupted || found.End != doctor.Interrupted || runs != 1 || time.Since(begun) != 1500*time.Millisecond {
			t.Errorf("ended %s, %s, after %d runs and %s", how.Ended, found.End, runs, time.Since(begun))
		}
		if found.Count(doctor.Fail) != 1 {
			t.Error("what was found is lost")
		}
	})
}

func TestRetrierShowsTheSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var lines []string
		v := retrier{pauses: retry.Backoff{First: 2 * time.Second, Max: time.Minute}, begun: time.Now(), until: time.Now().Add(time.Minute), runs: 1,
			showStatus: func(line string) { lines = append(lines, line) },
			run:        func(context.Context, []string) (checks.Report, error) { return ranWith(""), nil }}
		v.untilHealthy(t.Context(), ranWith("tcp-timeout"))
		want := []string{"tcp-timeout; run 2 in 2 s, 1 min left", "tcp-timeout; run 2 in 1 s, 59 s left", ""}
		if !slices.Equal(lines, want) {
			t.Errorf("shows %q", lines)
		}
	})
}

func TestOnlyWhatFailedRunsAgain(t *testing.T) {
	t.Parallel()
	v := retrier{}
	if got := v.checksToRepeat(ranWith("tcp-timeout").Report); !slices.Equal(got, []string{"network.tcp", "ticks.live"}) {
		t.Errorf("again: %v", got)
	}
	if got := v.checksToRepeat(ended(ranWith("tcp-timeout"), doctor.OutOfTime).Report); got != nil {
		t.Errorf("after half a run: %v", got)
	}
	if got := (&retrier{failOnWarn: true}).checksToRepeat(reportWarning("clock-skew").Report); !slices.Equal(got, []string{"network.tcp"}) {
		t.Errorf("of a warning: %v", got)
	}
}

func TestMerged(t *testing.T) {
	t.Parallel()
	before := ranWith("tcp-timeout")
	before.Market = checks.MarketState{State: "open"}
	now := ranWith("")
	now.Results = now.Results[1:]
	now.Results[1].Target = "other" // the same check all the same
	m := mergeReports(before, now)
	var names []string
	for _, r := range m.Results {
		names = append(names, r.ID+" "+r.Target+" "+string(r.Status))
	}
	want := "environment.values  pass,network.tcp api pass,network.tcp other pass,ticks.live  pass"
	if got := strings.Join(names, ","); got != want || m.Market.State != "open" {
		t.Errorf("got %s, market %s", got, m.Market.State)
	}
	now.Results, now.End = now.Results[:1], doctor.OutOfTime
	if m := mergeReports(before, now); len(m.Results) != 4 || m.End != doctor.OutOfTime || m.Count(doctor.Fail) != 1 {
		t.Errorf("half a run: %d results, %s", len(m.Results), m.End)
	}
}

// TestWaitForTheFeed waits for a feed that refuses its first five upgrades.
func TestWaitForTheFeed(t *testing.T) {
	t.Parallel()
	simtest.Bubble(t, func(t *testing.T) {
		a, s := testApp("")
		o := defaultRun("watch-opened-late")
		w, session, err := a.openWorld(o.WorldOptions, sim.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer session.Close()
		e := runner{app: a, options: o, world: o.world(w)}
		e.lines = a.newJSONLOutputs(o.OutputOptions, e.meta(), e.world.Now)
		begun := time.Now()
		first, err := e.run(t.Context())
		if err != nil || first.Status() != doctor.Fail {
			t.Fatalf("the first run: %s, %v", first.Status(), err)
		}
		v := retrier{pauses: retry.Backoff{First: time.Millisecond, Max: time.Second}, begun: begun, until: begun.Add(time.Minute), showStatus: func(string) {}, runs: 1,
			run: func(ctx context.Context, only []string) (checks.Report, error) {
				if !slices.Equal(only, []string{"handshake", "ticks.snapshot", "ticks.live"}) {
					t.Errorf("runs again: %v", only)
				}
				again := e
				again.options.Only = only
				return again.run(ctx)
			}}
		found, how := v.untilHealthy(t.Context(), first)
		if how.Ended != report.WaitHealthy || how.Runs != 6 || len(found.Results) != len(first.Results) || found.Status() != doctor.Pass {
			t.Errorf("ended %s after %d runs with %d results, %s", how.Ended, how.Runs, len(found.Results), found.Status())
		}
		if s.errs.Len() > 0 {
			t.Errorf("says %q where there is no terminal", s.errs.String())
		}
	})
}

func TestWaitInTheDocument(t *testing.T) {
	t.Parallel()
	simtest.Bubble(t, func(t *testing.T) {
		for _, tc := range []struct {
			scenario string
			wait     time.Duration
			status   int
			want     report.WaitEnd
		}{
			{"healthy", time.Minute, 0, report.WaitHealthy},
			{"token-expired", time.Minute, 1, report.WaitNotRetryable},
			{"edge-rate-limited", time.Minute / 2, 1, report.WaitTimeUp},
			{"tcp-timeout-feed", time.Second, 1, report.WaitTimeUp},
		} {
			a, s := testApp("")
			o := defaultRun(tc.scenario)
			o.OutputOptions, o.Wait = asJSON(), tc.wait
			if got := statusOf(t, a.Run(t.Context(), o)); got != tc.status {
				t.Errorf("%s: status %d", tc.scenario, got)
			}
			var doc report.Document
			if err := json.Unmarshal(s.out.Bytes(), &doc); err != nil || doc.Wait == nil || doc.Wait.Ended != tc.want || doc.Wait.Runs != 1 {
				t.Errorf("%s: %+v, %v", tc.scenario, doc.Wait, err)
			}
		}
	})
}

func TestWaitUsage(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*RunOptions){
		"below zero":      func(o *RunOptions) { o.Wait = -time.Second },
		"beside --login":  func(o *RunOptions) { o.Wait, o.Login = time.Minute, &LoginOptions{Deadline: time.Minute} },
		"a wrong choice ": func(o *RunOptions) { o.Wait, o.Only = time.Minute, []string{"nothing"} },
	} {
		a, _ := testApp("")
		o := defaultRun("healthy")
		change(&o)
		err := a.Run(t.Context(), o)
		var e ExitError
		if !errors.As(err, &e) || e.Status != ExitUsage {
			t.Errorf("%s: %v", name, err)
		}
	}
}
