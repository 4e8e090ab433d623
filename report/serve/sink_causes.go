package serve

import (
	"reflect"

	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
)

// cure is the cause that several disconnects have in common, or that of the last.
func (k *sink) cure(s *watch.State) *report.Cause {
	switch n, m := len(s.Patterns), len(s.Episodes); {
	case n > 0:
		return new(report.NewPattern(s.Patterns[n-1], k.server.Feed.Meta).Finding)
	case m > 0:
		return new(k.causeOf(s.Episodes[m-1]))
	}
	return nil
}

// causeOf joins an episode with the catalog, once as long as nothing more is known
// of it: a stream is drawn several times a second. It requires mu.
func (k *sink) causeOf(e watch.Episode) report.Cause {
	known := &k.causes[e.N%maxBreaks]
	if !reflect.DeepEqual(known.episode, e) {
		*known = knownCause{e, report.NewEpisode(e, k.server.Feed.Meta).Finding}
	}
	return known.cause
}

type knownCause struct {
	episode watch.Episode
	cause   report.Cause
}
