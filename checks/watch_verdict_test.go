package checks_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/watch"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/simtest"
)

// A recordingSink is a sink that ends the watch when enough reports true.
type recordingSink struct {
	notices []watch.Notice
	frames  int
	done    func(watch.Notice) bool
	stop    context.CancelFunc
}

func (w *recordingSink) Frame(time.Time, *feed.Message) { w.frames++ }
func (w *recordingSink) Refresh(*watch.State)           {}
func (w *recordingSink) Notice(n watch.Notice) {
	w.notices = append(w.notices, n)
	if w.done(n) {
		w.stop()
	}
}

func (w *recordingSink) noticesText() string {
	var b strings.Builder
	for _, n := range w.notices {
		b.WriteString(string(n.Kind) + " " + n.Text + "\n")
	}
	return b.String()
}

// watching runs a watch of a scenario in virtual time until enough was seen.
func watching(t *testing.T, name string, o watch.Options, enough func(watch.Notice) bool) (sum watch.Summary, seen *recordingSink) {
	t.Helper()
	simtest.Run(t, scenario(t, name), func(t *testing.T, s *sim.Session) {
		ctx, stop := context.WithTimeout(t.Context(), time.Hour)
		defer stop()
		seen = &recordingSink{done: enough, stop: stop}
		var err error
		if sum, err = s.World("test").Watch(ctx, o, seen); err != nil {
			t.Fatal(err)
		}
		for _, secret := range s.Secrets() {
			for _, n := range seen.notices {
				if strings.Contains(n.Text, secret) {
					t.Errorf("%s: a secret is told: %s", name, n.Text)
				}
			}
		}
	})
	return sum, seen
}

func until(kinds ...watch.NoticeKind) func(watch.Notice) bool {
	return func(n watch.Notice) bool {
		for _, k := range kinds {
			if n.Kind == k {
				return true
			}
		}
		return false
	}
}

func TestWatchHealthy(t *testing.T) {
	t.Parallel()
	var opened watch.Opened
	sum, seen := watching(t, "healthy", watch.Options{Tape: func(e watch.Event) {
		if e.Opened != nil {
			opened = *e.Opened
		}
	}}, until(watch.Subscribed))
	if sum.Status != doctor.Pass || sum.Disconnects != 0 || seen.frames == 0 {
		t.Errorf("%+v\n%s", sum, seen.noticesText())
	}
	if opened.Host != checks.FeedHost || opened.Local != "192.0.2.7" || opened.TokenKind != "oauth" || opened.Token != 1 ||
		opened.TokenEnds.IsZero() || opened.Offset.Abs() > 2*time.Second || len(opened.Holidays) == 0 || opened.Source != "UPSTOX_ACCESS_TOKEN (environment)" {
		t.Errorf("%+v", opened)
	}
}

func TestWatchWrongUsage(t *testing.T) {
	t.Parallel()
	w := checks.World{Env: func(string) (string, bool) { return "", false }, Now: time.Now}
	for name, o := range map[string]watch.Options{
		"key without segment": {Keys: []string{"Nifty 50"}},
		"key of a bar alone":  {Keys: []string{"NSE_INDEX|Nifty 50", "|"}},
		"mode of the schema":  {Mode: "full_d5"},
	} {
		if _, err := w.Watch(t.Context(), o, &recordingSink{}); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
