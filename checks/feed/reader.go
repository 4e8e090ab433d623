package feed

import (
	"fmt"
	"math"
	"time"
)

// maxSegments is the most segments whose status is kept. Upstox has a dozen.
const maxSegments = 256

// A Tick is the latest data of an instrument key.
type Tick struct {
	Key     string
	LTP, CP float64   // price, and close of the day before; zero if unknown
	Traded  int64     // time of the last trade, milliseconds since 1970; zero if unknown
	Sent    int64     // by the server's clock, milliseconds since 1970
	Arrived time.Time // of the last live tick; zero if none has come
	Count   int64     // live ticks
	Seen    bool      // a frame has named the key

	next int32 // index of the key that came after this one in the last frame
}

// A Reader keeps the latest data of the requested keys and finds what is
// missing. It has no clock and does no I/O: the same frames lead to the same
// state, live or from a tape.
type Reader struct {
	Ticks   []Tick            // one for each requested key, in that order
	Control Tick              // of the control key, unless it is among the others
	Status  map[string]Status // of each segment, by the last market_info

	// Message is the frame that was read last, with only the requested keys. Lag
	// is the longest time in it from a new trade to the server's stamp.
	Message Message
	Lag     time.Duration

	// What has come on the present connection.
	Frames, Texts, Undecodable int
	Priced                     bool      // a requested key
	Live                       time.Time // when the last live frame with a price arrived; zero if none has
	Controlled                 bool      // the control key, requested or not
	Pong                       bool      // set by the caller

	index map[string]int32
	last  int32 // the key that was found last
}

// NewReader returns a Reader for the keys. The control key is one that always
// has a price, which tells an ignored subscription from unknown keys.
func NewReader(control string, keys ...string) *Reader {
	r := &Reader{Control: Tick{Key: control}, Status: map[string]Status{}, index: make(map[string]int32, len(keys))}
	for _, key := range keys {
		if _, twice := r.index[key]; !twice {
			r.index[key] = int32(len(r.Ticks))
			r.Ticks = append(r.Ticks, Tick{Key: key})
		}
	}
	return r
}

// Reconnected resets the state of the connection and keeps the ticks.
func (r *Reader) Reconnected() {
	r.Frames, r.Texts, r.Undecodable = 0, 0, 0
	r.Priced, r.Controlled, r.Pong, r.Live = false, false, false, time.Time{}
}

// Tick returns the data of a key, nil if it is neither a requested key nor the
// control key.
func (r *Reader) Tick(key string) *Tick {
	if i, asked := r.index[key]; asked {
		return &r.Ticks[i]
	}
	if key == r.Control.Key {
		return &r.Control
	}
	return nil
}

// Frame reads a binary message that arrived at the time. It returns an error if
// the message cannot be decoded or a price is NaN or infinite. It allocates
// nothing once the Message has grown to the size of the stream's frames.
func (r *Reader) Frame(at time.Time, data []byte) error {
	m := &r.Message
	err := Decode(data, m)
	if err == nil {
		err = m.finite()
	}
	if err != nil {
		r.Undecodable++
		return err
	}
	r.Frames++
	for i := range m.Segments {
		if name := string(m.Segments[i].Name); len(r.Status) < maxSegments {
			r.Status[name] = m.Segments[i].Status
		}
	}
	if m.Type == LiveFeed && len(m.Feeds) > 0 {
		r.Live = at
	}
	r.Lag = 0
	unasked := 0
	for i := range m.Feeds {
		t := r.find(m.Feeds[i].Key)
		if t == nil {
			unasked++
			if string(m.Feeds[i].Key) == r.Control.Key {
				r.Controlled = true
				r.Control.update(&m.Feeds[i], at, m)
			}
			continue
		}
		r.Priced = true
		r.Controlled = r.Controlled || t.Key == r.Control.Key
		r.Lag = max(r.Lag, t.update(&m.Feeds[i], at, m))
	}
	if unasked > 0 {
		r.drop()
	}
	return nil
}

// finite returns an error for a price that is NaN or infinite.
func (m *Message) finite() error {
	for i := range m.Feeds {
		l := &m.Feeds[i].LTPC
		// x-x is zero for finite numbers and NaN for all others.
		if l.LTP-l.LTP != 0 || l.CP-l.CP != 0 {
			return fmt.Errorf("frame: the price of %s is %v", m.Feeds[i].Key, math.Max(l.LTP, l.CP))
		}
	}
	return nil
}

// drop removes the feeds of keys that were not requested from the message. It
// swaps them to the end, so that the slices of all can be used again.
func (r *Reader) drop() {
	feeds := r.Message.Feeds
	for i := 0; i < len(feeds); {
		if r.find(feeds[i].Key) != nil {
			i++
			continue
		}
		last := len(feeds) - 1
		feeds[i], feeds[last] = feeds[last], feeds[i]
		feeds = feeds[:last]
	}
	r.Message.Feeds = feeds
}

// find returns the tick of a requested key, else nil. Frames mostly have the
// keys in the same order, so each tick keeps the index of the key that came
// after it, which saves most map look-ups.
func (r *Reader) find(key []byte) *Tick {
	if len(r.Ticks) == 0 {
		return nil
	}
	before := &r.Ticks[r.last]
	if r.Ticks[before.next].Key != string(key) {
		i, asked := r.index[string(key)]
		if !asked {
			return nil
		}
		before.next = i
	}
	r.last = before.next
	return &r.Ticks[r.last]
}

// update records one key of a frame. For a new trade in a live frame it returns
// the time from the trade to the frame's stamp.
func (t *Tick) update(f *Feed, at time.Time, m *Message) time.Duration {
	live := m.Type == LiveFeed
	t.Seen, t.Sent = true, m.CurrentTs
	if live {
		t.Arrived = at
		t.Count++
	}
	if !f.HasLTPC {
		return 0
	}
	t.LTP, t.CP = f.LTPC.LTP, f.LTPC.CP
	if f.LTPC.LTT <= 0 {
		return 0
	}
	fresh := live && t.Traded > 0 && f.LTPC.LTT > t.Traded
	t.Traded = f.LTPC.LTT
	if !fresh {
		return 0
	}
	return time.Duration(m.CurrentTs-f.LTPC.LTT) * time.Millisecond
}
