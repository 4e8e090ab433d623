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

// listen holds an open feed until it ends, is given up, or the context ends;
// then it says goodbye.
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
			if h.o.Tape == nil { // which may keep what it is given
				s.Done(e)
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
			case pulse.marked: // whose answer tells a dead connection from an ignored subscription
				prices.Reset(h.o.PongWait)
			case h.woke():
				pulse.rouse()
				prices.Reset(h.o.PriceWait)
			case len(s.Events()) > 0: // they may be among what waits to be read
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

// subscribe asks for all keys, and for a pong, which tells an ignored
// subscription from a dead connection. A request that cannot be sent is
// followed by the end of the stream, which says why.
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

// pass hands on what came from the feed, and reports whether that was its end.
func (h *holder) pass(e feed.Event) (ended bool) {
	if e.Stood > 0 {
		h.tell(Event{At: h.at(e.Free), Kind: Full, Wait: e.Stood})
	}
	if e.Kind == feed.Ended || e.Kind == "" { // the channel is closed after the end
		return true
	}
	h.tell(Event{At: h.at(e.At), Kind: Kind(e.Kind), Data: e.Data}) // the words are the same
	return false
}

// at is a time of the machine's clock by the clock of the watch.
func (h *holder) at(t time.Time) time.Time { return h.o.Now().Add(-time.Since(t)) }

// ended tells how the feed ended. Our own side is closed first, so that it is
// not counted among the sockets of others.
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

// abandon gives up a connection that is of no use.
func (h *holder) abandon(s *feed.Stream, why Kind, words string) {
	at := h.o.Now()
	h.tell(Event{At: at, Kind: why})
	s.Close()
	h.tell(Event{At: at, Kind: Closed, End: &End{Words: words}, Peers: h.line.Peers()})
}

// A pulse asks a quiet feed for a sign of life. Anything that comes from the
// socket is one.
type pulse struct {
	h      *holder
	s      *feed.Stream
	timer  *time.Timer
	last   time.Time // when something last came
	marked bool      // a ping of ours waits for its answer
	roused bool      // the next ping is due, whatever came before
	pings  int
}

// rouse asks at once: what was waited for may have come or gone in the sleep.
func (p *pulse) rouse() {
	p.marked, p.roused = false, true
	p.timer.Reset(0)
}

// beat is called when the timer has run down. It reports whether the feed is
// dead. What waits to be read was sent by the living, so it is read first.
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
