package checks

import (
	"context"
	"fmt"
	"math"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/humanize"
)

// snapshot subscribes and waits for the first prices. Upstox sends them at
// once, also when the market is closed; a subscription that it does not like
// it ignores without a word.
func (w World) snapshot() doctor.Check {
	return doctor.Check{
		ID: "ticks.snapshot", Target: FeedHost, Title: "The feed sends a snapshot of prices",
		Needs: facts(stream, accessToken), Gives: facts(snapshot),
		Run: func(ctx context.Context, f *doctor.Facts) doctor.Result {
			s := stream.Get(f)
			l := &listener{World: w, events: s.Events(), seen: map[string]Tick{}, segments: map[string]string{}}
			l.deaf = w.subscribe(s)
			res := l.untilSnapshot(ctx, accessToken.Get(f))
			if res.Status == doctor.Pass {
				snapshot.Put(f, l)
			}
			return res
		},
	}
}

// subscribe asks for the control key, which always has a price, and for the
// wanted key in the wanted mode.
func (w World) subscribe(s *feed.Stream) error {
	wanted := [][2]string{{w.Mode, ControlKey}}
	if w.Instrument != ControlKey {
		wanted = [][2]string{{"ltpc", ControlKey}, {w.Mode, w.Instrument}}
	}
	for _, mode := range wanted {
		if err := w.tapeSent(subscribed, mode[0]+" "+mode[1], s.Subscribe(mode[0], mode[1])); err != nil {
			return err
		}
	}
	return w.tapeSent(feed.Ping, "", s.Ping(""))
}

// Tick is the last that was seen of a key.
type Tick struct {
	LTP, CP float64
	Traded  time.Time // of the last trade
	Sent    time.Time // by the server
	Live    bool      // came after the snapshot
}

// untraded tells that the feed named no time of a trade.
func (t Tick) untraded() bool { return t.Traded.UnixMilli() == 0 }

// listener reads the stream for both ticks checks, one after the other.
type listener struct {
	World
	events   <-chan feed.Event
	message  feed.Message
	begun    time.Time
	frames   int
	mark     string            // of the ping whose answer counts
	pong     bool              // it has come
	deaf     error             // a request could not be sent; how the stream ended says why
	segments map[string]string // status name by segment
	seen     map[string]Tick
}

// untilSnapshot listens until both keys have a price or it is clear that they
// will not come. Both were asked for in one breath, so once the control key
// has its price the other is not waited for much longer than that took.
func (l *listener) untilSnapshot(ctx context.Context, held Held) doctor.Result {
	l.begun = time.Now()
	l.FrameWait = window(ctx, l.FrameWait)
	wait := time.NewTimer(l.FrameWait)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return l.noSnapshot(held)
		case <-wait.C:
			return l.noSnapshot(held)
		case e, open := <-l.events:
			had := l.has(ControlKey)
			if res := l.hear(e, open); res != nil {
				return *res
			}
			switch {
			case l.has(ControlKey) && l.has(l.Instrument):
				return l.arrived()
			case l.has(ControlKey) && !had:
				took := time.Since(l.begun)
				wait.Reset(min(l.FrameWait-took, 2*took+time.Second))
			}
		}
	}
}

// window is the wait as far as the context's deadline allows it.
func window(ctx context.Context, wait time.Duration) time.Duration {
	if end, ok := ctx.Deadline(); ok {
		return max(0, min(wait, time.Until(end)))
	}
	return wait
}

func (l *listener) has(key string) bool { _, ok := l.seen[key]; return ok }

func (l *listener) arrived() doctor.Result {
	var ev doctor.Evidence
	for _, key := range []string{l.Instrument, ControlKey} {
		if t := l.seen[key]; ev.Find(key) == nil {
			ev.Add(key, t.LTP)
		}
	}
	ev.Add("frames", l.frames)
	t := l.seen[l.Instrument]
	if t.untraded() {
		return pass(ev, "%s %s, not traded yet", label(l.Instrument), humanize.Price(l.Instrument, t.LTP))
	}
	return pass(ev, "%s %s, traded %s", label(l.Instrument), humanize.Price(l.Instrument, t.LTP), humanize.Moment(t.Traded))
}

// noSnapshot says what was missing when the time was over.
func (l *listener) noSnapshot(held Held) doctor.Result {
	var ev doctor.Evidence
	ev.Add("frames", l.frames)
	ev.Add("pong", l.pong)
	ev.Add("mode", l.Mode)
	ev.Add("waited_ms", time.Since(l.begun).Milliseconds())
	plus := l.Mode == "full_d30" && held.Plus != nil && !*held.Plus
	switch {
	case l.deaf != nil:
		return fail(catalog.StreamDropped, FeedHost, l.deaf.Error(), ev)
	case l.frames == 0 && !l.pong:
		return fail(catalog.StreamSilent, FeedHost, "the stream is open, but not one frame came", ev)
	case l.frames == 0:
		return fail(catalog.StreamSilent, FeedHost, "the stream is open and answers pings, but not one frame came", ev)
	case plus && (l.has(ControlKey) || l.pong):
		return fail(catalog.PlanLimit, l.Instrument, "mode full_d30 brings nothing, and the token is not of a Plus plan", ev)
	case l.has(ControlKey):
		return fail(catalog.InstrumentUnknown, l.Instrument, fmt.Sprintf("%s has a price, %s has none", ControlKey, l.Instrument), ev)
	case !l.pong:
		return fail(catalog.StreamStalled, FeedHost, "market_info came, then neither data nor an answer to a ping", ev)
	}
	return fail(catalog.NoSnapshot, FeedHost, "market_info came, but no prices: the subscription was ignored", ev)
}

// hear records an event and looks at it.
func (l *listener) hear(e feed.Event, open bool) *doctor.Result {
	l.tapeEvent(e, open)
	return l.take(e, open)
}

// take looks at one event. It returns a result only if the stream has ended
// or sent what it may not.
func (l *listener) take(e feed.Event, open bool) *doctor.Result {
	switch {
	case !open:
		return ended(&feed.End{})
	case e.Kind == feed.Ended:
		return ended(e.End)
	case e.Kind == feed.Pong:
		l.pong = l.pong || string(e.Data) == l.mark
	case e.Kind == feed.Text:
		var ev doctor.Evidence
		ev.Add("text", string(e.Data))
		res := fail(catalog.FrameNotBinary, FeedHost, "a text frame came where protobuf belongs", ev)
		return &res
	case e.Kind == feed.Frame:
		l.frames++
		err := feed.Decode(e.Data, &l.message)
		if err == nil {
			err = l.learn(&l.message)
		}
		if err != nil {
			var ev doctor.Evidence
			ev.Add("frame_bytes", len(e.Data))
			res := fail(catalog.FrameUndecodable, FeedHost, err.Error(), ev)
			return &res
		}
	}
	return nil
}

// learn takes over what a frame says. A price that is no number can be
// neither shown nor compared.
func (l *listener) learn(m *feed.Message) error {
	for _, s := range m.Segments {
		l.segments[string(s.Name)] = s.Status.String()
	}
	for i := range m.Feeds {
		fd := &m.Feeds[i]
		for _, v := range []float64{fd.LTPC.LTP, fd.LTPC.CP} {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("frame: the price of %s is %v", fd.Key, v)
			}
		}
		l.seen[string(fd.Key)] = Tick{
			LTP: fd.LTPC.LTP, CP: fd.LTPC.CP, Traded: time.UnixMilli(fd.LTPC.LTT),
			Sent: time.UnixMilli(m.CurrentTs), Live: m.Type == feed.LiveFeed,
		}
	}
	return nil
}

// ended names the end of a stream.
func ended(end *feed.End) *doctor.Result {
	var ev doctor.Evidence
	var res doctor.Result
	switch {
	case end.Bad:
		res = fail(catalog.FrameUndecodable, FeedHost, end.String(), ev)
	case end.Clean:
		ev.Add("close_code", end.Code)
		ev.Add("close_reason", end.Reason)
		res = fail(catalog.StreamClosed, FeedHost, end.String(), ev)
	default:
		res = fail(catalog.StreamDropped, FeedHost, end.String(), ev)
	}
	return &res
}
