package serve

import (
	"context"
	"encoding/json"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"upstox-doctor/report"
)

// TestIntervals counts the runs of a virtual day.
func TestIntervals(t *testing.T) {
	t.Parallel()
	market := func(state string, opens time.Duration) func(*report.Document) {
		return func(d *report.Document) { d.Market.State, d.Market.NextOpen = state, time.Now().Add(opens) }
	}
	cause := func(code string, retry string) func(*report.Document) {
		return func(d *report.Document) {
			*d = document(code)
			if retry != "" {
				if err := json.Unmarshal([]byte(`{"retry_after_seconds": `+retry+`}`), &d.RootCauses[0].Evidence); err != nil {
					panic(err)
				}
			}
		}
	}
	for _, tc := range []struct {
		name         string
		takes        time.Duration
		shape        func(*report.Document)
		within       time.Duration
		least, most  int // runs
		closestApart time.Duration
	}{
		{"market open", time.Second, market("open", 0), time.Hour, 10, 12, 5 * time.Minute},
		{"nobody knows", time.Second, market("unknown", 0), time.Hour, 10, 12, 5 * time.Minute},
		{"market closed", time.Second, market("closed", 10*time.Hour), 3 * time.Hour, 5, 6, 30 * time.Minute},
		{"closed, and about to open", time.Second, market("closed", 10*time.Minute), time.Hour, 5, 6, 10 * time.Minute},
		{"closed, opening at once", time.Second, market("closed", time.Second), time.Hour, 10, 12, 5 * time.Minute},
		{"runs longer than the interval", 8 * time.Minute, market("open", 0), time.Hour, 7, 8, 8 * time.Minute},
		{"a server asks for time", time.Second, cause("upstox-unavailable", "1200"), time.Hour, 3, 3, 20 * time.Minute},
		{"a server asks for a year", time.Second, cause("upstox-unavailable", "31536000"), 3 * time.Hour, 3, 3, time.Hour},
		{"banned", time.Second, cause("edge-rate-limited", ""), 2 * time.Hour, 10, 12, 5 * time.Minute},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), tc.within)
				defer cancel()
				var starts []time.Time
				var running atomic.Int32
				s := &Server{Every: 5 * time.Minute, Run: func(context.Context, RunRequest) report.Document {
					if running.Add(1) > 1 {
						t.Error("two runs at once")
					}
					defer running.Add(-1)
					starts = append(starts, time.Now())
					d := document()
					tc.shape(&d)
					time.Sleep(tc.takes)
					return d
				}}
				s.init()
				s.loop(ctx)
				if len(starts) < tc.least || len(starts) > tc.most {
					t.Errorf("%d runs", len(starts))
				}
				for i := 1; i < len(starts); i++ {
					if gap := starts[i].Sub(starts[i-1]); gap < tc.closestApart {
						t.Errorf("runs %s apart", gap)
					}
				}
			})
		})
	}
}

// TestBansGrow leaves Cloudflare alone for longer each time.
func TestBansGrow(t *testing.T) {
	t.Parallel()
	var got []time.Duration
	for bans := range 7 {
		got = append(got, serverDelay(document("edge-rate-limited"), bans)/time.Minute)
	}
	if want := []time.Duration{0, 1, 2, 4, 8, 15, 15}; !slices.Equal(got, want) {
		t.Errorf("minutes %v, want %v", got, want)
	}
}

func TestTheIntervalHasJitter(t *testing.T) {
	t.Parallel()
	s, seen := &Server{Every: time.Minute}, map[time.Duration]bool{}
	for range 50 {
		every := s.interval(document())
		if every < time.Minute || every > 66*time.Second {
			t.Errorf("interval %s", every)
		}
		seen[every] = true
	}
	if len(seen) < 10 {
		t.Errorf("only %d different intervals", len(seen))
	}
}
