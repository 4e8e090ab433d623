package watch

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/humanize"
)

// chunk is how many keys go into one request.
const chunk = 500

// listen reads an open feed until it ends, is given up, or the context ends;
// then it closes the feed.
func (h *holder) listen(ctx context.Context, s *feed.Stream) {
	defer s.Close()
	h.subscribe(s)
	pulse := pulse{h: h, s: s, timer: time.NewTimer(h.o.PingEvery), last: time.Now()}
	defer pulse.timer.Stop()
	prices := time.NewTimer(h.o.PriceWait)
	defer prices.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-s.Events():
			if h.pass(e) {
				h.ended(s, e)
				return
			}
			if h.o.Tape == nil { // Tape may keep the data
				s.Recycle(e)
			}
			pulse.last, pulse.marked = e.At, false
		case <-pulse.timer.C:
			switch {
			case h.woke():
				pulse.rouse()
			case pulse.beat():
				h.abandon(s, Silent, "neither data nor an answer to a ping for "+humanize.Duration(time.Since(pulse.last)))
				return
			}
		case <-prices.C:
			switch {
			case h.judge.priced():
			case pulse.marked: // the pong tells a dead connection from an ignored subscription
				prices.Reset(h.o.PongWait)
			case h.woke():
				pulse.rouse()
				prices.Reset(h.o.PriceWait)
			case len(s.Events()) > 0: // the prices may be among the queued events
				prices.Reset(time.Millisecond)
			default:
				h.abandon(s, Unpriced, fmt.Sprintf("the subscription brought no prices within %s", humanize.Duration(h.o.PriceWait)))
				return
			}
		case <-h.ticker.C:
			if h.beat() {
				pulse.rouse()
			}
			if len(s.Events()) == 0 && h.judge.frozen(h.o.Now()) {
				h.abandon(s, Frozen, "the market is open and the stream lives, but no tick has come for "+humanize.Duration(frozenAfter))
				return
			}
		}
	}
}

// subscribe requests all keys and sends a ping, whose pong tells an ignored
// subscription from a dead connection. Errors are not returned: if a request
// cannot be sent, the stream ends with the reason.
func (h *holder) subscribe(s *feed.Stream) {
	for _, sub := range h.o.subscriptions() {
		request, err := feed.Subscription(sub.mode, sub.keys...)
		if err != nil || s.Send(request) != nil {
			return
		}
		h.tell(Event{Kind: Sent, Data: request})
	}
	if s.Ping("") == nil {
		h.tell(Event{Kind: Pinged})
	}
}

// pass handles an event of the feed and reports whether it was the last.
func (h *holder) pass(e feed.Event) (ended bool) {
	if e.Blocked > 0 {
		h.tell(Event{At: h.at(e.Unblocked), Kind: Full, Wait: e.Blocked})
	}
	if e.Kind == feed.Ended || e.Kind == "" { // the channel is closed after the end
		return true
	}
	h.tell(Event{At: h.at(e.At), Kind: Kind(e.Kind), Data: e.Data}) // both types use the same words
	return false
}

// at converts a time of the machine's clock to the clock of the watch.
func (h *holder) at(t time.Time) time.Time { return h.o.Now().Add(-time.Since(t)) }

// ended reports how the feed ended. Our own side is closed first, so that it is
// not counted among the sockets of other programs.
func (h *holder) ended(s *feed.Stream, e feed.Event) {
	s.Close()
	h.woke()
	end := &End{Words: "the connection has ended"}
	at := time.Now()
	if e.End != nil {
		end = &End{Clean: e.End.Clean, Code: e.End.Code, Reason: e.End.Reason, Malformed: e.End.Malformed, Words: e.End.String()}
		at = e.At
	}
	h.tell(Event{At: h.at(at), Kind: Closed, End: end, Peers: h.line.Peers()})
}

// abandon gives up a connection that brings no prices.
func (h *holder) abandon(s *feed.Stream, why Kind, words string) {
	at := h.o.Now()
	h.tell(Event{At: at, Kind: why})
	s.Close()
	h.tell(Event{At: at, Kind: Closed, End: &End{Words: words}, Peers: h.line.Peers()})
}

// A pulse pings a quiet feed to find a dead connection. Anything that arrives
// shows that the connection is alive.
type pulse struct {
	h      *holder
	s      *feed.Stream
	timer  *time.Timer
	last   time.Time // when anything last arrived
	marked bool      // our ping has no pong yet
	roused bool      // a ping is due, whatever arrived before
	pings  int
}

// rouse makes a ping due at once: during a suspend an answer may have arrived,
// or the connection may have been lost.
func (p *pulse) rouse() {
	p.marked, p.roused = false, true
	p.timer.Reset(0)
}

// beat is called when the timer fires. It reports whether the feed is dead.
// Events that are still queued show that it is alive, so they are handled first.
func (p *pulse) beat() (dead bool) {
	idle := time.Since(p.last)
	switch {
	case len(p.s.Events()) > 0:
		p.timer.Reset(time.Millisecond)
	case p.marked:
		return true
	case idle < p.h.o.PingEvery && !p.roused:
		p.timer.Reset(p.h.o.PingEvery - idle)
	default:
		p.pings++
		p.marked, p.roused = true, false
		p.timer.Reset(p.h.o.PongWait)
		if p.s.Ping(strconv.Itoa(p.pings)) == nil {
			p.h.tell(Event{Kind: Pinged})
		}
	}
	return false
}
