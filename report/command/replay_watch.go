package command

import (
	"context"
	"fmt"
	"io"
	"time"

	"upstox-doctor/checks/redact"
	"upstox-doctor/checks/watch"
)

// replayWatch passes the events of a recorded watch to a Judge.
func (a App) replayWatch(ctx context.Context, o ReplayOptions, p *recording) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	// As fast as can be, a screen would only flicker.
	watching := WatchOptions{OutputOptions: o.OutputOptions, Plain: o.Plain || o.Speed == 0, FailOn: o.FailOn}
	v := &watchOutputs{app: a, options: watching, meta: a.reportMeta(new(redact.Set).String, WorldOptions{}), stop: stop}
	if err := v.open(); err != nil {
		return fault(err)
	}
	defer v.close()
	defer context.AfterFunc(ctx, v.closeScreen)()
	summary, err := play(ctx, p, o.Speed, v)
	v.closeScreen()
	if err != nil {
		return fault(fmt.Errorf("replay: %w", err))
	}
	return v.finish(summary, nil)
}

// play passes the events to a Judge, with their pauses if a speed is given, and
// returns its Summary. An interruption ends the recording early.
func play(ctx context.Context, p *recording, speed float64, v *watchOutputs) (watch.Summary, error) {
	first, err := next(p)
	if err == nil && first.Begun == nil {
		err = fmt.Errorf("tape line %d: no beginning of a watch", p.first.Line)
	}
	if err != nil {
		return watch.Summary{}, err
	}
	sink := v.begin(first.At, first.Begun.Keys, first.Begun.Mode)
	tracker := watch.NewReporter(sink)
	c := playback{speed: speed, from: first.At, began: time.Now()}
	for e := first; ; {
		c.wait(ctx, e.At, func(now time.Time) { sink.Refresh(tracker.State(now)) })
		if ctx.Err() != nil {
			break
		}
		tracker.Handle(e)
		if e, err = next(p); err != nil {
			break
		}
	}
	if err != nil && err != io.EOF && ctx.Err() == nil {
		return watch.Summary{}, err
	}
	return tracker.Summary(), nil
}

// next is the next event of the recording.
func next(p *recording) (watch.Event, error) {
	rec, err := p.next()
	if err != nil {
		return watch.Event{}, err
	}
	e, err := watch.EventOf(rec)
	e.At = e.At.Local()
	return e, err
}

// A playback shows the tape's time, so many times as fast as it went by.
type playback struct {
	speed float64   // zero waits for nothing
	from  time.Time // on the tape
	began time.Time // here
}

// refreshEvery is as often as a watch shows how things stand.
const refreshEvery = 250 * time.Millisecond

// wait returns when the time until on the tape is reached, and calls beat
// meanwhile.
func (h playback) wait(ctx context.Context, until time.Time, beat func(now time.Time)) {
	if h.speed == 0 {
		return
	}
	for ctx.Err() == nil {
		now := h.from.Add(time.Duration(float64(time.Since(h.began)) * h.speed))
		left := time.Duration(float64(until.Sub(now)) / h.speed)
		if left <= 0 {
			return
		}
		timer := time.NewTimer(min(left, refreshEvery))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		if left > refreshEvery {
			beat(now)
		}
	}
}
