package watch

import (
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/market"
)

// A Sink receives what the watch finds. All calls come from one goroutine.
// Arguments are valid only during the call.
type Sink interface {
	// Frame is called for every frame that could be decoded, in order.
	Frame(at time.Time, m *feed.Message)
	// Notice is called for everything else that is shown.
	Notice(Notice)
	// Refresh is called a few times a second, and after each Notice.
	Refresh(*State)
}

// Notice is one line of the log of a watch.
type Notice struct {
	At      time.Time
	Kind    NoticeKind
	Text    string         // plain words, safe to show
	Episode *Episode       // of Disconnected and Recovered
	Pattern *Pattern       // of PatternFound
	Finding *doctor.Result // of Anomaly
}

// NoticeKind is what the news is about.
type NoticeKind string

const (
	Connecting   NoticeKind = "connecting"
	Connected    NoticeKind = "connected"
	Subscribed   NoticeKind = "subscribed"   // the first prices have come
	MarketNotice NoticeKind = "market"       // a watched segment opens or closes
	Waiting      NoticeKind = "waiting"      // for the market to open
	Disconnected NoticeKind = "episode"      // an episode begins
	Retry        NoticeKind = "retry"        // waiting before the next attempt
	Recovered    NoticeKind = "recovered"    // an episode ends
	PatternFound NoticeKind = "pattern"      // several episodes have one cause
	TokenNotice  NoticeKind = "token"        // another token, or one that ends soon
	Overload     NoticeKind = "backpressure" // the reader of our output is slow, and frames wait
	Anomaly      NoticeKind = "anomaly"      // another problem, with its Finding; the stream goes on
	Ended        NoticeKind = "end"
)

// An Episode is one disconnect, from the last moment of the connection until
// prices are back.
type Episode struct {
	N             int // counted from one
	Kind          EpisodeKind
	Finding       doctor.Result // always with a code
	Began         time.Time
	Ended         time.Time     // zero while it lasts
	ConnectionAge time.Duration // of the connection before
	Attempts      int           // to come back
	Open          bool          // the market was open when it began
	Permanent     bool          // retrying cannot help
}

// EpisodeKind is how a connection was lost or failed.
type EpisodeKind string

const (
	NeverOpened     EpisodeKind = "never-opened"  // no attempt of this watch led to an open feed
	ByServer        EpisodeKind = "closed"        // by a close frame of the server
	Dropped         EpisodeKind = "dropped"       // without a close frame
	Stalled         EpisodeKind = "stalled"       // neither data nor pong
	Starved         EpisodeKind = "slow-consumer" // this program or the reader of its output was too slow
	RefusedOnReturn EpisodeKind = "refused"       // the reconnect was refused
)

// A Pattern is a cause that several episodes have in common.
type Pattern struct {
	Finding  doctor.Result
	Episodes []int // their numbers
}

// State is the current state of a watch, for a screen.
type State struct {
	Now, Begun   time.Time
	Link         LinkState
	LinkSince    time.Time
	NextTry      time.Time   // of LinkWaiting
	Quotes       []feed.Tick // one for each key, in the order in which they were asked for
	PerSecond    []int       // ticks in each of the last 60 whole seconds, the newest last
	Ticks        int64
	Market       market.State  // of the first key's segment
	NextChange   time.Time     // when it is expected to open, or to close; zero if unknown
	TokenEnds    time.Time     // zero if unknown
	Delay        time.Duration // of the last live frame, from the server's stamp to its arrival
	Backpressure time.Duration // how long the feed went unread because the output was blocked
	Episodes     []Episode     // the newest, at most a thousand
	Patterns     []Pattern
}

// LinkState is the state of the connection.
type LinkState string

const (
	LinkConnecting LinkState = "connecting"
	LinkUp         LinkState = "open"
	LinkWaiting    LinkState = "waiting"
	LinkStopped    LinkState = "stopped"
)

// A Gap is a time without prices while the market was open.
type Gap struct{ From, To time.Time }

// Summary is the result of a whole watch.
type Summary struct {
	Began, Ended time.Time
	EndedBy      string        // duration, time, signal, output or not-retryable
	Up           time.Duration // with an open feed
	Open, OpenUp time.Duration // the market was open; both market and feed were open
	Ticks        int64
	Frames       int64
	Backpressure time.Duration // as in State
	Gaps         []Gap         // the newest, at most a thousand
	Episodes     []Episode     // the newest, at most a thousand
	Disconnects  int           // how many episodes there were
	Patterns     []Pattern
	// FrozenKeys are the keys that traded while the stream was live and sent no
	// tick of them: the newest finding about each, at most a thousand.
	FrozenKeys []doctor.Result
	// WorstDelay is the longest from the server's stamp on a frame to its
	// arrival, by the server-corrected clock, whose error is up to half a
	// second; WorstLag the longest from a trade to the stamp of the live frame
	// that tells of it.
	WorstDelay, WorstLag time.Duration
	// Status is Pass if the feed never broke and no key was frozen, Warn if it
	// came back each time, Fail if it did not or the user must act, and Skip if
	// the watch ended before there was an answer to the first attempt.
	Status doctor.Status
}
