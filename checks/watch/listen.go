package watch

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/humanize"
)

// maxKeysPerRequest is how many keys go into one request.
const maxKeysPerRequest = 500

// listen reads an open feed until it ends, is given up, or the context ends;
// then it closes the feed.
func (c *client) listen(ctx context.Context, s *feed.Stream) {
	defer s.Close()
	c.subscribe(s)
	hb := heartbeat{h: c, s: s, timer: time.NewTimer(c.options.PingEvery), last: time.Now()}
	defer hb.timer.Stop()
	prices := time.NewTimer(c.options.PriceWait)
	defer prices.Stop()
	quotes := newQuotes(ctx, c)
	defer quotes.close()
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-s.Events():
			if c.forward(e) {
				c.ended(s, e)
				return
			}
			if c.options.Tape == nil { // Tape may keep the data
				s.Recycle(e)
			}
			hb.last, hb.awaitingPong = e.At, false
		case <-hb.timer.C:
			switch {
			case c.reportSleep():
				hb.pingNow()
			case hb.tick():
				c.giveUp(s, Silent, "neither data nor an answer to a ping for "+humanize.Duration(time.Since(hb.last)))
				return
			}
		case <-prices.C:
			switch {
			case c.reporter.priced():
			case hb.awaitingPong: // the pong tells a dead connection from an ignored subscription
				prices.Reset(c.options.PongWait)
			case c.reportSleep():
				hb.pingNow()
				prices.Reset(c.options.PriceWait)
			case len(s.Events()) > 0: // the prices may be among the queued events
				prices.Reset(time.Millisecond)
			default:
				c.giveUp(s, Unpriced, fmt.Sprintf("the subscription brought no prices within %s", humanize.Duration(c.options.PriceWait)))
				return
			}
		case answer := <-quotes.answer:
			quotes.handle(answer)
		case <-c.ticker.C:
			if c.refresh() {
				hb.pingNow()
			}
			if len(s.Events()) == 0 && c.reporter.frozen(c.options.Now()) {
				c.giveUp(s, Frozen, "the market is open and the stream lives, but no tick has come for "+humanize.Duration(frozenAfter))
				return
			}
			quotes.request()
		}
	}
}

// subscribe requests all keys and sends a ping, whose pong tells an ignored
// subscription from a dead connection. Errors are not returned: if a request
// cannot be sent, the stream ends with the reason.
func (c *client) subscribe(s *feed.Stream) {
	for _, sub := range c.options.subscriptions() {
		request, err := feed.Subscription(sub.mode, sub.keys...)
		if err != nil || s.Send(request) != nil {
			return
		}
		c.record(Event{Kind: Sent, Data: request})
	}
	if s.Ping("") == nil {
		c.record(Event{Kind: Pinged})
	}
}

// forward handles an event of the feed and reports whether it was the last.
func (c *client) forward(e feed.Event) (ended bool) {
	if e.Blocked > 0 {
		c.record(Event{At: c.clockTime(e.Unblocked), Kind: Full, Wait: e.Blocked})
	}
	if e.Kind == feed.Ended || e.Kind == "" { // the channel is closed after the end
		return true
	}
	c.record(Event{At: c.clockTime(e.At), Kind: Kind(e.Kind), Data: e.Data}) // both types use the same words
	return false
}

// clockTime converts a time of the machine's clock to the clock of the watch.
func (c *client) clockTime(t time.Time) time.Time { return c.options.Now().Add(-time.Since(t)) }

// ended closes our side of the feed and reports how it ended.
func (c *client) ended(s *feed.Stream, e feed.Event) {
	s.Close()
	c.reportSleep()
	end := &End{Words: "the connection has ended"}
	at := time.Now()
	if e.End != nil {
		end = new(e.End.Record())
		at = e.At
	}
	closed := Event{At: c.clockTime(at), Kind: Closed, End: end, Peers: c.connector.Peers()}
	if e.End != nil && e.End.Symptom().Kind == catalog.KindConnectionLimit {
		closed.Programs = c.connector.Programs()
	}
	c.record(closed)
}

// giveUp gives up a connection that brings no prices.
func (c *client) giveUp(s *feed.Stream, why Kind, words string) {
	at := c.options.Now()
	c.record(Event{At: at, Kind: why})
	s.Close()
	c.record(Event{At: at, Kind: Closed, End: &End{Words: words}, Peers: c.connector.Peers()})
}

// A heartbeat pings a quiet feed to find a dead connection. Anything that
// arrives shows that the connection is alive.
type heartbeat struct {
	h            *client
	s            *feed.Stream
	timer        *time.Timer
	last         time.Time // when anything last arrived
	awaitingPong bool      // our ping has no pong yet
	pingDue      bool      // a ping is due, whatever arrived before
	pings        int
}

// pingNow makes a ping due at once: during a suspend an answer may have
// arrived, or the connection may have been lost.
func (p *heartbeat) pingNow() {
	p.awaitingPong, p.pingDue = false, true
	p.timer.Reset(0)
}

// tick is called when the timer fires. It reports whether the feed is dead.
// Events that are still queued show that it is alive, so they are handled first.
func (p *heartbeat) tick() (dead bool) {
	idle := time.Since(p.last)
	switch {
	case len(p.s.Events()) > 0:
		p.timer.Reset(time.Millisecond)
	case p.awaitingPong:
		return true
	case idle < p.h.options.PingEvery && !p.pingDue:
		p.timer.Reset(p.h.options.PingEvery - idle)
	default:
		p.pings++
		p.awaitingPong, p.pingDue = true, false
		p.timer.Reset(p.h.options.PongWait)
		if p.s.Ping(strconv.Itoa(p.pings)) == nil {
			p.h.record(Event{Kind: Pinged})
		}
	}
	return false
}
