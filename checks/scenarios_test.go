package checks_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
)

//go:generate go test . -run Confusion -update

var update = flag.Bool("update", false, "rewrite the golden files")

// TestMain lets many scenarios wait side by side: most of their time is
// silence.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "16"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

// diagnose runs the real checks in a scenario. The waits are long for a
// loopback link and short for a test.
func diagnose(t *testing.T, sc sim.Scenario) (checks.Diagnosis, *sim.Session) {
	t.Helper()
	session, err := sim.Start(sc, sim.Options{})
	if err != nil {
		t.Fatalf("start %s: %v", sc.Name, err)
	}
	t.Cleanup(session.Close)
	w := session.World("upstox-doctor/test")
	w.FrameWait, w.LiveWait = 2*time.Second, 2*time.Second
	d, err := checks.Diagnose(t.Context(), w, checks.Options{Timeout: patience(sc)})
	if err != nil {
		t.Fatalf("diagnose %s: %v", sc.Name, err)
	}
	return d, session
}

// patience is the time of one check: short where its end is waited for, else
// more than a busy machine needs.
func patience(sc sim.Scenario) time.Duration {
	for _, waits := range []string{"timeout", "unreachable"} {
		if strings.HasSuffix(sc.Want.Code, waits) {
			return 3 * time.Second
		}
	}
	return 15 * time.Second
}

// TestConfusion runs every scenario through the checks. Each must be blamed on
// what it is; the golden file shows the whole matrix, so that a change of any
// verdict is seen.
func TestConfusion(t *testing.T) {
	t.Parallel()
	scenarios := sim.Scenarios()
	rows := make([]string, len(scenarios))
	var all sync.WaitGroup
	all.Add(len(scenarios))
	for i, sc := range scenarios {
		t.Run(sc.Name, func(t *testing.T) {
			t.Parallel()
			defer all.Done()
			d, _ := diagnose(t, sc)
			rows[i] = row(sc.Name, d.Report)
			got := verdict(d.Report)
			if diff := cmp.Diff(sc.Want, got); diff != "" {
				t.Errorf("verdict (-want +got):\n%s\n%s", diff, results(d.Report))
			}
		})
	}
	t.Run("golden", func(t *testing.T) {
		t.Parallel()
		all.Wait()
		golden(t, "confusion.txt", strings.Join(rows, "\n")+"\n")
	})
}

// verdict is what the first root cause says; without one, what a passing
// check has to tell.
func verdict(r doctor.Report) sim.Want {
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

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("..", "testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; refresh with go generate):\n%s", name, diff)
	}
}
