package watch

import (
	"math/rand/v2"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/retry"
)

// How attempts are spaced. Upstox documents no limit on authorize calls; the
// general ones are far higher than this budget.
const (
	steadyAfter = time.Minute // a connection that lasted so long resets the backoff
	longestObey = 15 * time.Minute

	budgetCalls = 20
	budgetSpan  = 10 * time.Minute
)

var pauses = retry.Backoff{First: time.Second, Max: time.Minute}

// backoff computes the pauses between attempts: each is random between zero
// and a limit that doubles, so that clients that failed at the same moment do
// not reconnect at the same moment.
type backoff struct {
	tries, bans int
	haste       int // of Options
}

// after is the pause after a connection that lasted so long.
func (b *backoff) after(lived time.Duration) time.Duration {
	if lived >= steadyAfter/time.Duration(b.haste) {
		b.tries, b.bans = 0, 0
	}
	return b.pause()
}

// refused is the pause after a refusal.
func (b *backoff) refused(code string, head *Head) time.Duration {
	wait := b.pause()
	if head != nil && head.RetryAfter > 0 {
		wait = max(wait, min(head.RetryAfter, longestObey)+jitter(pauses.First))
	}
	if code == catalog.EdgeRateLimited.Code {
		ban := retry.Ban.After(b.bans)
		b.bans++
		wait = max(wait, ban+jitter(ban/4))
	}
	return wait
}

func (b *backoff) pause() time.Duration {
	limit := pauses.After(b.tries)
	b.tries++
	return jitter(limit / time.Duration(b.haste))
}

// jitter is a random time up to the limit.
func jitter(limit time.Duration) time.Duration { return rand.N(limit + 1) }

// budget limits the calls to authorize, so that they never cause a rate limit.
type budget struct {
	calls []time.Time // the newest, at most as many as are allowed
	haste int         // of Options
}

func (b *budget) spend(at time.Time) {
	b.calls = append(b.calls, at)
	if n := len(b.calls) - budgetCalls; n > 0 {
		b.calls = b.calls[n:]
	}
}

// wait is how long the next call must wait.
func (b *budget) wait(now time.Time) time.Duration {
	if len(b.calls) < budgetCalls {
		return 0
	}
	return max(0, b.calls[0].Add(budgetSpan/time.Duration(b.haste)).Sub(now))
}
