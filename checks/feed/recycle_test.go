package feed

import (
	"testing"
)

// A buffer from Recycle is used again, but not that of a snapshot. Data that is
// not returned does not change.
func TestBuffersAreUsedAgain(t *testing.T) {
	t.Parallel()
	s := &Stream{freeBuffers: make(chan []byte, maxFreeBuffers)}
	kept := append(s.buffer(), "kept"...)
	given := append(s.buffer(), "given back"...)
	s.Recycle(Event{Data: given})
	s.Recycle(Event{Data: make([]byte, maxFreeBufferSize+1)})
	s.Recycle(Event{})
	if again := append(s.buffer(), "used again"...); &again[0] != &given[0] {
		t.Error("the room is not used again")
	}
	if b := s.buffer(); b != nil {
		t.Errorf("there is room of %d bytes that nobody gave", cap(b))
	}
	if string(kept) != "kept" {
		t.Errorf("what was kept is %q", kept)
	}
	for range 2 * maxFreeBuffers { // more than there is place for
		s.Recycle(Event{Data: make([]byte, 1)})
	}
}
