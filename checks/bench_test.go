package checks_test

import (
	"testing"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/fixtures/sim"
)

// BenchmarkHealthyRun counts the round trips from the start to the snapshot,
// on a link whose latency outweighs everything else. Six are needed: name,
// TCP, TLS, the three requests together, upgrade, subscription.
func BenchmarkHealthyRun(b *testing.B) {
	const roundTrip = 100 * time.Millisecond
	sc, _ := sim.Find("healthy")
	var total time.Duration
	for b.Loop() {
		b.StopTimer()
		session, err := sim.Start(sc, sim.Options{Latency: roundTrip})
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		total += timeToSnapshot(b, session)
		b.StopTimer()
		session.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(total)/float64(roundTrip)/float64(b.N), "rtt/op")
}

// timeToSnapshot runs the checks and returns how long the snapshot took.
func timeToSnapshot(b *testing.B, session *sim.Session) time.Duration {
	begun := time.Now()
	var took time.Duration
	watch := func(e doctor.Event) {
		if e.Check.ID == "ticks.snapshot" && e.Result != nil {
			took = time.Since(begun)
			if e.Result.Status != doctor.Pass {
				b.Fatalf("snapshot: %+v", *e.Result)
			}
		}
	}
	if _, err := checks.Run(b.Context(), session.World("upstox-doctor/bench"), checks.Options{Observe: watch}); err != nil {
		b.Fatal(err)
	}
	return took
}
