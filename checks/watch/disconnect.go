package watch

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
)

// classifyEnd names how a connection ended. A close frame or an error with one
// meaning takes precedence over what is inferred.
func (t *Tracker) classifyEnd(e Event, end End, age time.Duration) (EpisodeKind, doctor.Result) {
	var ev doctor.Evidence
	ev.Add("connection_age_seconds", int(age.Seconds()))
	ev.Add("frames", t.reader.Frames)
	ev.Add("market", string(t.marketState()))
	if e.Peers > 0 {
		ev.Add("other_local_connections", e.Peers)
	}
	kind, entry, words, target := Dropped, catalog.StreamDropped, end.Words, ""
	r := t.reader
	blocked := t.conn.blockedBefore(e.At)
	switch {
	case blocked >= minStarved:
		kind, entry = Starved, catalog.SlowConsumer
		words = fmt.Sprintf("the feed went unread for %s before it ended: %s", humanize.Duration(blocked), end.Words)
		ev.Add("backpressure_seconds", int(blocked.Seconds()))
	case end.Clean:
		kind, entry = ByServer, catalog.Classify(end.End().Symptom(), catalog.StreamClosed)
		ev.Add("close_code", end.Code)
		ev.Add("close_reason", end.Reason)
		if len(e.Programs) > 0 {
			words += "; connected to the feed: " + strings.Join(e.Programs, ", ")
			ev.Add("local_programs", e.Programs)
		}
	case t.conn.silent && r.Frames == 0 && r.Texts == 0 && r.Undecodable == 0:
		kind, entry = Stalled, catalog.StreamSilent
	case t.conn.silent:
		kind, entry = Stalled, catalog.StreamStalled
	case t.conn.frozen:
		kind, entry = Stalled, catalog.NoLiveTicks
	case t.conn.unpriced:
		kind = Stalled
		if missing := r.Missing(t.begun.Mode, t.opened.Plus); missing != nil {
			entry, words, target = catalog.Classify(missing.Symptom(), catalog.NoSnapshot), missing.Error()+": "+end.Words, missing.Key
		}
	}
	if (entry == catalog.StreamDropped || entry == catalog.StreamStalled) && t.lastSuspend.explains(e.At) {
		entry, words = catalog.MachineAsleep, t.lastSuspend.message()+"; then: "+end.Words
		ev.Add("slept_seconds", int(t.lastSuspend.duration().Seconds()))
	}
	switch unread := r.Frames == 0 || t.conn.unpriced; {
	case kind == Starved:
	case end.Malformed != "":
		entry = catalog.Classify(end.End().Symptom(), catalog.FrameCorrupt)
	case unread && r.Undecodable > 0:
		entry = catalog.FrameUndecodable
	case unread && r.Texts > 0:
		entry = catalog.FrameNotBinary
	}
	res := finding(entry, words, ev)
	res.Target = cmp.Or(target, res.Target)
	return kind, res
}

// An end is blamed on a slow reader if the feed went unread for so long within
// that time before it.
const (
	minStarved    = 5 * time.Second
	starvedWindow = 30 * time.Second
)

// blockedBefore is how long the feed went unread in the last while before the
// end.
func (c *conn) blockedBefore(end time.Time) time.Duration {
	var sum time.Duration
	begin := end.Add(-starvedWindow)
	for _, s := range c.stalls {
		from, to := s.from, s.to
		if from.Before(begin) {
			from = begin
		}
		sum += max(to.Sub(from), 0)
	}
	return sum
}
