package watch

import (
	"fmt"
	"math"
	"slices"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/market"
)

const (
	// silentAfter is how long a key has no tick before its quote is requested.
	// Most such keys are only not traded.
	silentAfter = time.Minute
	// openMargin is how long a segment must have been open. The prices of the
	// opening auction come to feed and quote in different ways.
	openMargin = 5 * time.Minute
	// closeMargin is how long it must still be open. Shares in the closing auction
	// stop trading a quarter of an hour before their segment closes.
	closeMargin = 20 * time.Minute
)

// A Quote is what the API says of a key.
type Quote struct {
	Key   string  `json:"key"`
	Price float64 `json:"price"` // of the last trade
}

// quoted is what the quotes of a silent key have shown.
type quoted struct {
	at       time.Time // of the last
	lastTick time.Time // of the feed, by then
	apart    int       // quotes in a row with another price than the feed's
	price    float64   // of the first of them
	reported bool
}

// keysToQuote returns at most so many silent keys whose quotes are to be
// requested: first those that the last quote has just made suspect, then those
// whose quotes are the oldest. Only while the control key ticks is a silent key
// worth a request.
func (t *Tracker) keysToQuote(now time.Time, most int) []string {
	control := t.reader.Tick(t.begun.Control)
	if t.link != LinkUp || control == nil || now.Sub(control.Arrived) >= frozenAfter || t.lastSuspend.explains(now) {
		return nil
	}
	var suspects, others []string
	for i := range t.reader.Ticks {
		key := &t.reader.Ticks[i]
		switch {
		case !t.silent(key, now):
		case t.conn.quotes[key.Key].apart == 1:
			suspects = append(suspects, key.Key)
		default:
			others = append(others, key.Key)
		}
	}
	slices.SortStableFunc(others, func(a, b string) int { return t.conn.quotes[a].at.Compare(t.conn.quotes[b].at) })
	keys := append(suspects, others...)
	return keys[:min(len(keys), most)]
}

// silent reports whether a key with a price had no tick for silentAfter while
// its segment was open.
func (t *Tracker) silent(key *feed.Tick, now time.Time) bool {
	since := t.conn.since
	if key.Arrived.After(since) {
		since = key.Arrived
	}
	return key.Key != t.begun.Control && key.LTP > 0 && now.Sub(since) >= silentAfter && t.openAround(market.SegmentOf(key.Key), now, openMargin, closeMargin)
}

// openAround reports whether a segment is open by the feed, and by the calendar
// so long before and after now.
func (t *Tracker) openAround(segment string, now time.Time, before, after time.Duration) bool {
	status, said := t.reader.Status[segment]
	if !said || market.StateOf(status.String()) != market.Open {
		return false
	}
	server := now.Add(t.opened.Offset)
	for _, at := range []time.Time{server.Add(-before), server, server.Add(after)} {
		if t.calendar.State(at, segment) != market.Open {
			return false
		}
	}
	return true
}

// handleQuoted compares a quote with what the feed has sent. The quote has no
// time of the trade, so a trade that the feed lacks shows by its price: two
// quotes that differ from the feed's and from each other, and no tick between.
// One alone may be another kind of price, of a key that is not traded.
func (t *Tracker) handleQuoted(e Event) {
	if e.Quote == nil {
		return
	}
	key, price := t.reader.Tick(e.Quote.Key), e.Quote.Price
	if key == nil || !t.silent(key, t.now) {
		return // a tick has come meanwhile
	}
	q := t.conn.quotes[key.Key]
	if !q.lastTick.Equal(key.Arrived) || samePrice(price, key.LTP) {
		q.apart = 0
	}
	q.at, q.lastTick = t.now, key.Arrived
	if !samePrice(price, key.LTP) {
		if q.apart++; q.apart == 1 {
			q.price = price
		}
	}
	if q.apart > 1 && !samePrice(price, q.price) && !q.reported {
		q.reported = true
		t.reportFrozen(frozenKey(key, price, t.now, t.conn.since))
	}
	if t.conn.quotes == nil {
		t.conn.quotes = map[string]quoted{}
	}
	t.conn.quotes[key.Key] = q
}

// reportFrozen reports a frozen key and keeps the finding for the summary.
func (t *Tracker) reportFrozen(res doctor.Result) {
	t.anomaly(1, res)
	t.frozenKeys = slices.DeleteFunc(t.frozenKeys, func(old doctor.Result) bool { return old.Target == res.Target })
	t.frozenKeys = keepNewest(append(t.frozenKeys, res))
}

// samePrice reports whether two prices are nearer than the least step of any
// market: currencies move by a quarter of a hundredth.
func samePrice(a, b float64) bool { return math.Abs(a-b) < 0.0001 }

// frozenKey is a key that trades and that the feed sends no tick of.
func frozenKey(key *feed.Tick, price float64, now, since time.Time) doctor.Result {
	if key.Arrived.After(since) {
		since = key.Arrived
	}
	var ev doctor.Evidence
	ev.Add("feed_price", key.LTP)
	ev.Add("quote_price", price)
	ev.Add("silent_seconds", int(now.Sub(since).Seconds()))
	res := finding(catalog.NoLiveTicks, fmt.Sprintf("no tick of %s for %s, and its quote is %s where the feed has %s; the rest of the stream is live",
		key.Key, humanize.Duration(now.Sub(since)), humanize.Price(key.Key, price), humanize.Price(key.Key, key.LTP)), ev)
	res.Target, res.Confidence = key.Key, doctor.Likely
	return res
}
