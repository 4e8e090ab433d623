package report

import (
	"io"
	"slices"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/watch"
)

// WatchSchema is the name and version of the lines that a watch writes; within
// a version, fields are only added.
const WatchSchema = "upstox-doctor/watch/v1"

// A WatchSummary is the summary of a watch. Its JSON form is the last line of
// --output jsonl, and all of --output json.
type WatchSummary struct {
	Schema         string    `json:"schema"`
	Event          string    `json:"event"` // summary
	At             string    `json:"at"`
	Status         string    `json:"status"` // pass: no disconnect; warn: disconnects, and prices came back, or a frozen key; fail: they did not, or the user must act; skip: ended too early to say
	ExitCode       int       `json:"exit_code"`
	EndedBy        string    `json:"ended_by"` // duration, time, signal, output, not-retryable
	Began          string    `json:"began"`
	Ended          string    `json:"ended"`
	UpMS           int64     `json:"up_ms"`
	MarketOpenMS   int64     `json:"market_open_ms"`
	MarketOpenUpMS int64     `json:"market_open_up_ms"`
	Ticks          int64     `json:"ticks"`
	Frames         int64     `json:"frames"`
	WorstDelayMS   int64     `json:"worst_delay_ms"`
	WorstLagMS     int64     `json:"worst_lag_ms"`
	BackpressureMS int64     `json:"backpressure_ms"` // the feed went unread, because the output was blocked
	Disconnects    int       `json:"disconnects"`
	Gaps           []Gap     `json:"gaps"`     // the newest, at most a thousand
	Episodes       []Episode `json:"episodes"` // the newest, at most a thousand
	Patterns       []Pattern `json:"patterns"`
	FrozenKeys     []Cause   `json:"frozen_keys"` // keys without ticks that traded, at most a thousand

	summary watch.Summary
}

// A Gap is a time without prices while the market was open.
type Gap struct {
	From   string `json:"from"`
	To     string `json:"to"`
	LostMS int64  `json:"lost_ms"`
}

// WatchExit is the status with which the program ends after a watch.
func WatchExit(s watch.Summary, failOnWarn bool) int {
	switch {
	case s.Status == doctor.Fail:
		return 1
	case s.Status == doctor.Warn && failOnWarn:
		return 3
	case s.Status == doctor.Skip && s.EndedBy == watch.EndSignal:
		return 130
	case s.Status == doctor.Skip:
		return 4
	}
	return 0
}

// NewWatchSummary makes the page. Of m it uses Scrub, OS and ExitCode.
func NewWatchSummary(s watch.Summary, m Meta) WatchSummary {
	return newBuilder(m).watchSummary(s, m.ExitCode)
}

func (b builder) watchSummary(s watch.Summary, exit int) WatchSummary {
	w := WatchSummary{
		Schema: WatchSchema, Event: "summary", At: s.Ended.Format(timeLayout),
		Status: string(s.Status), ExitCode: exit, EndedBy: s.EndedBy,
		Began: s.Began.Format(timeLayout), Ended: s.Ended.Format(timeLayout),
		UpMS: milliseconds(s.Up), MarketOpenMS: milliseconds(s.Open), MarketOpenUpMS: milliseconds(s.OpenUp),
		Ticks: s.Ticks, Frames: s.Frames,
		WorstDelayMS: s.WorstDelay.Milliseconds(), WorstLagMS: s.WorstLag.Milliseconds(),
		BackpressureMS: milliseconds(s.Backpressure), Disconnects: s.Disconnects, Gaps: []Gap{}, Episodes: []Episode{}, Patterns: []Pattern{}, FrozenKeys: []Cause{}, summary: s,
	}
	for _, g := range s.Gaps {
		w.Gaps = append(w.Gaps, Gap{g.From.Format(timeLayout), g.To.Format(timeLayout), milliseconds(g.To.Sub(g.From))})
	}
	for _, e := range s.Episodes {
		w.Episodes = append(w.Episodes, b.episode(e))
	}
	for _, p := range s.Patterns {
		w.Patterns = append(w.Patterns, b.pattern(p))
	}
	for _, r := range s.FrozenKeys {
		w.FrozenKeys = append(w.FrozenKeys, b.finding(r))
	}
	return w
}

// JSON writes the page for scripts.
func (w WatchSummary) JSON(to io.Writer) error { return writeJSON(to, w) }

// causes are the findings to explain, each code once: first the patterns, then the
// episodes that no pattern explains, of these first what only the user can solve,
// and last the frozen keys.
func (w WatchSummary) causes() []Cause {
	var all []Cause
	explained := map[int]bool{}
	add := func(c Cause) {
		if !slices.ContainsFunc(all, func(o Cause) bool { return o.Code == c.Code }) {
			all = append(all, c)
		}
	}
	for _, e := range w.Episodes {
		if !e.Retryable {
			add(e.Finding)
		}
	}
	for _, p := range w.Patterns {
		add(p.Finding)
		for _, n := range p.Episodes {
			explained[n] = true
		}
	}
	for _, e := range slices.Backward(w.Episodes) {
		if !explained[e.N] {
			add(e.Finding)
		}
	}
	if len(w.FrozenKeys) > 0 {
		all = append(all, w.FrozenKeys[0]) // the others are named in the verdict
	}
	return all
}
