package watch

import (
	"context"
	"sync"
	"time"
)

// asleepFor is the time without a look at the clock from which on the machine
// was suspended or this program stopped. Load alone does not delay a timer so long.
const (
	asleepFor = 30 * time.Second
	lookEvery = 5 * time.Second
)

// A sleep measures when this program did not run, by a monotonic clock that
// includes the time in which the machine is suspended.
type sleep struct {
	clock func() time.Duration

	mu     sync.Mutex
	looked time.Duration
	slept  time.Duration // not yet returned by woke
}

// keep polls the clock until the context ends. It runs in its own goroutine,
// so that a blocked writer is not taken for a suspend.
func (s *sleep) keep(ctx context.Context) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			s.mu.Lock()
			s.look()
			s.mu.Unlock()
		}
	}
}

// look requires s.mu.
func (s *sleep) look() {
	now := s.clock()
	if stood := now - s.looked; stood >= asleepFor {
		s.slept += stood
	}
	s.looked = now
}

// woke returns how long this program was suspended since the last call.
func (s *sleep) woke() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.look()
	slept := s.slept
	s.slept = 0
	return slept
}
