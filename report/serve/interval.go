package serve

import (
	"math/rand/v2"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/retry"
	"upstox-doctor/report"
)

// MinInterval is the shortest interval, and the shortest rest after a run that
// took longer than its interval. A run makes about eight calls, and Upstox lets
// 2000 through in half an hour; its connections to the feed are few.
const MinInterval = 30 * time.Second

const (
	closedMarketFactor = 6         // times as rarely while the market is closed
	jitterPart         = 10        // a tenth of the interval, so that a fleet does not come at once
	maxRetryAfter      = time.Hour // that a server's Retry-After is obeyed
)

// interval is the time between the starts of this run and the next. While the
// market is closed it is longer, but ends when the market opens.
func (s *Server) interval(d report.Document) time.Duration {
	every := s.Every
	if d.Market.State == "closed" {
		every *= closedMarketFactor
		if open := d.Market.NextOpen; !open.IsZero() {
			if begun, err := time.Parse(time.RFC3339, d.StartedAt); err == nil && open.After(begun) {
				every = max(s.Every, min(every, open.Sub(begun)))
			}
		}
	}
	part := every / jitterPart
	return every + rand.N(part+1)
}

// serverDelay is how long a server wants to be left alone: as long as it says,
// and longer each time after a ban, which every call prolongs.
func serverDelay(d report.Document, bans int) time.Duration {
	var wait time.Duration
	if bans > 0 {
		wait = retry.Ban.After(bans - 1)
	}
	for _, c := range d.RootCauses {
		if n, ok := c.Number("retry_after_seconds"); ok {
			wait = max(wait, min(time.Duration(n*float64(time.Second)), maxRetryAfter))
		}
	}
	return wait
}

func isBanned(d report.Document) bool {
	for _, c := range d.RootCauses {
		if c.Code == catalog.EdgeRateLimited.Code {
			return true
		}
	}
	return false
}
