package doctor

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// after returns a check that takes its time, puts the facts, and ends so.
func after(wait time.Duration, c Check, res Result, put ...Fact[string]) Check {
	c.Run = func(ctx context.Context, f *Facts) Result {
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			if Dispensed(ctx) {
				return Result{Status: Pass, Code: "dispensed"}
			}
			return Result{Status: Fail, Code: "too-late"}
		}
		for _, k := range put {
			k.Put(f, c.ID)
		}
		return res
	}
	return c
}

func TestDispensable(t *testing.T) {
	t.Parallel()
	const hour = time.Hour
	fail, ok := Result{Status: Fail, Code: "cold", Otherwise: &Result{Status: Warn, Code: "cold"}}, Result{Status: Pass}
	baker := Check{ID: "bake", Provides: keys(factA), Unless: keys(factA)}
	shop := Check{ID: "shop", Adds: keys(factA)}
	for _, tc := range []struct {
		name   string
		checks []Check
		want   string
		took   time.Duration
	}{
		{"a fail is what it is otherwise once another check has added the fact",
			[]Check{after(0, baker, fail), after(time.Second, shop, ok, factA)}, "bake warn cold\nshop pass", time.Second},
		{"it stands if nothing is added",
			[]Check{after(0, baker, fail), after(time.Second, shop, ok)}, "bake fail cold\nshop pass", time.Second},
		{"it stands if there is nothing else that it might be",
			[]Check{after(0, baker, Result{Status: Fail, Code: "cold"}), after(0, shop, ok, factA)}, "bake fail cold\nshop pass", 0},
		{"it stands if only another check's fail would add the fact and does not",
			[]Check{after(0, baker, fail), after(0, shop, Result{Status: Fail, Code: "shut"})}, "bake fail cold\nshop fail shut", 0},
		{"what was added counts though the result does not stand",
			[]Check{after(0, baker, fail), after(0, Check{ID: "shop", Adds: keys(factA), After: keys(factB)}, ok, factA), after(time.Second, Check{ID: "churn", Provides: keys(factB)}, Result{Status: Fail, Code: "sour"})},
			"bake warn cold\nshop skip <churn\nchurn fail sour", time.Second},
		{"nothing waits long for a check that is dispensable",
			[]Check{after(hour, baker, ok), after(time.Second, shop, ok, factA)}, "bake pass dispensed\nshop pass", time.Second + lastWait},
		{"an answer that is on its way is waited for",
			[]Check{after(time.Second+lastWait/2, baker, fail), after(time.Second, shop, ok, factA)}, "bake warn cold\nshop pass", time.Second + lastWait/2},
		{"it has its time while other checks run",
			[]Check{after(5*time.Second, baker, fail), after(0, shop, ok, factA), after(6*time.Second, Check{ID: "churn"}, ok)}, "bake warn cold\nshop pass\nchurn pass", 6 * time.Second},
		{"it has its time while the fact is not added",
			[]Check{after(hour, baker, ok), after(0, shop, ok)}, "bake fail too-late\nshop pass", 10 * time.Second},
		{"what uses its fact goes on without it",
			[]Check{after(hour, Check{ID: "bake", Provides: keys(factA, factC), Unless: keys(factA)}, ok), after(0, shop, ok, factA), after(time.Second, Check{ID: "eat", Uses: keys(factC)}, ok)},
			"bake pass dispensed\nshop pass\neat pass", lastWait + time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := Runner{Checks: tc.checks}.Run(t.Context())
				if got := lines(r); got != tc.want {
					t.Errorf("results:\n%s\nwant:\n%s", got, tc.want)
				}
				if r.Duration != tc.took || r.End != Complete {
					t.Errorf("took %s and ends %s, want %s and complete", r.Duration, r.End, tc.took)
				}
				for _, res := range r.Results {
					if res.Otherwise != nil {
						t.Errorf("%s: the report says what it might have been", res.ID)
					}
				}
			})
		})
	}
}

// TestAddedFacts: that a fact was added is known at once, and its value is read
// where no check gives another.
func TestAddedFacts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		bake Check
		want string
		read time.Duration // when the value is read
	}{
		{"the given value is preferred", after(2*time.Second, Check{ID: "bake", Provides: keys(factA)}, Result{Status: Pass}, factA), "bake", 2 * time.Second},
		{"the added one takes its place", after(2*time.Second, Check{ID: "bake", Provides: keys(factA)}, Result{Status: Fail, Code: "burnt"}), "shop", 2 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var got string
				var read, stood time.Duration
				begun := time.Now()
				eat := Check{ID: "eat", Needs: keys(factA), Run: func(_ context.Context, f *Facts) Result {
					got, read = factA.Get(f), time.Since(begun)
					return Result{Status: Pass}
				}}
				praise := Check{ID: "praise", After: keys(factA), Run: func(context.Context, *Facts) Result { return Result{Status: Pass} }}
				shop := after(time.Second, Check{ID: "shop", Adds: keys(factA)}, Result{Status: Pass}, factA)
				r := Runner{Checks: []Check{tc.bake, shop, eat, praise}, Observe: func(e Event) {
					if e.Check.ID == "praise" && e.Result != nil {
						stood = time.Since(begun)
					}
				}}.Run(t.Context())
				if got != tc.want || read != tc.read || stood != time.Second {
					t.Errorf("%s is read after %s and known after %s, want %s, %s and 1s", got, read, stood, tc.want, tc.read)
				}
				if end, ok := factA.Of(r); !ok || end != tc.want {
					t.Errorf("at the end it is %q", end)
				}
			})
		})
	}
}

// TestSelectDoesNotPullInWhatAdds: a check is run for what it gives.
func TestSelectDoesNotPullInWhatAdds(t *testing.T) {
	t.Parallel()
	all := append(exampleChecks(), Check{ID: "shop", Adds: keys(factA)})
	kept, err := Select(all, []string{"oven"}, nil)
	if err != nil || len(kept) != 2 {
		t.Errorf("%d checks, %v", len(kept), err)
	}
}

func TestValidateSeesWaitsForWhatIsAdded(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		shop Check
		ok   bool
	}{
		{"a result may stand behind what the check adds itself", Check{ID: "shop", Adds: keys(factA), After: keys(factA)}, true},
		{"and behind what stands behind it", Check{ID: "shop", Adds: keys(factA), After: keys(factB)}, true},
		{"but it cannot begin with it", Check{ID: "shop", Adds: keys(factA), Needs: keys(factA)}, false},
		{"nor with what waits for it", Check{ID: "shop", Adds: keys(factA), Uses: keys(factB)}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			bake := Check{ID: "bake", Provides: keys(factA)}
			churn := Check{ID: "churn", Provides: keys(factB), After: keys(factA)}
			if err := Validate([]Check{bake, churn, tc.shop}); (err == nil) != tc.ok {
				t.Errorf("got %v", err)
			}
		})
	}
}
