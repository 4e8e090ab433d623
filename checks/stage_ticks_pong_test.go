package checks

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"upstox-doctor/checks/feed"
)

// TestOnlyItsOwnPongCounts: the answer to the snapshot's ping may come when
// the link has died already, and says nothing of it.
func TestOnlyItsOwnPongCounts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		pongs []string // the marks of what comes
		want  string
	}{
		{"none", nil, "fail stream-stalled"},
		{"one that is late", []string{""}, "fail stream-stalled"},
		{"the right one", []string{"live"}, "fail no-live-ticks"},
		{"both", []string{"", "live"}, "fail no-live-ticks"},
		{"the right one first", []string{"live", ""}, "fail no-live-ticks"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var steps []step
				for _, mark := range tc.pongs {
					steps = append(steps, step{time.Millisecond, feed.Event{Kind: feed.Pong, Data: []byte(mark)}})
				}
				l := listenTo(World{}, steps...)
				l.mark = "live"
				if got := line(l.untilLive(t.Context())); !strings.HasPrefix(got, tc.want) {
					t.Errorf("got %s, want %s", got, tc.want)
				}
			})
		})
	}
}
