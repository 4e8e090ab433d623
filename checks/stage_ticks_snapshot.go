package checks

import (
	"cmp"
	"context"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/humanize"
)

// snapshot subscribes and waits for the first prices. Upstox sends them at
// once, also when the market is closed; it ignores an invalid subscription without
// an answer.
func (w World) snapshot() doctor.Check {
	return doctor.Check{
		ID: IDTicksSnapshot, Target: FeedHost, Title: "The feed sends a snapshot of prices",
		Needs: facts(stream, accessToken), Uses: facts(hops(FeedHost).addrs), Provides: facts(snapshot),
		Run: func(ctx context.Context, f *doctor.Facts) doctor.Result {
			s := stream.Get(f)
			l := w.listen(s.Events(), w.recorder().event)
			l.sendErr = w.subscribe(s)
			res := w.withPrograms(l.untilSnapshot(ctx, accessToken.Get(f)), f)
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
	tape := w.recorder()
	wanted := [][2]string{{w.Mode, ControlKey}}
	if w.Instrument != ControlKey {
		wanted = [][2]string{{"ltpc", ControlKey}, {w.Mode, w.Instrument}}
	}
	for _, mode := range wanted {
		if err := tape.sent(subscribed, mode[0]+" "+mode[1], s.Subscribe(mode[0], mode[1])); err != nil {
			return err
		}
	}
	return tape.sent(feed.Ping, "", s.Ping(""))
}

// withPrograms adds the local programs to the result of a stream that was closed
// for too many connections.
func (w World) withPrograms(res doctor.Result, f *doctor.Facts) doctor.Result {
	if addrs, known := hops(FeedHost).addrs.Peek(f); known && res.Code == catalog.ConnectionLimit.Code {
		w.addLocalPrograms(&res, addrs)
	}
	return res
}

// listener reads the stream for both ticks checks, one after the other.
type listener struct {
	events <-chan feed.Event
	tape   func(e feed.Event, open bool) // is told of each event
	reader *feed.Reader
	key    string // that is wanted
	mode   string // in which it is

	snapshotWait, liveWait time.Duration
	begun                  time.Time
	mark                   string // of the ping whose answer counts
	sendErr                error  // a request could not be sent; how the stream ended says why
}

func (s Settings) listen(events <-chan feed.Event, tape func(e feed.Event, open bool)) *listener {
	return &listener{
		events: events, tape: tape, reader: feed.NewReader(ControlKey, s.Instrument), key: s.Instrument, mode: s.Mode,
		snapshotWait: s.FrameWait, liveWait: s.LiveWait, begun: time.Now(),
	}
}

// untilSnapshot listens until both keys have a price or it is clear that they
// will not come. Both were requested at once, so once the control key has its
// price, the wait for the other is not much longer than that took.
func (l *listener) untilSnapshot(ctx context.Context, active ActiveToken) doctor.Result {
	l.begun = time.Now()
	l.snapshotWait = remainingWait(ctx, l.snapshotWait)
	wait := time.NewTimer(l.snapshotWait)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return l.noSnapshot(active)
		case <-wait.C:
			return l.noSnapshot(active)
		case e, open := <-l.events:
			had := l.reader.Controlled
			if res := l.record(e, open); res != nil {
				return *res
			}
			switch {
			case l.reader.Controlled && l.reader.Priced:
				return l.arrived()
			case l.reader.Controlled && !had:
				took := time.Since(l.begun)
				wait.Reset(min(l.snapshotWait-took, 2*took+time.Second))
			}
		}
	}
}

// remainingWait is the wait as far as the context's deadline allows it.
func remainingWait(ctx context.Context, wait time.Duration) time.Duration {
	if end, ok := ctx.Deadline(); ok {
		return max(0, min(wait, time.Until(end)))
	}
	return wait
}

// tick is what was seen last of the wanted key.
func (l *listener) tick() *feed.Tick { return l.reader.Tick(l.key) }

func (l *listener) arrived() doctor.Result {
	var ev doctor.Evidence
	t := l.tick()
	ev.Add(t.Key, t.LTP)
	if control := l.reader.Tick(ControlKey); control != t && control.Seen {
		ev.Add(control.Key, control.LTP)
	}
	ev.Add("frames", l.reader.Frames)
	if t.Traded == 0 {
		return pass(ev, "%s %s, not traded yet", label(t.Key), humanize.Price(t.Key, t.LTP))
	}
	return pass(ev, "%s %s, traded %s", label(t.Key), humanize.Price(t.Key, t.LTP), humanize.Moment(time.UnixMilli(t.Traded)))
}

// noSnapshot returns what was missing when the time was over.
func (l *listener) noSnapshot(active ActiveToken) doctor.Result {
	var ev doctor.Evidence
	ev.Add("frames", l.reader.Frames)
	ev.Add("pong", l.reader.Pong)
	ev.Add("mode", l.mode)
	ev.Add("waited_ms", time.Since(l.begun).Milliseconds())
	if l.sendErr != nil {
		return fail(catalog.StreamDropped, FeedHost, l.sendErr.Error(), ev)
	}
	missing := l.reader.Missing(l.mode, active.Plus)
	if missing == nil {
		return l.arrived() // the control key is not needed then
	}
	return fail(catalog.Classify(missing.Symptom(), catalog.NotKnown), cmp.Or(missing.Key, FeedHost), missing.Error(), ev)
}

// record tapes an event and handles it.
func (l *listener) record(e feed.Event, open bool) *doctor.Result {
	l.tape(e, open)
	return l.handle(e, open)
}

// handle looks at one event. It returns a result only if the stream has ended
// or sent what it may not.
func (l *listener) handle(e feed.Event, open bool) *doctor.Result {
	switch {
	case !open:
		return endResult(&feed.End{})
	case e.Kind == feed.Ended:
		return endResult(e.End)
	case e.Kind == feed.Pong:
		l.reader.Pong = l.reader.Pong || string(e.Data) == l.mark
	case e.Kind == feed.Text:
		var ev doctor.Evidence
		ev.Add("text", string(e.Data))
		res := fail(catalog.FrameNotBinary, FeedHost, "a text frame came where protobuf belongs", ev)
		return &res
	case e.Kind == feed.Frame:
		if err := l.reader.Frame(e.At, e.Data); err != nil {
			var ev doctor.Evidence
			ev.Add("frame_bytes", len(e.Data))
			res := fail(catalog.FrameUndecodable, FeedHost, err.Error(), ev)
			return &res
		}
	}
	return nil
}

// endResult names the end of a stream.
func endResult(end *feed.End) *doctor.Result {
	var ev doctor.Evidence
	if end.Clean {
		ev.Add("close_code", end.Code)
		ev.Add("close_reason", end.Reason)
	}
	res := fail(catalog.Classify(end.Symptom(), catalog.NotKnown), FeedHost, end.String(), ev)
	return &res
}
