package watch

import (
	"fmt"
	"math"
	"strings"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
)

// frame judges a binary message. Nothing is allocated once the message has
// grown to the size of the feed's frames.
func (j *Judge) frame(e Event) {
	m := &j.message
	err := feed.Decode(e.Data, m)
	if err == nil {
		err = sane(m)
	}
	if err != nil {
		j.conn.bad++
		j.odd(j.conn.bad, undecodable(err, len(e.Data)))
		return
	}
	j.tally.frames++
	j.conn.frames++
	j.segments(m)
	if len(m.Feeds) > 0 {
		j.prices(e.At, m)
	}
	j.sink.Frame(e.At, m)
}

// sane refuses prices that are no numbers: they can be neither shown nor
// compared.
func sane(m *feed.Message) error {
	for i := range m.Feeds {
		l := &m.Feeds[i].LTPC
		// The difference of a number and itself is zero, of all else it is not.
		if l.LTP-l.LTP != 0 || l.CP-l.CP != 0 {
			return fmt.Errorf("frame: the price of %s is %v", m.Feeds[i].Key, math.Max(l.LTP, l.CP))
		}
	}
	return nil
}

// prices takes over what the frame says of the keys.
func (j *Judge) prices(at time.Time, m *feed.Message) {
	live := m.Type == feed.LiveFeed
	for i := range m.Feeds {
		lag := j.quotes.take(&m.Feeds[i], at, m.CurrentTs, live)
		j.tally.lag = max(j.tally.lag, lag)
	}
	if live {
		j.tally.tick(at, len(m.Feeds))
		j.tally.delayed(at.Add(j.opened.Offset).Sub(time.UnixMilli(m.CurrentTs)))
	}
	if !j.conn.priced {
		j.conn.priced = true
		j.returned()
	}
	if !j.conn.missed && at.Sub(j.conn.asked) > missingAfter {
		j.conn.missed = true
		j.missing()
	}
}

// missingAfter is how long after the subscription a key without a price is
// unknown to Upstox, if others have theirs: all come with the snapshot.
const missingAfter = 10 * time.Second

// missing tells of keys that were asked for in vain.
func (j *Judge) missing() {
	var none []string
	for _, q := range j.quotes.list {
		if !q.seen {
			none = append(none, q.Key)
		}
	}
	if len(none) == 0 {
		return
	}
	res := unknownKeys(none, len(j.quotes.list))
	j.news(News{Kind: Odd, Text: res.Message, Finding: &res})
}

// quotes holds the last that was seen of each key.
type quotes struct {
	list  []Quote
	index map[string]int32
	last  int32 // the one that was found last
}

func (q *quotes) want(keys []string) {
	q.list, q.index, q.last = nil, make(map[string]int32, len(keys)), 0
	for _, key := range keys {
		if _, twice := q.index[key]; !twice {
			q.index[key] = int32(len(q.list))
			q.list = append(q.list, Quote{Key: key})
		}
	}
}

// find returns what is known of a key, or nil if nobody asked for it. Frames
// name keys in much the same order again and again, so each quote remembers
// which came after it: that spares most of the look-ups.
func (q *quotes) find(key []byte) *Quote {
	if len(q.list) == 0 {
		return nil
	}
	before := &q.list[q.last]
	if q.list[before.after].Key != string(key) {
		i, wanted := q.index[string(key)]
		if !wanted {
			return nil
		}
		before.after = i
	}
	q.last = before.after
	return &q.list[q.last]
}

// take notes one key of a frame, and returns how long after a trade that was
// not known yet a live frame tells of it.
func (q *quotes) take(f *feed.Feed, at time.Time, stamp int64, live bool) time.Duration {
	t := q.find(f.Key)
	if t == nil {
		return 0
	}
	t.seen = true
	if live {
		t.Arrived = at
		t.Ticks++
	}
	if !f.HasLTPC {
		return 0
	}
	t.LTP, t.CP = f.LTPC.LTP, f.LTPC.CP
	if f.LTPC.LTT <= 0 {
		return 0
	}
	fresh := live && t.traded > 0 && f.LTPC.LTT > t.traded
	t.traded = f.LTPC.LTT
	if !fresh {
		return 0
	}
	return time.Duration(stamp-f.LTPC.LTT) * time.Millisecond
}

func undecodable(err error, size int) doctor.Result {
	var ev doctor.Evidence
	ev.Add("frame_bytes", size)
	return finding(catalog.FrameUndecodable, err.Error(), ev)
}

func notBinary(text []byte) doctor.Result {
	var ev doctor.Evidence
	ev.Add("text", string(text[:min(len(text), 200)]))
	return finding(catalog.FrameNotBinary, "a text frame came where protobuf belongs", ev)
}

func unknownKeys(none []string, of int) doctor.Result {
	var ev doctor.Evidence
	ev.Add("keys", none[:min(len(none), 20)])
	ev.Add("without_price", len(none))
	shown := strings.Join(none[:min(len(none), 3)], ", ")
	if more := len(none) - 3; more > 0 {
		shown += fmt.Sprintf(" and %d more", more)
	}
	res := finding(catalog.InstrumentUnknown, fmt.Sprintf("%d of %d keys have no price: %s", len(none), of, shown), ev)
	res.Target = none[0]
	return res
}
