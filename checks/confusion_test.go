package checks_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/fixtures/golden"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/simtest"
	"upstox-doctor/report"
)

//go:generate go test . -run Confusion -update

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// diagnose runs the checks in a scenario, in virtual time and with the waits and
// the deadline of the program.
func diagnose(t *testing.T, sc sim.Scenario) (d checks.Report) {
	t.Helper()
	simtest.Run(t, sc, func(t *testing.T, s *sim.Session) { d = run(t, s.World("upstox-doctor/test")) })
	return d
}

// run diagnoses a world within the deadline of the program.
func run(t *testing.T, w checks.World) checks.Report {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	d, err := checks.Run(ctx, w, checks.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if d.End != doctor.Complete {
		t.Errorf("the run ends by %s after %s", d.End, d.Duration)
	}
	return d
}

// TestConfusion runs every scenario through the checks. Each must be blamed on
// what it is; the golden file shows the whole matrix, so that a change of any
// verdict is seen.
func TestConfusion(t *testing.T) {
	t.Parallel()
	scenarios := sim.Scenarios()
	rows := make([]string, len(scenarios))
	t.Cleanup(func() { matrix(t, "confusion.txt", rows) })
	for i, sc := range scenarios {
		t.Run(sc.Name, func(t *testing.T) {
			t.Parallel()
			d := diagnose(t, sc)
			rows[i] = row(sc.Name, d.Report)
			got := acceptedIn(d.Report)
			if diff := cmp.Diff(sc.Want, got); diff != "" {
				t.Errorf("verdict (-want +got):\n%s\n%s", diff, results(d.Report))
			}
		})
	}
}

// matrix holds the rows of all scenarios against a golden file, when all of
// them have run.
func matrix(t *testing.T, name string, rows []string) {
	t.Helper()
	if !slices.Contains(rows, "") {
		golden.Compare(t, "../testdata/"+name, strings.Join(rows, "\n")+"\n")
	}
}

// acceptedIn is what the first root cause says; without one, what a passing
// check has to tell.
func acceptedIn(r doctor.Report) sim.Want {
	want := sim.Want{Exit: report.ExitCode(r, false)}
	if causes := r.RootCauses(); len(causes) > 0 {
		want.Code, want.Check, want.Target = causes[0].Code, causes[0].ID, causes[0].Target
		return want
	}
	for _, res := range r.Results {
		if res.Code != "" {
			want.Code, want.Check, want.Target = res.Code, res.ID, res.Target
		}
	}
	return want
}

// row is one line of the matrix: the scenario, the exit status, and every
// finding that is no consequence.
func row(name string, r doctor.Report) string {
	var found []string
	for _, c := range r.RootCauses() {
		found = append(found, fmt.Sprintf("%s %s %s %s", c.Status, c.Code, c.ID, strings.Join(c.Targets, ",")))
	}
	for _, res := range r.Results {
		if res.Status == doctor.Warn && r.Status() == doctor.Fail || res.Status == doctor.Pass && res.Code != "" {
			found = append(found, fmt.Sprintf("%s %s %s %s", res.Status, res.Code, res.ID, res.Target))
		}
	}
	return fmt.Sprintf("%-40s %d  %s", name, report.ExitCode(r, false), strings.Join(found, " + "))
}

func results(r doctor.Report) string {
	var out []string
	for _, res := range r.Results {
		out = append(out, fmt.Sprintf("%-24s %-24s %-5s %-20s %s <%s> {%s}", res.ID, res.Target, res.Status, res.Code, res.Message, res.BlockedBy, res.CausedBy))
	}
	return strings.Join(out, "\n")
}
