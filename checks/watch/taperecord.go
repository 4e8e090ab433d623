package watch

import (
	"fmt"

	"upstox-doctor/checks/tape"
)

// Entry is the event as it is written on a tape: with kind and time, frames and
// requests as data, and all else under the names of Event's JSON form. Durations
// are in nanoseconds.
func (e Event) Entry() tape.Entry {
	entry := tape.Entry{At: e.At, Kind: string(e.Kind), Data: e.Data, Frame: e.Kind == Frame}
	switch e.Kind {
	case Frame, Text, Ping, Pinged, Pong, Attempt, Silent: // no further fields
		return entry
	}
	entry.More = struct {
		Event
		At   any `json:"at,omitempty"` // these are fields of the entry
		Kind any `json:"kind,omitempty"`
		Data any `json:"data,omitempty"`
	}{Event: e}
	return entry
}

// EventOf is the event of a record. Records that belong to the tape itself
// give an event of an unknown kind, which a Tracker passes over.
func EventOf(r tape.Record) (Event, error) {
	e := Event{At: r.At, Kind: Kind(r.Kind), Data: r.Data}
	switch e.Kind {
	case Frame, Text, Ping, Pinged, Pong, Attempt, Silent:
		return e, nil
	}
	if err := r.Decode(&e); err != nil {
		return Event{}, fmt.Errorf("read event: %w", err)
	}

	return e, nil
}
