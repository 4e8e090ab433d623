package feed

import (
	"testing"
	"testing/synctest"
	"time"
)

// Backpressure is reported with the next event, and the rest with the end.
func TestBlocked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &Stream{events: make(chan Event, 1), closing: make(chan struct{})}
		go func() {
			s.emit(Event{Kind: Frame}) // there is room
			s.emit(Event{Kind: Frame}) // waits three seconds
			s.emit(Event{Kind: Frame}) // tells it, and waits for an instant
			s.emitEnd(Event{Kind: Ended})
		}()
		time.Sleep(3 * time.Second)
		synctest.Wait()
		var got []time.Duration
		freed := time.Now()
		for range 2 {
			if e := <-s.events; e.Blocked != 0 {
				t.Errorf("stood %s before anything was told", e.Blocked)
			}
		}
		time.Sleep(50 * time.Millisecond)
		synctest.Wait()
		for range 2 {
			e := <-s.events
			got = append(got, e.Blocked)
			if e.Kind == Frame && !e.Unblocked.Equal(freed) {
				t.Errorf("free at %s, want %s", e.Unblocked, freed)
			}
		}
		if got[0] != 3*time.Second || got[1] > 50*time.Millisecond {
			t.Errorf("stood %v", got)
		}
	})
}
