package command

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"upstox-doctor/fixtures/simtest"
	"upstox-doctor/report"
)

// TestStatusIsTheSameInEveryFormat holds all formats to one exit status, and
// nagios to its own.
func TestStatusIsTheSameInEveryFormat(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name           string
		change         func(*RunOptions)
		status, plugin int
	}{
		{"healthy", func(o *RunOptions) {}, 0, 0},
		{"failed", func(o *RunOptions) { o.Simulate = "token-expired" }, 1, 2},
		{"warned", func(o *RunOptions) { o.Simulate = "clock-ahead" }, 0, 1},
		{"warned, and that counts", func(o *RunOptions) { o.Simulate, o.FailOn = "clock-ahead", "warn" }, 3, 1},
		{"out of time", func(o *RunOptions) { o.Simulate, o.Deadline = "tls-timeout", 200*time.Millisecond }, 4, 3},
		{"wrong usage", func(o *RunOptions) { o.Only = []string{"nonsense"} }, 2, 3},
		{"wrong value", func(o *RunOptions) { o.Timeout = -1 }, 2, 3},
		{"no such scenario", func(o *RunOptions) { o.Simulate = "nonsense" }, 2, 3},
		{"an unwritable file beside it", func(o *RunOptions) { o.Outputs = append(o.Outputs, "table=no/such/place") }, 4, 3},
	} {
		for _, format := range report.Formats(report.OfRun) {
			t.Run(tc.name+" "+format, func(t *testing.T) {
				t.Parallel()
				simtest.Bubble(t, func(t *testing.T) {
					a, s := testApp("")
					o := defaultRun("healthy")
					o.Outputs = []string{format}
					tc.change(&o)
					want := tc.status
					if format == "nagios" {
						want = tc.plugin
					}
					if got := statusOf(t, a.Run(t.Context(), o)); got != want {
						t.Errorf("status %d, want %d", got, want)
					}
					if wrong := tc.status == ExitUsage; wrong != (s.out.Len() == 0) {
						t.Errorf("prints %q", s.out.String())
					}
				})
			})
		}
	}
}

// TestNagiosInAFileKeepsTheStatus of the doctor.
func TestNagiosInAFileKeepsTheStatus(t *testing.T) {
	t.Parallel()
	simtest.Bubble(t, func(t *testing.T) {
		a, _ := testApp("")
		o := defaultRun("token-expired")
		path := filepath.Join(t.TempDir(), "line")
		o.Outputs = []string{"table", "nagios=" + path}
		if got := statusOf(t, a.Run(t.Context(), o)); got != 1 {
			t.Errorf("status %d, want 1", got)
		}
		if text, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(text), "UPSTOX CRITICAL - ") {
			t.Errorf("got %q, %v", text, err)
		}
	})
}

// TestFormatsOfARunAreOnlyForOne asks other commands for them: wrong usage,
// said before any work.
func TestFormatsOfARunAreOnlyForOne(t *testing.T) {
	t.Parallel()
	every := report.Formats()
	for _, format := range report.Formats(report.OfRun) {
		if slices.Contains(every, format) {
			continue
		}
		file := filepath.Join(t.TempDir(), "file")
		s := OutputOptions{Color: "never", Outputs: []string{format + "=" + file}}
		for name, run := range map[string]func(App) error{
			"list":     func(a App) error { return a.List(s) },
			"explain":  func(a App) error { return a.Explain(t.Context(), s, "token-expired") },
			"simulate": func(a App) error { return a.Simulate(t.Context(), SimulateOptions{OutputOptions: s, List: true}) },
			"login": func(a App) error {
				return a.LogIn(t.Context(), LoginOptions{OutputOptions: s, WorldOptions: WorldOptions{Simulate: "healthy"}, Deadline: time.Minute})
			},
			"token": func(a App) error {
				o := defaultRun("healthy")
				return a.Token(t.Context(), TokenOptions{OutputOptions: s, WorldOptions: o.WorldOptions, LimitOptions: o.LimitOptions})
			},
			"schedule": func(a App) error { return a.Schedule(ScheduleOptions{OutputOptions: s, At: "08:40"}) },
			"watch": func(a App) error {
				if slices.Contains(report.Formats(report.OfWatch), format) {
					return UsageError("it has this one")
				}
				return a.Watch(t.Context(), watching("healthy", s.Outputs...))
			},
		} {
			a, streams := testApp("")
			if got := statusOf(t, run(a)); got != ExitUsage || streams.out.Len() > 0 {
				t.Errorf("%s -o %s: status %d, prints %q", name, format, got, streams.out.String())
			}
			if _, err := os.Stat(file); err == nil {
				t.Errorf("%s -o %s: the file is written", name, format)
			}
		}
	}
}

func TestStepSummary(t *testing.T) {
	summary := filepath.Join(t.TempDir(), "summary.md")
	if err := os.WriteFile(summary, []byte("of an earlier command"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, path string
		outputs    []string
		status     int
		added      bool
	}{
		{"github", summary, []string{"github"}, 1, true},
		{"another format", summary, []string{"table"}, 1, false},
		{"into a file", summary, []string{"github=" + filepath.Join(t.TempDir(), "x")}, 1, false},
		{"no runner", "", []string{"github"}, 1, false},
		{"unwritable", t.TempDir(), []string{"github"}, 4, false},
	} {
		before, _ := os.ReadFile(summary)
		t.Setenv("GITHUB_STEP_SUMMARY", tc.path)
		a, s := testApp("")
		o := defaultRun("token-expired")
		o.Outputs = tc.outputs
		if got := statusOf(t, a.Run(t.Context(), o)); got != tc.status {
			t.Errorf("%s: status %d, want %d", tc.name, got, tc.status)
		}
		after, _ := os.ReadFile(summary)
		added, kept := strings.CutPrefix(string(after), string(before))
		if !kept || strings.HasPrefix(added, "\n## upstox-doctor: fail\n") != tc.added || (added == "") == tc.added {
			t.Errorf("%s: added %q to %q", tc.name, added, before)
		}
		if tc.outputs[0] == "github" && !strings.HasPrefix(s.out.String(), "::error title=token-expired") {
			t.Errorf("%s: prints %q", tc.name, s.out.String())
		}
	}
}
