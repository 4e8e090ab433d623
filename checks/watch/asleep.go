package watch

import (
	"context"
	"sync"
	"time"
)

// asleepFor is how long this program must have stood still to have slept, or
// to have been stopped: no load holds a timer up for so long.
const (
	asleepFor = 30 * time.Second
	lookEvery = 5 * time.Second
)

// A sleep notes when this program did not run, by a clock that goes on while
// the machine sleeps and that nobody sets.
type sleep struct {
	clock func() time.Duration

	mu     sync.Mutex
	looked time.Duration
	slept  time.Duration // that nobody has been told of yet
}

// keep looks at the clock until the context ends: whoever writes to somebody
// slow does not look for a while, and has not slept.
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

// look is called with the lock.
func (s *sleep) look() {
	now := s.clock()
	if stood := now - s.looked; stood >= asleepFor {
		s.slept += stood
	}
	s.looked = now
}

// woke returns how long this program has slept since it was last asked.
func (s *sleep) woke() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.look()
	slept := s.slept
	s.slept = 0
	return slept
}
