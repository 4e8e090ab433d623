package feed

import (
	"fmt"

	"upstox-doctor/checks/catalog"
)

// A Missing is what did not come on a stream in time.
type Missing struct {
	Kind string // as in catalog.Symptom
	Key  string // what it concerns, if that is one instrument key
	text string
}

// Error says what came and what did not.
func (m *Missing) Error() string { return m.text }

// Symptom returns what the catalog recognises it by.
func (m *Missing) Symptom() catalog.Symptom {
	return catalog.Symptom{Hop: catalog.HopStream, Kind: m.Kind}
}

// Missing returns what has not come; nil if a requested key has a price. The
// mode is that of the subscription; plus is the plan by the token, nil if
// unknown. The plan is blamed only if the stream is known to be alive.
func (r *Reader) Missing(mode string, plus *bool) *Missing {
	lives := r.Controlled || r.Pong
	switch {
	case r.Priced:
		return nil
	case r.Frames == 0 && r.Pong:
		return &Missing{Kind: catalog.KindSilent, text: "the stream is open and answers pings, but not one frame came"}
	case r.Frames == 0:
		return &Missing{Kind: catalog.KindSilent, text: "the stream is open, but not one frame came"}
	case mode == ModeFullD30 && plus != nil && !*plus && lives:
		return &Missing{Kind: catalog.KindPlan, Key: r.first(), text: "mode full_d30 brings nothing, and the token is not of a Plus plan"}
	case r.Controlled:
		return &Missing{Kind: catalog.KindUnknownKey, Key: r.first(), text: r.unknown()}
	case !r.Pong:
		return &Missing{Kind: catalog.KindStalled, text: "market_info came, then neither data nor an answer to a ping"}
	}
	return &Missing{Kind: catalog.KindUnpriced, text: "market_info came, but no prices: the subscription was ignored"}
}

// first returns the first requested key.
func (r *Reader) first() string {
	if len(r.Ticks) == 0 {
		return r.Control.Key
	}
	return r.Ticks[0].Key
}

// unknown is the result if no key has a price except the control key.
func (r *Reader) unknown() string {
	if len(r.Ticks) > 1 {
		return fmt.Sprintf("%s has a price, none of the %d keys has one", r.Control.Key, len(r.Ticks))
	}
	return fmt.Sprintf("%s has a price, %s has none", r.Control.Key, r.first())
}
