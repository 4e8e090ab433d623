package watch

import (
	"context"
	"errors"
	"sync"
	"time"

	"upstox-doctor/checks/feed"
)

const (
	connectWait = 40 * time.Second // for one attempt, whose steps have shorter limits
	examineWait = 45 * time.Second
)

var (
	errFor   = errors.New(EndDuration)
	errUntil = errors.New(EndTime)
)

// Run keeps the feed open and reconnects until the context ends, the time is
// over, or only the user can help. It reports to the sink. No goroutine is left
// running when it returns.
func Run(ctx context.Context, line Connector, o Options, s Sink) Summary {
	o = o.withDefaults()
	var keeping sync.WaitGroup
	defer keeping.Wait()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	h := &client{
		connector: line, options: o, sink: s, reporter: NewReporter(s), stop: stop, ticker: time.NewTicker(o.RefreshEvery),
		suspend: suspendDetector{clock: o.Uptime, lastReading: o.Uptime()},
	}
	defer h.ticker.Stop()
	keeping.Go(func() { h.suspend.run(ctx) })
	h.backoff.speedup, h.budget.speedup = o.Speedup, o.Speedup
	if o.For > 0 {
		h.ends = time.Now().Add(o.For)
	}
	h.record(Event{Kind: Begin, Begun: &Begun{Version: o.Version, Mode: o.Mode, Keys: o.Keys, Control: o.control(), Until: o.Until}})
	why := h.run(ctx)
	h.record(Event{Kind: Stop, EndedBy: why})
	return h.reporter.Summary()
}

// client keeps one feed open. Only its own goroutine uses it.
type client struct {
	connector Connector
	options   Options
	sink      Sink
	reporter  *Reporter
	stop      context.CancelCauseFunc
	ticker    *time.Ticker
	ends      time.Time // by Options.For and the monotonic clock, which leaves suspends out
	backoff   backoff
	budget    budget
	suspend   suspendDetector
	examined  examined
}

// run makes attempts until the watch ends, and returns why.
func (c *client) run(ctx context.Context) string {
	for {
		wait, code := c.attempt(ctx)
		if why := c.endReason(ctx); why != "" {
			return why
		}
		c.waitBeforeNext(ctx, wait, code)
		if why := c.endReason(ctx); why != "" {
			return why
		}
	}
}

// endReason returns why the watch ends, empty if it goes on.
func (c *client) endReason(ctx context.Context) string {
	switch cause := context.Cause(ctx); {
	case c.final():
		return EndNotRetryable
	case cause == nil:
		return ""
	case errors.Is(cause, errFor):
		return EndDuration
	case errors.Is(cause, errUntil):
		return EndTime
	case errors.Is(cause, ErrOutput):
		return EndOutput
	}
	return EndSignal
}

// attempt opens the feed once and reads it until it ends. It returns how long
// to wait before the next attempt, and the code of what went wrong.
func (c *client) attempt(ctx context.Context) (time.Duration, string) {
	c.record(Event{Kind: Attempt})
	s, opened, refusal := c.connect(ctx)
	switch {
	case ctx.Err() != nil:
		if s != nil {
			s.Close()
		}
		return 0, ""
	case refusal != nil:
		c.reportSleep()
		c.record(Event{Kind: Refused, Finding: &refusal.Finding, Head: refusal.Head, Peers: c.connector.Peers()})
		return c.backoff.afterRefusal(refusal.Finding.Code, refusal.Head), refusal.Finding.Code
	}
	began := time.Now()
	c.record(Event{Kind: Open, Opened: &opened})
	c.listen(ctx, s)
	if ctx.Err() != nil {
		return 0, ""
	}
	_, code, _ := c.reporter.episode()
	return c.backoff.afterDisconnect(time.Since(began)), code
}

// final reports whether another attempt cannot help.
func (c *client) final() bool {
	_, _, final := c.reporter.episode()
	return final
}

// connect makes one attempt while the screen keeps being refreshed.
func (c *client) connect(ctx context.Context) (s *feed.Stream, opened Opened, refusal *Refusal) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		ctx, cancel := context.WithTimeout(ctx, connectWait)
		defer cancel()
		s, opened, refusal = c.connector.Connect(ctx)
	}()
	c.waitFor(done)
	if refusal == nil || refusal.Authorized {
		c.budget.record(time.Now())
	}
	return s, opened, refusal
}

// examined is the code examined last and the number of its episode.
type examined struct {
	episode int
	code    string
}

// waitBeforeNext waits before the next attempt. If the code is ambiguous, the
// doctor's checks look for its cause in this time, once per episode and code.
func (c *client) waitBeforeNext(ctx context.Context, wait time.Duration, code string) {
	episode, _, _ := c.reporter.episode()
	now := examined{episode, code}
	examine := isAmbiguous(code) && c.examined != now
	if examine {
		c.examined = now
		c.budget.record(time.Now()) // the doctor asks for a URL too
	}
	wait = max(wait, c.budget.wait(time.Now()))
	c.record(Event{Kind: Pause, Wait: wait})
	timer := time.NewTimer(wait)
	defer timer.Stop()
	if examine {
		c.examine(ctx)
	}
	for !c.final() {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			return
		case <-c.ticker.C:
			c.refresh()
		}
	}
}

// examine runs the doctor's own checks.
func (c *client) examine(ctx context.Context) {
	e := Event{Kind: Examined}
	done := make(chan struct{})
	go func() {
		defer close(done)
		ctx, cancel := context.WithTimeout(ctx, examineWait)
		defer cancel()
		if res, found := c.connector.Examine(ctx); found {
			e.Finding = &res
		}
	}()
	c.waitFor(done)
	if e.Finding != nil && ctx.Err() == nil {
		c.record(e)
	}
}

// waitFor waits for something that ends with the context, while the screen
// keeps being refreshed.
func (c *client) waitFor(done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		case <-c.ticker.C:
			c.refresh()
		}
	}
}

// reportSleep reports whether this program was suspended, and records that as
// an event before the events that follow from it.
func (c *client) reportSleep() bool {
	slept := c.suspend.take()
	if slept > 0 {
		c.record(Event{Kind: Slept, Wait: slept})
	}
	return slept > 0
}

// refresh refreshes the screen, ends the watch when its time is over, and
// reports whether this program was suspended.
func (c *client) refresh() (woke bool) {
	woke = c.reportSleep()
	now := c.options.Now()
	switch {
	case !c.ends.IsZero() && !time.Now().Before(c.ends):
		c.stop(errFor)
	case !c.options.Until.IsZero() && !c.options.Wall().Before(c.options.Until):
		c.stop(errUntil)
	}
	c.sink.Refresh(c.reporter.State(now))
	return woke
}

// record passes an event to the tape and the Tracker. The monotonic reading of
// its time, which a tape cannot hold, is removed, so that both get the same
// time.
func (c *client) record(e Event) {
	if e.At.IsZero() {
		e.At = c.options.Now()
	}
	e.At = e.At.Round(0)
	if c.options.Tape != nil {
		c.options.Tape(e)
	}
	c.reporter.Handle(e)
}
