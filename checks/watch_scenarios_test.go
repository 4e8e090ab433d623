package checks_test

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/watch"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/simtest"
)

// A reader of a watch remembers what it was told, and stops once for a while.
type reader struct {
	pause   time.Duration
	notices []watch.Notice
	connect []time.Time // the attempts
	frames  int
}

func (r *reader) Frame(_ time.Time, m *feed.Message) {
	r.frames++
	if r.frames == 100 && r.pause > 0 {
		time.Sleep(r.pause)
	}
}

func (r *reader) Notice(n watch.Notice) {
	r.notices = append(r.notices, n)
	if n.Kind == watch.Connecting {
		r.connect = append(r.connect, n.At)
	}
}

func (r *reader) Refresh(*watch.State) {}

// noticesText returns the notices, one line each.
func (r *reader) noticesText() string {
	var b strings.Builder
	for _, n := range r.notices {
		fmt.Fprintf(&b, "%s %-10s %s\n", n.At.Format("15:04:05.000"), n.Kind, n.Text)
	}
	return b.String()
}

// watched holds the stream of a scenario for its time, in the time of a
// bubble: the whole World with names, TLS and HTTP/2 over pipes. It leaves a
// tape, which holds no secret.
func watched(t *testing.T, sc sim.Scenario) (s watch.Summary, r *reader, path string) {
	t.Helper()
	r, path = &reader{pause: sc.Watch.Pause}, filepath.Join(t.TempDir(), "tape")
	simtest.Run(t, sc, func(t *testing.T, session *sim.Session) {
		w := session.World("upstox-doctor/test")
		tell, end := recordTape(t, path, w)
		var err error
		s, err = w.Watch(t.Context(), watch.Options{For: sc.Watch.For, Tape: tell}, r)
		if err != nil {
			t.Fatal(err)
		}
		end()
		wantNoSecret(t, session, path)
	})
	return s, r, path
}

// observed is what a watch came to, in the words of the scenario.
func observed(want sim.WatchWant, s watch.Summary, r *reader) sim.WatchWant {
	got := sim.WatchWant{For: want.For, Pause: want.Pause, Status: string(s.Status)}
	for _, e := range s.Episodes {
		got.Episodes = append(got.Episodes, string(e.Kind)+" "+e.Finding.Code)
	}
	for _, p := range s.Patterns {
		got.Patterns = append(got.Patterns, p.Finding.Code)
	}
	for _, n := range r.notices {
		if n.Kind == watch.Anomaly {
			got.Anomalies = append(got.Anomalies, n.Finding.Code)
		}
	}
	return got
}

// TestWatchConfusion holds the stream of every scenario that is made for it.
// Each must end in the episodes and patterns that it is about, and in no
// other, live and from its tape; the golden file shows the whole matrix. Days
// of virtual time take all processors, so this does not run beside tests that
// wait for real seconds.
func TestWatchConfusion(t *testing.T) {
	if testing.Short() {
		t.Skip("days of virtual time are not for a short run")
	}
	var scenarios []sim.Scenario
	for _, sc := range sim.Scenarios() {
		if sc.Watch.For > 0 {
			scenarios = append(scenarios, sc)
		}
	}
	rows := make([]string, len(scenarios))
	t.Cleanup(func() { matrix(t, "confusion-watch.txt", rows) })
	for i, sc := range scenarios {
		t.Run(sc.Name, func(t *testing.T) {
			t.Parallel()
			s, r, path := watched(t, sc)
			got := observed(sc.Watch, s, r)
			rows[i] = watchRow(sc.Name, got)
			if diff := gocmp.Diff(sc.Watch, got); diff != "" {
				t.Errorf("verdict (-want +got):\n%s\n%s", diff, r.noticesText())
			}
			s, r = replayTape(t, path)
			if diff := gocmp.Diff(sc.Watch, observed(sc.Watch, s, r)); diff != "" {
				t.Errorf("verdict of the tape (-want +got):\n%s\n%s", diff, r.noticesText())
			}
		})
	}
}

// watchRow is one line of the matrix.
func watchRow(name string, w sim.WatchWant) string {
	count := map[string]int{}
	var kinds []string
	for _, e := range w.Episodes {
		if count[e]++; count[e] == 1 {
			kinds = append(kinds, e)
		}
	}
	for i, k := range kinds {
		if count[k] > 1 {
			kinds[i] = fmt.Sprintf("%d × %s", count[k], k)
		}
	}
	row := fmt.Sprintf("%-32s %s  %s", name, w.Status, strings.Join(kinds, " + "))
	if w.Patterns != nil {
		row += " = " + strings.Join(w.Patterns, ", ")
	}
	if w.Anomalies != nil {
		row += "(" + strings.Join(w.Anomalies, ", ") + ")"
	}
	return strings.TrimRight(cmp.Or(row), " ")
}
