// Package retry tells how long to wait before the next attempt.
package retry

import "time"

// A Backoff is the pause after each failure in a row: First, then twice as
// long each time, and at most Max.
type Backoff struct{ First, Max time.Duration }

// After is the pause with that many failures before this one.
func (b Backoff) After(failures int) time.Duration {
	return min(b.First<<min(failures, 20), b.Max) // 20 doublings of an hour do not overflow
}

// Ban is how long to leave Cloudflare alone after its 1015, which every call
// prolongs.
var Ban = Backoff{First: time.Minute, Max: 15 * time.Minute}
