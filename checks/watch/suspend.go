package watch

import (
	"context"
	"sync"
	"time"
)

// minSuspend is the time without a look at the clock from which on the machine
// was suspended or this program stopped. Load alone does not delay a timer so long.
const (
	minSuspend   = 30 * time.Second
	pollInterval = 5 * time.Second
)

// A suspendDetector measures when this program did not run, by a monotonic
// clock that includes the time in which the machine is suspended.
type suspendDetector struct {
	clock func() time.Duration

	mu          sync.Mutex
	lastReading time.Duration
	unreported  time.Duration // not yet returned by woke
}

// run polls the clock until the context ends. It runs in its own goroutine,
// so that a blocked writer is not taken for a suspend.
func (s *suspendDetector) run(ctx context.Context) {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			s.mu.Lock()
			s.read()
			s.mu.Unlock()
		}
	}
}

// read requires s.mu.
func (s *suspendDetector) read() {
	now := s.clock()
	if gap := now - s.lastReading; gap >= minSuspend {
		s.unreported += gap
	}
	s.lastReading = now
}

// take returns how long this program was suspended since the last call.
func (s *suspendDetector) take() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read()
	slept := s.unreported
	s.unreported = 0
	return slept
}
