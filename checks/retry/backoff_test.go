package retry_test

import (
	"slices"
	"testing"
	"time"

	"upstox-doctor/checks/retry"
)

func TestPausesDoubleUpToTheLongest(t *testing.T) {
	t.Parallel()
	var got []time.Duration
	for n := range 6 {
		got = append(got, retry.Ban.After(n)/time.Minute)
	}
	if want := []time.Duration{1, 2, 4, 8, 15, 15}; !slices.Equal(got, want) {
		t.Errorf("minutes %v, want %v", got, want)
	}
	if got := (retry.Backoff{First: time.Hour, Max: 24 * time.Hour}).After(1 << 30); got != 24*time.Hour {
		t.Errorf("after a thousand million failures %s", got)
	}
}
