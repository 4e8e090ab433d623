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

// Hold keeps the feed open and reconnects until the context ends, the time is
// over, or only the user can help. It reports to the sink. No goroutine is left
// running when it returns.
func Hold(ctx context.Context, line Line, o Options, s Sink) Summary {
	o = o.withDefaults()
	var keeping sync.WaitGroup
	defer keeping.Wait()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	h := &holder{
		line: line, o: o, sink: s, judge: NewJudge(s), stop: stop, ticker: time.NewTicker(o.BeatEvery),
		sleep: sleep{clock: o.Uptime, looked: o.Uptime()},
	}
	defer h.ticker.Stop()
	keeping.Go(func() { h.sleep.keep(ctx) })
	h.backoff.haste, h.budget.haste = o.Haste, o.Haste
	if o.For > 0 {
		h.ends = o.Now().Add(o.For)
	}
	h.tell(Event{Kind: Begin, Begun: &Begun{Version: o.Version, Mode: o.Mode, Keys: o.Keys, Control: o.control(), Until: o.Until}})
	why := h.run(ctx)
	h.tell(Event{Kind: Stop, EndedBy: why})
	return h.judge.Summary()
}

// holder keeps one feed open. Only its own goroutine uses it.
type holder struct {
	line     Line
	o        Options
	sink     Sink
	judge    *Judge
	stop     context.CancelCauseFunc
	ticker   *time.Ticker
	ends     time.Time // by Options.For
	backoff  backoff
	budget   budget
	sleep    sleep
	examined examined
}

// run makes attempts until the watch ends, and returns why.
func (h *holder) run(ctx context.Context) string {
	for {
		wait, code := h.attempt(ctx)
		if why := h.over(ctx); why != "" {
			return why
		}
		h.rest(ctx, wait, code)
		if why := h.over(ctx); why != "" {
			return why
		}
	}
}

// over returns why the watch ends, empty if it goes on.
func (h *holder) over(ctx context.Context) string {
	switch cause := context.Cause(ctx); {
	case h.final():
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
func (h *holder) attempt(ctx context.Context) (time.Duration, string) {
	h.tell(Event{Kind: Attempt})
	s, opened, refusal := h.connect(ctx)
	switch {
	case ctx.Err() != nil:
		if s != nil {
			s.Close()
		}
		return 0, ""
	case refusal != nil:
		h.woke()
		h.tell(Event{Kind: Refused, Finding: &refusal.Finding, Head: refusal.Head, Peers: h.line.Peers()})
		return h.backoff.refused(refusal.Finding.Code, refusal.Head), refusal.Finding.Code
	}
	began := time.Now()
	h.tell(Event{Kind: Open, Opened: &opened})
	h.listen(ctx, s)
	if ctx.Err() != nil {
		return 0, ""
	}
	_, code, _ := h.judge.episode()
	return h.backoff.after(time.Since(began)), code
}

// final reports whether another attempt cannot help.
func (h *holder) final() bool {
	_, _, final := h.judge.episode()
	return final
}

// connect makes one attempt while the screen keeps being refreshed.
func (h *holder) connect(ctx context.Context) (s *feed.Stream, opened Opened, refusal *Refusal) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		ctx, cancel := context.WithTimeout(ctx, connectWait)
		defer cancel()
		s, opened, refusal = h.line.Connect(ctx)
	}()
	h.await(done)
	if refusal == nil || refusal.Authorized {
		h.budget.spend(time.Now())
	}
	return s, opened, refusal
}

// examined is the code examined last and the number of its episode.
type examined struct {
	episode int
	code    string
}

// rest waits before the next attempt. If the code is ambiguous, the doctor's
// checks look for its cause in this time, once per episode and code.
func (h *holder) rest(ctx context.Context, wait time.Duration, code string) {
	episode, _, _ := h.judge.episode()
	now := examined{episode, code}
	examine := unclear(code) && h.examined != now
	if examine {
		h.examined = now
		h.budget.spend(time.Now()) // the doctor asks for a URL too
	}
	wait = max(wait, h.budget.wait(time.Now()))
	h.tell(Event{Kind: Pause, Wait: wait})
	timer := time.NewTimer(wait)
	defer timer.Stop()
	if examine {
		h.examine(ctx)
	}
	for !h.final() {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			return
		case <-h.ticker.C:
			h.beat()
		}
	}
}

// examine runs the doctor's own checks.
func (h *holder) examine(ctx context.Context) {
	e := Event{Kind: Examined}
	done := make(chan struct{})
	go func() {
		defer close(done)
		ctx, cancel := context.WithTimeout(ctx, examineWait)
		defer cancel()
		if res, found := h.line.Examine(ctx); found {
			e.Finding = &res
		}
	}()
	h.await(done)
	if e.Finding != nil && ctx.Err() == nil {
		h.tell(e)
	}
}

// await waits for something that ends with the context, while the screen keeps
// being refreshed.
func (h *holder) await(done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		case <-h.ticker.C:
			h.beat()
		}
	}
}

// woke reports whether this program was suspended, and records that as an event
// before the events that follow from it.
func (h *holder) woke() bool {
	slept := h.sleep.woke()
	if slept > 0 {
		h.tell(Event{Kind: Slept, Wait: slept})
	}
	return slept > 0
}

// beat refreshes the screen, ends the watch when its time is over, and reports
// whether this program was suspended.
func (h *holder) beat() (woke bool) {
	woke = h.woke()
	now := h.o.Now()
	switch {
	case !h.ends.IsZero() && !now.Before(h.ends):
		h.stop(errFor)
	case !h.o.Until.IsZero() && !now.Before(h.o.Until):
		h.stop(errUntil)
	}
	h.sink.Beat(h.judge.State(now))
	return woke
}

// tell passes an event to the tape and the Judge. The monotonic reading of its
// time, which a tape cannot hold, is removed, so that both get the same time.
func (h *holder) tell(e Event) {
	if e.At.IsZero() {
		e.At = h.o.Now()
	}
	e.At = e.At.Round(0)
	if h.o.Tape != nil {
		h.o.Tape(e)
	}
	h.judge.Take(e)
}
