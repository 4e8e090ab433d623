package watch

import (
	"fmt"
	"strings"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
)

// handleFrame handles a binary message. It allocates nothing once the reader's
// message has grown to the size of the feed's frames, and returns the message,
// nil if it cannot be decoded.
func (t *Tracker) handleFrame(e Event) *feed.Message {
	r := t.reader
	if err := r.Frame(e.At, e.Data); err != nil {
		t.anomaly(r.Undecodable, undecodable(err, len(e.Data)))
		return nil
	}
	t.stats.frames++
	m := &r.Message
	t.updateSegments(m)
	if len(m.Feeds) > 0 {
		t.updateQuotes(e.At, m)
	}
	return m
}

// updateQuotes applies the frame's entries for the keys.
func (t *Tracker) updateQuotes(at time.Time, m *feed.Message) {
	t.stats.worstLag = max(t.stats.worstLag, t.reader.Lag)
	if m.Type == feed.LiveFeed {
		t.stats.tick(at, len(m.Feeds))
		t.stats.delayed(at.Add(t.opened.Offset).Sub(time.UnixMilli(m.CurrentTs)))
	}
	if t.conn.pricedAt.IsZero() {
		t.conn.pricedAt = at
	}
	if !t.conn.returned && (m.Type == feed.LiveFeed || !t.stoodStill()) {
		t.conn.returned = true
		t.endEpisode()
	}
	if !t.conn.missed && at.Sub(t.conn.asked) > missingAfter {
		t.conn.missed = true
		t.reportMissing()
	}
}

// stoodStill reports whether the current episode began with a stream that was
// alive and sent no tick. A snapshot does not end such an episode.
func (t *Tracker) stoodStill() bool {
	return t.episodeOpen && t.lastEpisode().Finding.Code == catalog.NoLiveTicks.Code
}

// missingAfter is how long after the subscription a key without a price counts
// as unknown to Upstox, if others have one: all prices come with the snapshot.
const missingAfter = 10 * time.Second

// reportMissing reports the requested keys that have no price.
func (t *Tracker) reportMissing() {
	var none []string
	for i := range t.reader.Ticks {
		if t := &t.reader.Ticks[i]; !t.Seen {
			none = append(none, t.Key)
		}
	}
	if len(none) == 0 {
		return
	}
	res := unknownKeys(none, len(t.reader.Ticks))
	t.notify(Notice{Kind: Anomaly, Text: res.Message, Finding: &res})
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
