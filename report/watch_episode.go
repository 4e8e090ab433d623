package report

import (
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/watch"
)

// An Episode is one disconnect of a watch, joined with the catalog and fit to
// be shown. Its JSON form is for scripts.
type Episode struct {
	N               int               `json:"n"`
	Kind            watch.EpisodeKind `json:"kind"`
	Began           string            `json:"began"`
	Ended           *string           `json:"ended"` // null while it lasts
	DownMS          *int64            `json:"down_ms"`
	ConnectionAgeMS int64             `json:"connection_age_ms"` // when it was lost
	Attempts        int               `json:"attempts"`          // to come back
	MarketOpen      bool              `json:"market_open"`
	Retryable       bool              `json:"retryable"` // false if the user must act first
	Finding         Cause             `json:"finding"`
}

// A Pattern is a cause that several episodes have in common.
type Pattern struct {
	Episodes []int `json:"episodes"`
	Finding  Cause `json:"finding"`
}

// NewEpisode joins an episode with the catalog. Of m it uses Scrub and OS.
func NewEpisode(e watch.Episode, m Meta) Episode { return newBuilder(m).episode(e) }

func (b builder) episode(e watch.Episode) Episode {
	out := Episode{
		N: e.N, Kind: e.Kind, Began: e.Began.Format(timeLayout), ConnectionAgeMS: milliseconds(e.ConnectionAge),
		Attempts: e.Attempts, MarketOpen: e.Open, Retryable: !e.Permanent, Finding: b.finding(e.Finding),
	}
	if !e.Ended.IsZero() {
		out.Ended, out.DownMS = new(e.Ended.Format(timeLayout)), new(milliseconds(e.Ended.Sub(e.Began)))
	}
	return out
}

// NewPattern joins a pattern with the catalog. Of m it uses Scrub and OS.
func NewPattern(p watch.Pattern, m Meta) Pattern { return newBuilder(m).pattern(p) }

func (b builder) pattern(p watch.Pattern) Pattern {
	return Pattern{append([]int{}, p.Episodes...), b.finding(p.Finding)}
}

// NewFinding joins one finding with the catalog. Of m it uses Scrub and OS.
func NewFinding(r doctor.Result, m Meta) Cause { return newBuilder(m).finding(r) }

// finding joins one result that stands alone.
func (b builder) finding(r doctor.Result) Cause {
	return b.cause(doctor.RootCause{Result: r, Targets: []string{r.Target}})
}
