package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
	"upstox-doctor/fixtures/simtest"
	"upstox-doctor/report"
)

func watching(scenario string, outputs ...string) WatchOptions {
	return WatchOptions{OutputOptions: OutputOptions{Color: "never", Outputs: outputs}, WorldOptions: WorldOptions{Simulate: scenario}, FailOn: "fail", For: 2 * time.Second}
}

func TestWatchEnds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		scenario string
		status   int
		prints   string
	}{
		{"healthy", 0, "The stream never broke."},
		{"token-expired", 1, "Trying again cannot cure this"},
		{"market-closed", 0, "not open in that time"},
	} {
		t.Run(tc.scenario, func(t *testing.T) {
			t.Parallel()
			simtest.Bubble(t, func(t *testing.T) {
				a, s := testApp("")
				if got := statusOf(t, a.Watch(t.Context(), watching(tc.scenario))); got != tc.status || !strings.Contains(s.out.String(), tc.prints) {
					t.Errorf("status %d, prints %s", got, s.out.String())
				}
				if strings.Contains(s.out.String(), "\x1b") || s.errs.Len() > 0 {
					t.Errorf("no terminal, and yet %q, %q", s.out.String(), s.errs.String())
				}
			})
		})
	}
}

// TestWatchIntoFiles writes all formats at once: JSON lines on standard output,
// the rest to files.
func TestWatchIntoFiles(t *testing.T) {
	t.Parallel()
	simtest.Bubble(t, func(t *testing.T) {
		dir := t.TempDir()
		log, doc := filepath.Join(dir, "log"), filepath.Join(dir, "end.json")
		a, s := testApp("")
		o := watching("healthy", "jsonl", "table="+log, "json="+doc)
		o.Instruments = []string{"NSE_INDEX|Nifty 50", "NSE_EQ|INE002A01018", "NSE_INDEX|Nifty 50"}
		if got := statusOf(t, a.Watch(t.Context(), o)); got != 0 {
			t.Fatalf("status %d", got)
		}
		events := map[string]int{}
		var last, first map[string]any
		for line := range bytes.Lines(s.out.Bytes()) {
			last = nil
			if err := json.Unmarshal(line, &last); err != nil {
				t.Fatalf("%v: %s", err, line)
			}
			if first == nil {
				first = last
			}
			events[last["event"].(string)]++
		}
		if first["event"] != "begin" || len(first["instruments"].([]any)) != 2 || last["event"] != "summary" || events["tick"] < 4 {
			t.Errorf("events %v, first %v, last %v", events, first, last)
		}
		text, err := os.ReadFile(log)
		if err != nil || !strings.Contains(string(text), "subscribed") || !strings.Contains(string(text), "never broke") {
			t.Errorf("the log holds %q, %v", text, err)
		}
		text, err = os.ReadFile(doc)
		var end report.WatchSummary
		if err != nil || json.Unmarshal(text, &end) != nil || end.Status != "pass" || end.EndedBy != watch.EndDuration {
			t.Errorf("the document holds %q, %v", text, err)
		}
	})
}

func TestWatchIsInterrupted(t *testing.T) {
	t.Parallel()
	simtest.Bubble(t, func(t *testing.T) {
		a, s := testApp("")
		ctx, cancel := context.WithCancel(t.Context())
		seen := &triggerWriter{words: "subscribed", then: cancel, to: &s.out}
		a.Out = seen
		o := watching("healthy")
		o.For = 0
		if got := statusOf(t, a.Watch(ctx, o)); got != 0 || !strings.Contains(s.out.String(), "until it was interrupted") {
			t.Errorf("status %d, prints %s", got, s.out.String())
		}
	})
}

// triggerWriter does something once the words are written.
type triggerWriter struct {
	words string
	then  func()
	to    *bytes.Buffer
}

func (u *triggerWriter) Write(b []byte) (int, error) {
	u.to.Write(b)
	if strings.Contains(u.to.String(), u.words) {
		u.then()
	}
	return len(b), nil
}

func TestWatchWithoutReader(t *testing.T) {
	t.Parallel()
	simtest.Bubble(t, func(t *testing.T) {
		for _, format := range []string{"table", "jsonl", "json"} {
			a, _ := testApp("")
			a.Out = brokenPipe{}
			o := watching("healthy", format)
			err := a.Watch(t.Context(), o)
			var e ExitError
			if !errors.As(err, &e) || e.Status != ExitFault || !strings.Contains(e.Error(), format+": broken pipe") {
				t.Errorf("%s: %v", format, err)
			}
		}
		a, _ := testApp("")
		a.Out = brokenPipe{}
		o := watching("healthy", "jsonl", "json="+filepath.Join(t.TempDir(), "end.json"))
		o.For = 0
		a.Watch(t.Context(), o)
		text, err := os.ReadFile(strings.TrimPrefix(o.Outputs[1], "json="))
		var end report.WatchSummary
		if err != nil || json.Unmarshal(text, &end) != nil || end.EndedBy != watch.EndOutput {
			t.Errorf("the document holds %q, %v", text, err)
		}
	})
}

func TestWatchUsage(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*WatchOptions){
		"no such format":    func(o *WatchOptions) { o.Outputs = []string{"csv"} },
		"no such mode":      func(o *WatchOptions) { o.Mode = "full_d5" },
		"no key":            func(o *WatchOptions) { o.Instruments = []string{"RELIANSE"} },
		"half a key":        func(o *WatchOptions) { o.Instruments = []string{"|Nifty 50"} },
		"below zero":        func(o *WatchOptions) { o.For = -time.Second },
		"both":              func(o *WatchOptions) { o.Until = "15:30" },
		"past":              func(o *WatchOptions) { o.For, o.Until = 0, "00:00" },
		"no time":           func(o *WatchOptions) { o.For, o.Until = 0, "tomorrow" },
		"no such scenario":  func(o *WatchOptions) { o.Simulate = "x" },
		"no such failure":   func(o *WatchOptions) { o.FailOn = "tick" },
		"two on one stream": func(o *WatchOptions) { o.Outputs = []string{"table", "jsonl"} },
	} {
		a, s := testApp("")
		o := watching("healthy")
		change(&o)
		if got := statusOf(t, a.Watch(t.Context(), o)); got != ExitUsage {
			t.Errorf("%s: status %d, prints %q", name, got, s.out.String())
		}
	}
	a, _ := testApp("")
	if got := statusOf(t, a.Watch(t.Context(), watching("healthy", "jsonl="+t.TempDir()))); got != ExitFault {
		t.Errorf("a directory as file: status %d", got)
	}
}

func TestUntil(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC) // 01:30 of the next day in India
	for text, want := range map[string]time.Time{
		"":                          {},
		"15:30":                     time.Date(2026, 11, 24, 15, 30, 0, 0, market.IST),
		"2026-11-25T15:30:00+05:30": time.Date(2026, 11, 25, 15, 30, 0, 0, market.IST),
	} {
		if got, err := until(text, now); err != nil || !got.Equal(want) {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"01:30", "01:00", "2026-11-23T19:00:00Z", "25:00", "noon"} {
		if _, err := until(text, now); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
