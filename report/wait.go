package report

import (
	"fmt"
	"strings"
	"time"

	"upstox-doctor/checks/humanize"
)

// WaitEnd says why no further run was made.
type WaitEnd string

// The ends of a wait.
const (
	WaitHealthy      WaitEnd = "healthy"
	WaitNotRetryable WaitEnd = "not-retryable" // waiting cannot cure a root cause
	WaitTimeUp       WaitEnd = "duration"
	WaitInterrupted  WaitEnd = "signal"
	WaitFaulty       WaitEnd = "internal-error" // a check of the doctor itself failed
)

// A Wait is a series of runs, of which the last gave the report.
type Wait struct {
	Runs     int     `json:"runs"`
	WaitedMS int64   `json:"waited_ms"` // from the start of the first run to the end of the last
	Ended    WaitEnd `json:"ended_by"`

	Codes []string `json:"-"` // of the root causes that waiting cannot cure
}

// waited writes how the wait went.
func (p *page) waited(w *Wait) {
	if text := w.words(); text != "" {
		p.prose("", text, "")
	}
}

// words tell how the wait went. Of a run that was healthy at once there is
// nothing to tell.
func (w *Wait) words() string {
	if w == nil || w.Runs == 1 && w.Ended == WaitHealthy {
		return ""
	}
	runs := fmt.Sprintf("%d runs in %s", w.Runs, elapsed(w.WaitedMS))
	if w.Runs == 1 {
		runs = "one run"
	}
	return map[WaitEnd]string{
		WaitHealthy:      "After " + runs + ".",
		WaitNotRetryable: "Ended after " + runs + ": waiting cannot cure " + strings.Join(w.Codes, ", ") + ".",
		WaitTimeUp:       "Ended after " + runs + ": the time to wait is over.",
		WaitInterrupted:  "Interrupted after " + runs + ".",
		WaitFaulty:       "Ended after " + runs + ".",
	}[w.Ended]
}

// WaitLine is what a terminal shows between two runs: the codes that it is
// waited for, and seconds.
func WaitLine(codes []string, runs int, next, left int64) string {
	what := "the run did not end"
	if len(codes) > 0 {
		what = strings.Join(codes, ", ")
	}
	return fmt.Sprintf("%s; run %d in %s, %s left", what, runs+1, humanize.Duration(time.Duration(next)*time.Second), humanize.Duration(time.Duration(left)*time.Second))
}
