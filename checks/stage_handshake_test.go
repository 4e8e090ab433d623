package checks_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/simtest"
)

// The second try after a 403 needs five more round trips. If the time of the
// check ends before them, the 403 is the finding, not the silence.
func TestForbiddenOverASlowLink(t *testing.T) {
	t.Parallel()
	const roundTrip = 300 * time.Millisecond
	for _, tc := range []struct {
		name  string
		time  time.Duration
		twice bool
	}{
		{"time for one try", 4 * roundTrip, false},
		{"time for both", 20 * roundTrip, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			sc, _ := sim.Find("handshake-forbidden")
			simtest.Bubble(t, func(t *testing.T) {
				session := simtest.Start(t, sc, sim.Options{Latency: roundTrip})
				d, err := checks.Run(t.Context(), session.World("upstox-doctor/test"), checks.Options{Timeout: tc.time})
				if err != nil {
					t.Fatal(err)
				}
				if got := acceptedIn(d.Report); got != sc.Want {
					t.Errorf("got %+v, want %+v\n%s", got, sc.Want, results(d.Report))
				}
				i := slices.IndexFunc(d.Results, func(r doctor.Result) bool { return r.ID == "handshake" })
				if twice := strings.Contains(d.Results[i].Message, "second fresh URL"); twice != tc.twice {
					t.Errorf("the message tells of a second try: %v, want %v: %s", twice, tc.twice, d.Results[i].Message)
				}
			})
		})
	}
}
