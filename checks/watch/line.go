package watch

import (
	"cmp"
	"context"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
)

// A Line is the way to Upstox.
type Line interface {
	// Connect makes one attempt: the token is read again from its sources, one
	// URL asked for, and one upgrade made with it. The Refusal is nil if the
	// feed is open.
	Connect(ctx context.Context) (*feed.Stream, Opened, *Refusal)
	// Examine runs the doctor's own checks and returns the root cause they
	// find, if they find one.
	Examine(ctx context.Context) (doctor.Result, bool)
	// Peers counts the sockets of other programs of this machine to the feed.
	// It is asked while no stream of ours is open.
	Peers() int
}

// A Refusal is an attempt that did not lead to an open feed.
type Refusal struct {
	Finding    doctor.Result // a fail with its code
	Head       *Head         // of the answer that refused, if there was one
	Authorized bool          // a URL was asked for, which counts against Upstox's limits
}

// Options say what is watched, and how patiently. Zero durations are replaced
// by the usual ones.
type Options struct {
	Version string           // of the doctor
	Keys    []string         // the first is the one that is shown large
	Control string           // key that always has a price, to be asked for beside the others; empty for none
	Mode    string           // ltpc, option_greeks, full or full_d30
	For     time.Duration    // how long to watch; zero for as long as the context lasts
	Until   time.Time        // by the local clock; zero for as long as the context lasts
	Now     func() time.Time // the local clock, right or wrong; nil is time.Now
	Tape    func(Event)      // is told every event before it is judged; nil for nobody

	PingEvery time.Duration // of silence, before a sign of life is asked for
	PongWait  time.Duration // for that sign
	PriceWait time.Duration // for the first prices after a subscription
	BeatEvery time.Duration // between two calls of Sink.Beat

	// Uptime is a clock that nobody sets and that goes on while the machine
	// sleeps; nil is the machine's.
	Uptime func() time.Duration

	// Haste shortens the pauses between attempts, and the time of the budget of
	// calls, so many times; zero is one. It is for servers of one's own. What a
	// server asks for is obeyed in full.
	Haste int
}

func (o Options) withDefaults() Options {
	o.PingEvery = cmp.Or(o.PingEvery, 10*time.Second)
	o.PongWait = cmp.Or(o.PongWait, 10*time.Second)
	o.PriceWait = cmp.Or(o.PriceWait, 15*time.Second)
	o.BeatEvery = cmp.Or(o.BeatEvery, 250*time.Millisecond)
	o.Haste = cmp.Or(o.Haste, 1)
	o.Mode = cmp.Or(o.Mode, "ltpc")
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Uptime == nil {
		o.Uptime = sinceBoot
	}
	return o
}
