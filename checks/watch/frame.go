package watch

import (
	"fmt"
	"strings"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
)

// frame handles a binary message. It allocates nothing once the reader's
// message has grown to the size of the feed's frames.
func (j *Judge) frame(e Event) {
	r := j.reader
	if err := r.Frame(e.At, e.Data); err != nil {
		j.odd(r.Undecodable, undecodable(err, len(e.Data)))
		return
	}
	j.tally.frames++
	m := &r.Message
	j.segments(m)
	if len(m.Feeds) > 0 {
		j.prices(e.At, m)
	}
	j.sink.Frame(e.At, m)
}

// prices applies the frame's entries for the keys.
func (j *Judge) prices(at time.Time, m *feed.Message) {
	j.tally.lag = max(j.tally.lag, j.reader.Lag)
	if m.Type == feed.LiveFeed {
		j.tally.tick(at, len(m.Feeds))
		j.tally.delayed(at.Add(j.opened.Offset).Sub(time.UnixMilli(m.CurrentTs)))
	}
	if !j.conn.returned && (m.Type == feed.LiveFeed || !j.stoodStill()) {
		j.conn.returned = true
		j.returned()
	}
	if !j.conn.missed && at.Sub(j.conn.asked) > missingAfter {
		j.conn.missed = true
		j.missing()
	}
}

// stoodStill reports whether the current episode began with a stream that was
// alive and sent no tick. A snapshot does not end such an episode.
func (j *Judge) stoodStill() bool {
	return j.current && j.last().Finding.Code == catalog.NoLiveTicks.Code
}

// missingAfter is how long after the subscription a key without a price counts
// as unknown to Upstox, if others have one: all prices come with the snapshot.
const missingAfter = 10 * time.Second

// missing reports the requested keys that have no price.
func (j *Judge) missing() {
	var none []string
	for i := range j.reader.Ticks {
		if t := &j.reader.Ticks[i]; !t.Seen {
			none = append(none, t.Key)
		}
	}
	if len(none) == 0 {
		return
	}
	res := unknownKeys(none, len(j.reader.Ticks))
	j.news(News{Kind: Odd, Text: res.Message, Finding: &res})
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
