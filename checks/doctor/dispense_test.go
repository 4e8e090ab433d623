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
	baker := Check{ID: "bake", Gives: keys(bread), Unless: keys(bread)}
	shop := Check{ID: "shop", Adds: keys(bread)}
	for _, tc := range []struct {
		name   string
		checks []Check
		want   string
		took   time.Duration
	}{
		{"a fail is what it is otherwise once another check has added the fact",
			[]Check{after(0, baker, fail), after(time.Second, shop, ok, bread)}, "bake warn cold\nshop pass", time.Second},
		{"it stands if nothing is added",
			[]Check{after(0, baker, fail), after(time.Second, shop, ok)}, "bake fail cold\nshop pass", time.Second},
		{"it stands if there is nothing else that it might be",
			[]Check{after(0, baker, Result{Status: Fail, Code: "cold"}), after(0, shop, ok, bread)}, "bake fail cold\nshop pass", 0},
		{"it stands if only another check's fail would add the fact and does not",
			[]Check{after(0, baker, fail), after(0, shop, Result{Status: Fail, Code: "shut"})}, "bake fail cold\nshop fail shut", 0},
		{"what was added counts though the result does not stand",
			[]Check{after(0, baker, fail), after(0, Check{ID: "shop", Adds: keys(bread), Behind: keys(butter)}, ok, bread), after(time.Second, Check{ID: "churn", Gives: keys(butter)}, Result{Status: Fail, Code: "sour"})},
			"bake warn cold\nshop skip <churn\nchurn fail sour", time.Second},
		{"nothing waits long for a check that is dispensable",
			[]Check{after(hour, baker, ok), after(time.Second, shop, ok, bread)}, "bake pass dispensed\nshop pass", time.Second + lastWait},
		{"an answer that is on its way is waited for",
			[]Check{after(time.Second+lastWait/2, baker, fail), after(time.Second, shop, ok, bread)}, "bake warn cold\nshop pass", time.Second + lastWait/2},
		{"it has its time while other checks run",
			[]Check{after(5*time.Second, baker, fail), after(0, shop, ok, bread), after(6*time.Second, Check{ID: "churn"}, ok)}, "bake warn cold\nshop pass\nchurn pass", 6 * time.Second},
		{"it has its time while the fact is not added",
			[]Check{after(hour, baker, ok), after(0, shop, ok)}, "bake fail too-late\nshop pass", 10 * time.Second},
		{"what uses its fact goes on without it",
			[]Check{after(hour, Check{ID: "bake", Gives: keys(bread, toast), Unless: keys(bread)}, ok), after(0, shop, ok, bread), after(time.Second, Check{ID: "eat", Uses: keys(toast)}, ok)},
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
		{"the given value is preferred", after(2*time.Second, Check{ID: "bake", Gives: keys(bread)}, Result{Status: Pass}, bread), "bake", 2 * time.Second},
		{"the added one takes its place", after(2*time.Second, Check{ID: "bake", Gives: keys(bread)}, Result{Status: Fail, Code: "burnt"}), "shop", 2 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var got string
				var read, stood time.Duration
				begun := time.Now()
				eat := Check{ID: "eat", Needs: keys(bread), Run: func(_ context.Context, f *Facts) Result {
					got, read = bread.Get(f), time.Since(begun)
					return Result{Status: Pass}
				}}
				praise := Check{ID: "praise", Behind: keys(bread), Run: func(context.Context, *Facts) Result { return Result{Status: Pass} }}
				shop := after(time.Second, Check{ID: "shop", Adds: keys(bread)}, Result{Status: Pass}, bread)
				r := Runner{Checks: []Check{tc.bake, shop, eat, praise}, Observe: func(e Event) {
					if e.Check.ID == "praise" && e.Result != nil {
						stood = time.Since(begun)
					}
				}}.Run(t.Context())
				if got != tc.want || read != tc.read || stood != time.Second {
					t.Errorf("%s is read after %s and known after %s, want %s, %s and 1s", got, read, stood, tc.want, tc.read)
				}
				if end, ok := bread.Of(r); !ok || end != tc.want {
					t.Errorf("at the end it is %q", end)
				}
			})
		})
	}
}

// TestSelectDoesNotPullInWhatAdds: a check is run for what it gives.
func TestSelectDoesNotPullInWhatAdds(t *testing.T) {
	t.Parallel()
	all := append(kitchen(), Check{ID: "shop", Adds: keys(bread)})
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
		{"a result may stand behind what the check adds itself", Check{ID: "shop", Adds: keys(bread), Behind: keys(bread)}, true},
		{"and behind what stands behind it", Check{ID: "shop", Adds: keys(bread), Behind: keys(butter)}, true},
		{"but it cannot begin with it", Check{ID: "shop", Adds: keys(bread), Needs: keys(bread)}, false},
		{"nor with what waits for it", Check{ID: "shop", Adds: keys(bread), Uses: keys(butter)}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			bake := Check{ID: "bake", Gives: keys(bread)}
			churn := Check{ID: "churn", Gives: keys(butter), Behind: keys(bread)}
			if err := Validate([]Check{bake, churn, tc.shop}); (err == nil) != tc.ok {
				t.Errorf("got %v", err)
			}
		})
	}
}
