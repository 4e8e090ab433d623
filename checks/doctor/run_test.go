package doctor

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

var (
	factA = NewFact[string]("bread")
	factB = NewFact[string]("butter")
	factC = NewFact[string]("toast")
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// pass returns a check that reads what it needs and gives what it should.
func pass(id string, needs, gives []Key) Check {
	return Check{ID: id, Needs: needs, Provides: gives, Run: func(_ context.Context, f *Facts) Result {
		for _, k := range needs {
			k.(Fact[string]).Get(f)
		}
		for _, k := range gives {
			k.(Fact[string]).Put(f, id)
		}
		return Result{Status: Pass}
	}}
}

func ends(id string, gives []Key, res Result) Check {
	return Check{ID: id, Provides: gives, Run: func(context.Context, *Facts) Result { return res }}
}

func keys(k ...Key) []Key { return k }

// line shows one result in short: id status code <blocked by.
func lines(r Report) string {
	var out []string
	for _, res := range r.Results {
		s := res.ID + " " + string(res.Status)
		if res.Code != "" {
			s += " " + res.Code
		}
		if res.BlockedBy != "" {
			s += " <" + res.BlockedBy
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}

func TestRunOrdersByFactsAndReportsInListedOrder(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		checks []Check
		want   string
		roots  string
	}{
		{
			"a later check may feed an earlier one",
			[]Check{pass("eat", keys(factC), nil), pass("bake", nil, keys(factA)), pass("roast", keys(factA), keys(factC))},
			"eat pass\nbake pass\nroast pass", "",
		},
		{
			"a skip names the check that failed, through other skips",
			[]Check{
				ends("bake", keys(factA), Result{Status: Fail, Code: "burnt"}),
				pass("roast", keys(factA), keys(factC)), pass("eat", keys(factC), nil), pass("churn", nil, keys(factB)),
			},
			"bake fail burnt\nroast skip <bake\neat skip <bake\nchurn pass", "bake",
		},
		{
			"a fact not given by a passing check skips without blame",
			[]Check{ends("bake", keys(factA), Result{Status: Pass}), pass("roast", keys(factA), nil)},
			"bake pass\nroast skip", "",
		},
		{
			"a failing check may still teach a fact",
			[]Check{
				{ID: "bake", Provides: keys(factA), Run: func(_ context.Context, f *Facts) Result {
					factA.Put(f, "black")
					return Result{Status: Fail, Code: "burnt"}
				}},
				pass("roast", keys(factA), nil),
			},
			"bake fail burnt\nroast pass", "bake",
		},
		{
			"the second giver helps when the first gives nothing",
			[]Check{ends("bake", keys(factA), Result{Status: Fail, Code: "burnt"}), pass("buy", nil, keys(factA)), pass("roast", keys(factA), nil)},
			"bake fail burnt\nbuy pass\nroast pass", "bake",
		},
		{
			"an explained failure is no root cause",
			[]Check{ends("crumbs", nil, Result{Status: Fail, Code: "mess", CausedBy: "bake"}), ends("bake", nil, Result{Status: Fail, Code: "burnt"})},
			"crumbs fail mess\nbake fail burnt", "bake",
		},
		{
			"what an explained failure stops is blocked by the explanation",
			[]Check{
				ends("bake", keys(factA), Result{Status: Fail, Code: "cold", CausedBy: "power"}),
				ends("power", nil, Result{Status: Fail, Code: "off"}), pass("roast", keys(factA), nil),
			},
			"bake fail cold\npower fail off\nroast skip <power", "power",
		},
		{
			"an explanation that was not found explains nothing",
			[]Check{ends("crumbs", nil, Result{Status: Fail, Code: "mess", CausedBy: "bake"}), ends("bake", nil, Result{Status: Pass})},
			"crumbs fail mess\nbake pass", "crumbs",
		},
		{
			"warnings are root causes only when nothing fails",
			[]Check{ends("a", nil, Result{Status: Warn, Code: "w"}), ends("b", nil, Result{Status: Warn, Code: "v"})},
			"a warn w\nb warn v", "a b",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := Runner{Checks: tc.checks}.Run(t.Context())
			if got := lines(r); got != tc.want {
				t.Errorf("results:\n%s\nwant:\n%s", got, tc.want)
			}
			var roots []string
			for _, c := range r.RootCauses() {
				roots = append(roots, c.ID)
			}
			if got := strings.Join(roots, " "); got != tc.roots {
				t.Errorf("root causes %q, want %q", got, tc.roots)
			}
			if r.End != Complete {
				t.Errorf("end %s, want complete", r.End)
			}
		})
	}
}

func TestResultBehindAFailureDoesNotStand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := Check{ID: "judge", Provides: keys(factA), Run: func(context.Context, *Facts) Result {
			time.Sleep(time.Second)
			return Result{Status: Fail, Code: "guilty"}
		}}
		quick := Check{ID: "witness", After: keys(factA), Provides: keys(factB), Run: func(_ context.Context, f *Facts) Result {
			factB.Put(f, "said too early")
			return Result{Status: Fail, Code: "echo"}
		}}
		start := time.Now()
		r := Runner{Checks: []Check{slow, quick, pass("hear", keys(factB), nil)}}.Run(t.Context())
		if got, want := lines(r), "judge fail guilty\nwitness skip <judge\nhear skip <judge"; got != want {
			t.Errorf("results:\n%s\nwant:\n%s", got, want)
		}
		if took := time.Since(start); took != time.Second {
			t.Errorf("took %v, want both at once: 1s", took)
		}
		if _, known := factB.Of(r); known {
			t.Error("a fact of a result that does not stand was published")
		}
	})
}

func TestUsesWaitsButDoesNotBlock(t *testing.T) {
	t.Parallel()
	var saw []bool
	look := Check{ID: "look", Uses: keys(factA, factB), Run: func(_ context.Context, f *Facts) Result {
		_, a := factA.Peek(f)
		_, b := factB.Peek(f)
		saw = []bool{a, b}
		return Result{Status: Pass}
	}}
	r := Runner{Checks: []Check{look, ends("bake", keys(factA), Result{Status: Fail, Code: "burnt"}), pass("churn", nil, keys(factB))}}.Run(t.Context())
	if r.Results[0].Status != Pass || saw[0] || !saw[1] {
		t.Errorf("look: %v, saw bread, butter = %v", r.Results[0], saw)
	}
}

func TestIndependentChecksRunAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		nap := func(id string) Check {
			return Check{ID: id, Run: func(context.Context, *Facts) Result { time.Sleep(time.Second); return Result{Status: Pass} }}
		}
		r := Runner{Checks: []Check{nap("a"), nap("b"), nap("c")}}.Run(t.Context())
		if r.Duration != time.Second || r.Results[2].Duration != time.Second {
			t.Errorf("run took %v, check c %v, want 1s each", r.Duration, r.Results[2].Duration)
		}
	})
}

func TestResultsTellWhenTheirChecksBegan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bake := Check{ID: "bake", Provides: keys(factA), Run: func(_ context.Context, f *Facts) Result {
			time.Sleep(2 * time.Second)
			factA.Put(f, "loaf")
			return Result{Status: Pass}
		}}
		hasty := Check{ID: "hasty", After: keys(factB), Run: func(context.Context, *Facts) Result { return Result{Status: Pass} }}
		cold := ends("churn", keys(factB), Result{Status: Fail, Code: "cold"})
		r := Runner{Checks: []Check{bake, pass("roast", keys(factA), nil), cold, pass("spread", keys(factB), nil), hasty}}.Run(t.Context())
		if got := r.Results[1].Began.Sub(r.Started); !r.Results[0].Began.Equal(r.Started) || got != 2*time.Second {
			t.Errorf("bake began at %v, roast after %v, want with the run, and 2s", r.Results[0].Began, got)
		}
		for _, res := range r.Results[3:] {
			if res.Status != Skip || !res.Began.IsZero() {
				t.Errorf("%s, of which no result stands, is %s and began at %v", res.ID, res.Status, res.Began)
			}
		}
	})
}

func TestPanicIsTheChecksOwnFailure(t *testing.T) {
	t.Parallel()
	broken := Check{ID: "bake", Provides: keys(factA), Run: func(context.Context, *Facts) Result { panic("no oven") }}
	r := Runner{Checks: []Check{broken, pass("roast", keys(factA), nil), pass("churn", nil, nil)}}.Run(t.Context())
	if got, want := lines(r), "bake fail doctor-fault\nroast skip <bake\nchurn pass"; got != want {
		t.Errorf("results:\n%s\nwant:\n%s", got, want)
	}
	if r.End != Faulty || !strings.Contains(r.Results[0].Message, "no oven") {
		t.Errorf("end %s, message %q", r.End, r.Results[0].Message)
	}
}

func TestDeadlineHoldsEvenForAStuckCheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan bool)
		defer close(release)
		stuck := Check{ID: "deaf", Provides: keys(factA), Timeout: time.Hour, Run: func(context.Context, *Facts) Result {
			<-release
			return Result{Status: Pass}
		}}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		r := Runner{Checks: []Check{stuck, pass("roast", keys(factA), nil), pass("churn", nil, nil)}, Grace: time.Second}.Run(ctx)
		if got, want := lines(r), "deaf skip\nroast skip\nchurn pass"; got != want {
			t.Errorf("results:\n%s\nwant:\n%s", got, want)
		}
		if r.End != OutOfTime || r.Duration != 6*time.Second {
			t.Errorf("end %s after %v, want out-of-time after 6s", r.End, r.Duration)
		}
	})
}

func TestStuckCheckIsAbandonedAtItsTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan bool)
		defer close(release)
		stuck := Check{ID: "deaf", Run: func(context.Context, *Facts) Result { <-release; return Result{Status: Pass} }}
		r := Runner{Checks: []Check{stuck}, Timeout: time.Second, Grace: time.Second}.Run(t.Context())
		if got, want := lines(r), "deaf fail doctor-fault"; got != want || r.End != Faulty || r.Duration != 2*time.Second {
			t.Errorf("got %s, end %s after %v", got, r.End, r.Duration)
		}
	})
}

func TestInterruptKeepsWhatIsKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		polite := Check{ID: "long", Timeout: time.Hour, Run: func(ctx context.Context, _ *Facts) Result {
			<-ctx.Done()
			return Result{Status: Fail, Code: "wrong-blame"}
		}}
		time.AfterFunc(time.Second, cancel)
		r := Runner{Checks: []Check{pass("quick", nil, nil), polite}}.Run(ctx)
		if got, want := lines(r), "quick pass\nlong skip"; got != want || r.End != Interrupted {
			t.Errorf("got %s, end %s", got, r.End)
		}
	})
}

func TestCleanupsRunLastFirstAndLateOnesAtOnce(t *testing.T) {
	t.Parallel()
	var order []string
	note := func(s string) func() { return func() { order = append(order, s) } }
	var kept *Facts
	c := Check{ID: "open", Run: func(_ context.Context, f *Facts) Result {
		f.Defer(note("first"))
		f.Defer(note("second"))
		kept = f
		return Result{Status: Pass}
	}}
	Runner{Checks: []Check{c}}.Run(t.Context())
	kept.Defer(note("late"))
	if got := strings.Join(order, " "); got != "second first late" {
		t.Errorf("cleanups ran as %q", got)
	}
}

func TestObserverSeesStartAndEnd(t *testing.T) {
	t.Parallel()
	var seen []string
	watch := func(e Event) {
		if e.Result == nil {
			seen = append(seen, "start "+e.Check.ID)
		} else {
			seen = append(seen, "end "+e.Check.ID+" "+string(e.Result.Status))
		}
	}
	Runner{Checks: []Check{ends("bake", keys(factA), Result{Status: Fail, Code: "burnt"}), pass("roast", keys(factA), nil)}, Observe: watch}.Run(t.Context())
	if got, want := strings.Join(seen, ", "), "start bake, end bake fail, end roast skip"; got != want {
		t.Errorf("saw %s, want %s", got, want)
	}
}

func TestSameFindingOnTwoTargetsIsOneCause(t *testing.T) {
	t.Parallel()
	dead := func(target string) Check {
		return Check{ID: "net.dns", Target: target, Run: func(context.Context, *Facts) Result { return Result{Status: Fail, Code: "no-dns"} }}
	}
	causes := Runner{Checks: []Check{dead("a.example"), dead("b.example")}}.Run(t.Context()).RootCauses()
	if len(causes) != 1 || strings.Join(causes[0].Targets, " ") != "a.example b.example" || causes[0].Confidence != Certain {
		t.Errorf("causes %+v", causes)
	}
}

func TestUndeclaredFactsPanic(t *testing.T) {
	t.Parallel()
	for name, run := range map[string]func(*Facts){
		"read":    func(f *Facts) { factA.Peek(f) },
		"given":   func(f *Facts) { factA.Put(f, "x") },
		"unknown": func(f *Facts) { factB.Get(f) },
	} {
		c := Check{ID: "sly", Uses: keys(factB), Run: func(_ context.Context, f *Facts) Result { run(f); return Result{Status: Pass} }}
		if r := (Runner{Checks: []Check{c}}).Run(t.Context()); r.Results[0].Code != CodeFault {
			t.Errorf("%s: %+v, want a fault", name, r.Results[0])
		}
	}
}
