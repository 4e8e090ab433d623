package watch

import (
	"cmp"
	"context"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
)

// A Connector connects to Upstox.
type Connector interface {
	// Connect makes one attempt: it reads the token again from its sources,
	// requests one URL and makes one upgrade with it. The Refusal is nil on
	// success.
	Connect(ctx context.Context) (*feed.Stream, Opened, *Refusal)
	// Examine runs the doctor's own checks and returns the root cause, if they
	// find one.
	Examine(ctx context.Context) (doctor.Result, bool)
	// Peers counts the sockets of other programs of this machine to the feed.
	// It is called while no stream of ours is open.
	Peers() int
	// Programs names those other programs, as far as the system tells.
	Programs() []string
	// Quotes requests the last prices of keys, at most maxQuoted of them, and
	// reports whether Upstox answered. It may be called while Peers or Programs is.
	Quotes(ctx context.Context, keys []string) ([]Quote, bool)
}

// A Refusal is an attempt that did not open the feed.
type Refusal struct {
	Finding    doctor.Result // a fail with its code
	Head       *ResponseHead // of the refusing answer; optional
	Authorized bool          // a URL was requested, which counts against Upstox's limits
}

// Options say what is watched, and with which time limits. A zero duration
// means the default.
type Options struct {
	Version string           // of the doctor
	Keys    []string         // the first is the one shown large
	Control string           // key that always has a price, subscribed with the others; optional
	Mode    string           // ltpc, option_greeks, full or full_d30
	For     time.Duration    // how long to watch; zero: until the context ends
	Until   time.Time        // by Wall; zero: until the context ends
	Now     func() time.Time // the local clock as Steady lets it go on, not corrected; nil means time.Now
	Wall    func() time.Time // the local clock as it is set; nil means Now
	Tape    func(Event)      // called with each event before the Tracker handles it; optional

	PingEvery    time.Duration // of silence, before a ping is sent
	PongWait     time.Duration // for the pong
	PriceWait    time.Duration // for the first prices after a subscription
	RefreshEvery time.Duration // between two calls of Sink.Refresh

	// Uptime is a monotonic clock that includes the time in which the machine
	// is suspended; nil means the machine's.
	Uptime func() time.Duration

	// Speedup divides the pauses between attempts and the period of the budget
	// of calls; zero means one. It is for the embedded server. A Retry-After is
	// obeyed in full.
	Speedup int
}

func (o Options) withDefaults() Options {
	o.PingEvery = cmp.Or(o.PingEvery, 10*time.Second)
	o.PongWait = cmp.Or(o.PongWait, 10*time.Second)
	o.PriceWait = cmp.Or(o.PriceWait, 15*time.Second)
	o.RefreshEvery = cmp.Or(o.RefreshEvery, 250*time.Millisecond)
	o.Speedup = cmp.Or(o.Speedup, 1)
	o.Mode = cmp.Or(o.Mode, "ltpc")
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Wall == nil {
		o.Wall = o.Now
	}
	if o.Uptime == nil {
		o.Uptime = sinceBoot
	}
	return o
}
