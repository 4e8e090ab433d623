package watch

import (
	"context"
	"errors"
	"sync"
	"time"

	"upstox-doctor/checks/feed"
)

const (
	connectWait = 40 * time.Second // for one attempt, which has waits of its own
	examineWait = 45 * time.Second
)

var (
	errFor   = errors.New(EndDuration)
	errUntil = errors.New(EndTime)
)

// Hold keeps the feed open as a good client does until the context ends, the
// time is over, or nothing but the user can help. It tells the sink what it
// sees, and leaves no goroutine behind.
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

// holder holds one feed. Only its own goroutine touches it.
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

// over says why the watch ends, if it does.
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

// attempt opens the feed once and holds it as long as it lasts. It returns how
// long to wait before the next one, and the code of what went wrong.
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

// final reports whether another attempt cannot cure what keeps the feed away.
func (h *holder) final() bool {
	_, _, final := h.judge.episode()
	return final
}

// connect makes one attempt while the screen goes on.
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

// examined is what was examined last: a code, of the episode with that number.
type examined struct {
	episode int
	code    string
}

// rest waits before the next attempt, and uses the time to find the cause
// behind the code if that is not evident, once in an episode.
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

// await waits for something that ends with the context, while the screen goes
// on.
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

// woke tells if this program has slept, which comes before whatever followed
// from it.
func (h *holder) woke() bool {
	slept := h.sleep.woke()
	if slept > 0 {
		h.tell(Event{Kind: Slept, Wait: slept})
	}
	return slept > 0
}

// beat shows how things stand, looks whether the time is over, and reports
// whether this program has slept.
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

// tell hands an event to tape and judge. Its time loses the monotonic clock,
// which a tape cannot keep, so that both see the same.
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
