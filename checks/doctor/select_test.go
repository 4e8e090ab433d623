package doctor

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func exampleChecks() []Check {
	return []Check{
		pass("oven.bake", nil, keys(factA)), pass("oven.roast", keys(factA), keys(factC)),
		pass("churn", nil, keys(factB)), pass("table.eat", keys(factC, factB), nil),
	}
}

func TestSelect(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name       string
		only, skip []string
		want       string
		err        string
	}{
		{"all", nil, nil, "oven.bake oven.roast churn table.eat", ""},
		{"prerequisites are pulled in", []string{"oven.roast"}, nil, "oven.bake oven.roast", ""},
		{"a stage means its checks", []string{"oven"}, nil, "oven.bake oven.roast", ""},
		{"what cannot run without a skipped check is dropped", nil, []string{"oven.roast"}, "oven.bake churn", ""},
		{"a stage may be skipped", nil, []string{"table"}, "oven.bake oven.roast churn", ""},
		{"unknown", []string{"cellar"}, nil, "", `no check or stage is called "cellar"`},
		{"part of a name is unknown", nil, []string{"ov"}, "", `no check or stage is called "ov"`},
		{"asked for and skipped", []string{"oven"}, []string{"oven.bake"}, "", "oven.bake is asked for and skipped at once"},
		{"asked for but its need is skipped", []string{"table"}, []string{"churn"}, "", "table.eat needs a check that is skipped"},
		{"nothing left", nil, []string{"oven", "churn", "table"}, "", "no check is left to run"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			kept, err := Select(exampleChecks(), tc.only, tc.skip)
			var ids []string
			for _, c := range kept {
				ids = append(ids, c.ID)
			}
			if got := strings.Join(ids, " "); got != tc.want {
				t.Errorf("kept %q, want %q", got, tc.want)
			}
			if got := fmt.Sprint(err); tc.err != "" && got != tc.err || tc.err == "" && err != nil {
				t.Errorf("error %q, want %q", got, tc.err)
			}
		})
	}
}

func TestSelectForgetsWhatNobodyProvides(t *testing.T) {
	t.Parallel()
	c := pass("eat", nil, nil)
	c.After = keys(factA)
	kept, err := Select([]Check{pass("bake", nil, keys(factA)), c}, nil, []string{"bake"})
	if err != nil || len(kept) != 1 || len(kept[0].After) != 0 {
		t.Fatalf("kept %+v, error %v", kept, err)
	}
	if r := (Runner{Checks: kept}).Run(t.Context()); r.Results[0].Status != Pass {
		t.Errorf("result %+v", r.Results[0])
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		checks []Check
		want   string
	}{
		"twice":   {[]Check{pass("a", nil, nil), pass("a", nil, nil)}, "listed twice"},
		"orphan":  {[]Check{pass("a", keys(factA), nil)}, "which no check gives"},
		"circle":  {[]Check{pass("a", keys(factA), keys(factB)), pass("b", keys(factB), keys(factA))}, "waits for itself"},
		"healthy": {exampleChecks(), "<nil>"},
	} {
		if got := fmt.Sprint(Validate(tc.checks)); !strings.Contains(got, tc.want) {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

// TestRandomRuns holds on random graphs of checks: a skip that blames names a
// check that failed, every failure that is not explained is a root cause, and
// nothing runs without its facts.
func TestRandomRuns(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		checks := randomChecks(rng)
		r := Runner{Checks: checks}.Run(t.Context())
		failed := map[string]bool{}
		for _, res := range r.Results {
			failed[res.ID] = res.Status == Fail
		}
		for i, res := range r.Results {
			if res.ID != checks[i].ID {
				t.Fatalf("result %d is of %s, want %s", i, res.ID, checks[i].ID)
			}
			if res.BlockedBy != "" && !failed[res.BlockedBy] {
				t.Fatalf("%s is blocked by %s, which did not fail:\n%s", res.ID, res.BlockedBy, lines(r))
			}
		}
		if got, want := len(r.RootCauses()), r.Count(Fail); want > 0 && got != want {
			t.Fatalf("%d root causes for %d failures:\n%s", got, want, lines(r))
		}
	}
}

func randomChecks(rng *rand.Rand) []Check {
	var checks []Check
	var known []Key
	for i := range 2 + rng.IntN(10) {
		c := Check{ID: fmt.Sprintf("c%d", i)}
		for _, k := range known {
			switch rng.IntN(6) {
			case 0:
				c.Needs = append(c.Needs, k)
			case 1:
				c.After = append(c.After, k)
			case 2:
				c.Uses = append(c.Uses, k)
			}
		}
		gives := NewFact[int](fmt.Sprintf("f%d", i))
		c.Provides = keys(gives)
		verdict := []Status{Pass, Pass, Warn, Fail}[rng.IntN(4)]
		c.Run = func(_ context.Context, f *Facts) Result {
			for _, k := range c.Needs {
				k.(Fact[int]).Get(f)
			}
			if verdict != Fail {
				gives.Put(f, i)
			}
			return Result{Status: verdict, Code: c.ID}
		}
		checks = append(checks, c)
		known = append(known, gives)
	}
	rng.Shuffle(len(checks), func(i, j int) { checks[i], checks[j] = checks[j], checks[i] })
	return slices.Clone(checks)
}
