package feed

import (
	"testing"
)

// A buffer from Done is used again, but not that of a snapshot. Data that is not
// returned does not change.
func TestRoomIsUsedAgain(t *testing.T) {
	t.Parallel()
	s := &Stream{spare: make(chan []byte, spareRoom)}
	kept := append(s.room(), "kept"...)
	given := append(s.room(), "given back"...)
	s.Done(Event{Data: given})
	s.Done(Event{Data: make([]byte, spareLimit+1)})
	s.Done(Event{})
	if again := append(s.room(), "used again"...); &again[0] != &given[0] {
		t.Error("the room is not used again")
	}
	if b := s.room(); b != nil {
		t.Errorf("there is room of %d bytes that nobody gave", cap(b))
	}
	if string(kept) != "kept" {
		t.Errorf("what was kept is %q", kept)
	}
	for range 2 * spareRoom { // more than there is place for
		s.Done(Event{Data: make([]byte, 1)})
	}
}
