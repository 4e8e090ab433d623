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
	resetAfter    = time.Minute // a connection that lasted so long resets the backoff
	maxRetryAfter = 15 * time.Minute

	maxAuthorizeCalls = 20
	authorizeWindow   = 10 * time.Minute
)

var pauses = retry.Backoff{First: time.Second, Max: time.Minute}

// backoff computes the pauses between attempts: each is random between zero
// and a limit that doubles, so that clients that failed at the same moment do
// not reconnect at the same moment.
type backoff struct {
	tries, bans int
	speedup     int // of Options
}

// afterDisconnect is the pause after a connection that lasted so long.
func (b *backoff) afterDisconnect(age time.Duration) time.Duration {
	if age >= resetAfter/time.Duration(b.speedup) {
		b.tries, b.bans = 0, 0
	}
	return b.pause()
}

// afterRefusal is the pause after a refusal.
func (b *backoff) afterRefusal(code string, head *ResponseHead) time.Duration {
	wait := b.pause()
	if head != nil && head.RetryAfter > 0 {
		wait = max(wait, min(head.RetryAfter, maxRetryAfter)+jitter(pauses.First))
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
	return jitter(limit / time.Duration(b.speedup))
}

// jitter is a random time up to the limit.
func jitter(limit time.Duration) time.Duration { return rand.N(limit + 1) }

// budget limits the calls to authorize, so that they never cause a rate limit.
type budget struct {
	calls   []time.Time // the newest, at most as many as are allowed
	speedup int         // of Options
}

func (b *budget) record(at time.Time) {
	b.calls = append(b.calls, at)
	if n := len(b.calls) - maxAuthorizeCalls; n > 0 {
		b.calls = b.calls[n:]
	}
}

// wait is how long the next call must wait.
func (b *budget) wait(now time.Time) time.Duration {
	if len(b.calls) < maxAuthorizeCalls {
		return 0
	}
	return max(0, b.calls[0].Add(authorizeWindow/time.Duration(b.speedup)).Sub(now))
}
