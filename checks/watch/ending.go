package watch

import (
	"fmt"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
)

// verdict names how a connection ended. What the wire says plainly comes first.
func (j *Judge) verdict(e Event, end End, lived time.Duration) (EpisodeKind, doctor.Result) {
	var ev doctor.Evidence
	ev.Add("lived_seconds", int(lived.Seconds()))
	ev.Add("frames", j.conn.frames)
	ev.Add("market", string(j.isState()))
	if e.Peers > 0 {
		ev.Add("other_local_connections", e.Peers)
	}
	kind, code, words := Dropped, "stream-dropped", end.Words
	stood := j.conn.stood(e.At)
	switch {
	case stood >= starvedFor:
		kind, code = Starved, "stream-starved"
		words = fmt.Sprintf("the feed went unread for %s before it ended: %s", humanize.Duration(stood), end.Words)
		ev.Add("unread_seconds", int(stood.Seconds()))
	case end.Clean:
		kind, code = ByServer, "stream-closed"
		ev.Add("close_code", end.Code)
		ev.Add("close_reason", end.Reason)
	case j.conn.silent && j.conn.frames == 0 && j.conn.text == 0 && j.conn.bad == 0:
		kind, code = Stalled, "stream-silent"
	case j.conn.silent:
		kind, code = Stalled, "stream-stalled"
	case j.conn.unpriced:
		kind, code = Stalled, "no-snapshot"
	}
	if (code == "stream-dropped" || code == "stream-stalled") && j.sleep.after(e.At) {
		code, words = "machine-asleep", j.sleep.words()+"; then: "+end.Words
		ev.Add("slept_seconds", int(j.sleep.lasted().Seconds()))
	}
	switch unread := j.conn.frames == 0 || j.conn.unpriced; {
	case kind == Starved:
	case end.Bad, unread && j.conn.bad > 0:
		code = "frame-undecodable"
	case unread && j.conn.text > 0:
		code = "frame-not-binary"
	}
	return kind, finding(code, words, ev)
}

// The feed starved if it went unread for so long within that time of its end.
const (
	starvedFor    = 5 * time.Second
	starvedWithin = 30 * time.Second
)

// stood is how long the feed went unread in the last while before the end.
func (c *conn) stood(end time.Time) time.Duration {
	var sum time.Duration
	begin := end.Add(-starvedWithin)
	for _, s := range c.stands {
		from, to := s.from, s.to
		if from.Before(begin) {
			from = begin
		}
		sum += max(to.Sub(from), 0)
	}
	return sum
}
