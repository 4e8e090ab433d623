package command

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"upstox-doctor/fixtures/simtest"
)

// eventOf is what a line tells of.
func eventOf(t *testing.T, line string) string {
	t.Helper()
	var l struct{ Event, ID, Status, End string }
	if err := json.Unmarshal([]byte(line), &l); err != nil {
		t.Fatalf("%v in %q", err, line)
	}
	return strings.TrimSpace(l.Event + " " + l.ID + l.End)
}

// eventsOf leaves out which checks have ended.
func eventsOf(t *testing.T, text string) string {
	t.Helper()
	var all []string
	for line := range strings.Lines(text) {
		event, _, _ := strings.Cut(eventOf(t, line), " ")
		if n := len(all); n == 0 || all[n-1] != event {
			all = append(all, event)
		}
	}
	return strings.Join(all, " ")
}

// TestJSONLGrowsWhileACheckHangs reads what has ended while another check waits
// for a silent server, and only then interrupts the run.
func TestJSONLGrowsWhileACheckHangs(t *testing.T) {
	t.Parallel()
	simtest.Bubble(t, func(t *testing.T) {
		a, _ := testApp("")
		out, in := io.Pipe()
		a.Out = in
		o := defaultRun("tls-timeout")
		o.Outputs, o.Timeout = []string{"jsonl"}, 30*time.Second
		ctx, interrupt := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			ended <- a.Run(ctx, o)
			in.Close()
		}()
		lines := bufio.NewScanner(out)
		lines.Buffer(nil, 1<<20)
		first, last := "", ""
		for lines.Scan() {
			last = eventOf(t, lines.Text())
			if first == "" {
				first = last
			}
			if strings.HasPrefix(last, "check network.tcp") {
				interrupt()
			}
		}
		interrupt()
		if got := statusOf(t, <-ended); got != ExitInterrupted || first != "run" || last != "report interrupted" {
			t.Errorf("status %d, first %q, last %q", got, first, last)
		}
	})
}

func TestLinesInFiles(t *testing.T) {
	t.Parallel()
	simtest.Bubble(t, func(t *testing.T) {
		dir := t.TempDir()
		file := filepath.Join(dir, "run.jsonl")
		if err := os.WriteFile(file, []byte("old\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, tc := range []struct {
			name    string
			outputs []string
			only    string
			status  int
			prints  string
			lines   string
		}{
			{"wrong usage leaves the file as it is", []string{"jsonl=" + file}, "nonsense", ExitUsage, "", "old"},
			{"beside the table", []string{"table", "jsonl=" + file}, "", 1, "FAIL  token-expired: ", "run check report"},
			{"alone, nothing is printed", []string{"jsonl=" + file}, "", 1, "", "run check report"},
			{"an unwritable one does not stop the others", []string{"jsonl=" + dir, "short"}, "", ExitFault, "FAIL  token-expired", ""},
		} {
			a, s := testApp("")
			o := defaultRun("token-expired")
			o.Outputs = tc.outputs
			if tc.only != "" {
				o.Only = []string{tc.only}
			}
			if got := statusOf(t, a.Run(t.Context(), o)); got != tc.status {
				t.Errorf("%s: status %d, want %d", tc.name, got, tc.status)
			}
			if got := s.out.String(); !strings.Contains(got, tc.prints) || (got == "") != (tc.prints == "") {
				t.Errorf("%s: prints %q, want %q", tc.name, got, tc.prints)
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			switch tc.lines {
			case "":
			case "old":
				if string(text) != "old\n" {
					t.Errorf("%s: the file holds %q", tc.name, text)
				}
			default:
				if got := eventsOf(t, string(text)); got != tc.lines {
					t.Errorf("%s: the file holds %q, want %q", tc.name, got, tc.lines)
				}
			}
		}
	})
}

// TestLinesOfBothRuns logs in between them.
func TestLinesOfBothRuns(t *testing.T) {
	t.Parallel()
	a, s := testApp("")
	o := repairing(t, "token-expired-in-file")
	o.Outputs = []string{"jsonl"}
	v := startVisit(t, &a, func() error { return a.Run(t.Context(), o) })
	code := v.signIn(t)
	if got := statusOf(t, <-v.ended); got != 0 {
		t.Errorf("status %d", got)
	}
	if got, want := eventsOf(t, s.out.String()), "run check report login run check report"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, secret := range []string{"eyJ", code} {
		if strings.Contains(s.out.String(), secret) {
			t.Errorf("shows %q", secret)
		}
	}
}

// TestLinesOfALoginThatFails end with the first run.
func TestLinesOfALoginThatFails(t *testing.T) {
	t.Parallel()
	a, s := testApp("")
	o := repairing(t, "token-expired-in-file")
	o.Outputs, o.Login.Deadline = []string{"jsonl"}, 200*time.Millisecond
	if got := statusOf(t, a.Run(t.Context(), o)); got != 1 {
		t.Errorf("status %d", got)
	}
	if got, want := eventsOf(t, s.out.String()), "run check login report"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
