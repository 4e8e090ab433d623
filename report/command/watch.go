package command

import (
	"cmp"
	"context"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/tape"
	"upstox-doctor/checks/watch"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
)

// WatchOptions is what to watch, and for how long.
type WatchOptions struct {
	OutputOptions
	WorldOptions
	Instruments []string // empty for the usual, or what the scenario wants
	Mode        string   // likewise

	InstrumentsFile string // more of them, one a line; empty for none
	For             time.Duration
	Until           string // time of day in India, or RFC 3339
	Plain           bool   // a line for each event, also on a terminal
	FailOn          string // fail or warn
	Record          string // a tape to record on; empty for none

	EndWithInput bool // end when standard input does

	brief bool // the price in place on a terminal, and a summary only if something was wrong
}

// Watch holds the stream until the context ends or the time is over, and shows
// it while it goes on.
func (a App) Watch(ctx context.Context, o WatchOptions) error {
	if err := o.parse(); err != nil {
		return err
	}
	w, session, err := a.openWorld(o.WorldOptions, sim.Options{Redirect: o.Credentials["UPSTOX_REDIRECT_URI"]})
	if err != nil {
		return err
	}
	defer session.Close()
	if o.EndWithInput {
		var cancel context.CancelFunc
		ctx, cancel = a.untilInputEnds(ctx)
		defer cancel()
	}
	return a.watchWorld(ctx, o, w)
}

// watchWorld is Watch in a world that is open already; the options are parsed.
func (a App) watchWorld(ctx context.Context, o WatchOptions, w checks.World) (err error) {
	for i, text := range o.Instruments {
		if o.Instruments[i], err = a.findInstrument(ctx, text, w, o.Quiet); err != nil {
			return err
		}
	}
	w.Mode = cmp.Or(o.Mode, w.Mode)
	options := watch.Options{Version: a.Version, Mode: w.Mode, For: o.For}
	if options.Until, err = until(o.Until, w.Now()); err != nil {
		return err
	}
	limited, stop := o.limited(ctx, options, w)
	defer stop()
	if err := o.readInstruments(limited); err != nil {
		return err
	}
	options.Keys = o.keys(w)
	recorder, err := a.openTape(limited, o.Record, tape.Watch, o.FailOn, w, o.WorldOptions)
	if err != nil {
		return fault(err)
	}
	defer recorder.Close()
	if recorder != nil {
		options.Tape = func(e watch.Event) { recorder.Add(e.Entry()) }
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	v := &watchOutputs{app: a, options: o, meta: a.reportMeta(w.Secrets.String, o.WorldOptions), stop: func() { cancel(watch.ErrOutput) }}
	if err := v.open(); err != nil {
		return fault(err)
	}
	defer v.close()
	// The terminal is whole again from the first Ctrl-C on: a second one kills.
	defer context.AfterFunc(ctx, v.closeScreen)()
	summary, err := w.Watch(ctx, options, v.begin(w.Now(), options.Keys, options.Mode))
	v.closeScreen()
	if err != nil {
		return ExitError{ExitUsage, err}
	}
	return v.finish(summary, recorder.Close())
}

func (o *WatchOptions) parse() error {
	if err := checkWords(o.FailOn, o.Mode); err != nil {
		return err
	}
	switch {
	case o.For < 0:
		return UsageError("--for %s is below zero", o.For)
	case o.For > 0 && o.Until != "":
		return UsageError("--for and --until contradict each other")
	}
	return o.OutputOptions.parse(report.OfWatch)
}

// limited is a context for what is read before the watch, which takes no longer
// than the watch may.
func (o *WatchOptions) limited(ctx context.Context, options watch.Options, w checks.World) (context.Context, context.CancelFunc) {
	limit := options.For
	if !options.Until.IsZero() {
		limit = options.Until.Sub(w.Now())
	}
	if limit > 0 {
		return context.WithTimeout(ctx, limit)
	}
	return context.WithCancel(ctx)
}

// until reads "15:30", of this day in India, or RFC 3339.
func until(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		clock, err := time.Parse("15:04", text)
		if err != nil {
			return at, UsageError("--until %q is neither a time of day in India such as 15:30 nor RFC 3339", text)
		}
		today := now.In(market.IST)
		at = time.Date(today.Year(), today.Month(), today.Day(), clock.Hour(), clock.Minute(), 0, 0, market.IST)
	}
	if !at.After(now) {
		return at, UsageError("--until %s is past: it is %s", text, humanize.Hour(now, now))
	}
	return at, nil
}
