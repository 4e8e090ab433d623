package feed

import "fmt"

// maxEntries bounds each list of a frame, so that a frame of empty entries
// cannot ask for a hundred times its own size in memory. Upstox allows 5,000
// keys on a connection and sends up to 30 levels and a handful of bars.
const maxEntries = 1 << 16

var responseSchema = schema{"FeedResponse", []field{
	1: {"type", kindVarint}, 2: {"feeds", kindMessage}, 3: {"currentTs", kindVarint}, 4: {"marketInfo", kindMessage},
}}

// Decode reads one binary frame into m, whose slices it reuses. An empty
// frame is an empty initial_feed. Fields that the schema does not know are
// skipped, so that newer servers are understood. Fields may come in any order;
// of a scalar that occurs twice the last value counts, as in protobuf.
//
// The error is always a *DecodeError; m then holds what came before it.
func Decode(b []byte, m *Message) error {
	m.reset()
	for i := 0; i < len(b); {
		t, next := uint64(b[i]), i+1
		if t >= 0x80 {
			t, next = longVarint(b, i)
		}
		switch t {
		case 1<<3 | varintType:
			var v int64
			v, next = integer(b, next)
			m.Type = Type(v)
		case 2<<3 | lengthType:
			var start int
			if start, next = lengthPrefix(b, next); start < 0 {
				break
			}
			if err := m.feed(b[:next], start); err != nil {
				return err
			}
		case 3<<3 | varintType:
			m.CurrentTs, next = integer(b, next)
		case 4<<3 | lengthType:
			var start int
			if start, next = lengthPrefix(b, next); start < 0 {
				break
			}
			if err := m.marketInfo(b[:next], start); err != nil {
				return err
			}
		default:
			next = responseSchema.skip(b, i)
		}
		if next < 0 {
			return responseSchema.fault(b, i)
		}
		i = next
	}
	return nil
}

// reset empties m but keeps its allocated slices.
func (m *Message) reset() {
	*m = Message{
		Feeds: m.Feeds[:0], Segments: m.Segments[:0], CAS: m.CAS[:0], PreOpen: m.PreOpen[:0],
	}
}

// tooMany returns the error for the entry at i, beyond maxEntries.
func tooMany(i int, what string) *DecodeError {
	return &DecodeError{i, fmt.Sprintf("%s: more than %d entries", what, maxEntries)}
}
