package watch

import (
	"errors"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/market"
)

// A Tracker finds from a sequence of events what happened to the feed, and why.
// It has no clock, no sink and does no I/O: the same events give the same
// findings, live or from a tape.
type Tracker struct {
	begun      Begun
	start      time.Time // of the first event
	now        time.Time // of the latest event
	nextMinute time.Time // when the calendar is read next
	notices    []Notice  // that this event led to
	endedBy    string    // of Stop

	link           LinkState
	linkSince      time.Time
	nextTry        time.Time
	opened         Opened
	wasOpen        bool
	answered       bool // an attempt has ended
	conn           conn
	forbidden      int   // refusals with 403 in a row
	limited        int   // refusals for too many connections in a row
	lastSuspend    stall // the last
	tokenWarnedFor time.Time

	reader     *feed.Reader
	calendar   market.Calendar
	hours      []hours // of the watched segments, the first key's first
	next       time.Time
	nextCached bool // next is when the first segment changes

	stats        stats
	episodes     []episode
	episodesView []Episode // in exported form; nil if it must be rebuilt
	disconnects  int
	episodeOpen  bool // the last episode has not ended
	patterns     []Pattern
	frozenKeys   []doctor.Result // of the whole watch, each key once
}

// conn is what is known of the present connection.
type conn struct {
	since      time.Time
	returned   bool // prices have come, and this was reported
	asked      time.Time
	silent     bool
	unpriced   bool
	frozen     bool
	stalls     []stall
	pricedAt   time.Time         // when the first prices came; zero if none have
	missed     bool              // missing keys were reported
	quotes     map[string]quoted // of silent keys
	overloaded time.Time
}

// A stall is a period in which the feed went unread, or the program did not
// run.
type stall struct{ from, to time.Time }

// NewTracker returns a Tracker that waits for the event Begin.
func NewTracker() *Tracker {
	return &Tracker{link: LinkConnecting, reader: feed.NewReader("")}
}

// priced reports whether prices have come on the present connection.
func (t *Tracker) priced() bool { return t.reader.Priced }

// episode returns the current episode, or else the last one.
func (t *Tracker) episode() (n int, code string, final bool) {
	if len(t.episodes) == 0 {
		return 0, "", false
	}
	return t.disconnects, t.lastEpisode().Finding.Code, t.episodeOpen && t.lastEpisode().Permanent
}

// Handle handles the next event. It returns what there is to tell of it, and the
// message of a Frame that could be decoded, both valid until the next call. It
// does not keep the event's data.
func (t *Tracker) Handle(e Event) (notices []Notice, m *feed.Message) {
	t.notices = t.notices[:0]
	if e.Kind == Begin {
		t.handleBegin(e)
	}
	t.advanceTo(e.At)
	switch e.Kind {
	case Frame:
		t.confirm()
		m = t.handleFrame(e)
	case Ping:
		t.confirm()
	case Pong:
		t.reader.Pong = true
		t.confirm()
	case Pinged:
	default:
		t.episodesView = nil
		t.handleOther(e)
	}
	return t.notices, m
}

func (t *Tracker) handleBegin(e Event) {
	t.start, t.now, t.linkSince = e.At, e.At, e.At
	if e.Begun != nil {
		t.begun = *e.Begun
	}
	t.reader = feed.NewReader(t.begun.Control, t.begun.Keys...)
	for _, key := range t.begun.Keys {
		t.followSegment(market.SegmentOf(key))
	}
	t.alignMinute()
}

// handleOther handles all events except frames.
func (t *Tracker) handleOther(e Event) {
	switch e.Kind {
	case Attempt:
		t.setLink(LinkConnecting)
		if t.episodeOpen {
			t.lastEpisode().Attempts++
		}
		t.notify(Notice{Kind: Connecting, Text: "connecting to the feed"})
	case Refused:
		t.handleRefused(e)
	case Open:
		t.handleOpen(e)
	case Sent:
		t.conn.asked = e.At
	case Text:
		t.confirm()
		t.reader.Texts++
		t.anomaly(t.reader.Texts, notBinary(e.Data))
	case Slept:
		t.handleSleep(e)
	case Full:
		t.handleBlocked(e)
	case Silent:
		t.conn.silent = true
	case Unpriced:
		t.conn.unpriced = true
	case Frozen:
		t.conn.frozen = true
	case Quoted:
		t.handleQuoted(e)
	case Closed:
		t.handleClosed(e)
	case Pause:
		t.setLink(LinkWaiting)
		t.nextTry = e.At.Add(e.Wait)
		t.notify(Notice{Kind: Retry, Text: "next attempt in " + humanize.Duration(e.Wait)})
	case Examined:
		t.handleExamined(e)
	case Stop:
		t.setLink(LinkStopped)
		t.endedBy = e.EndedBy
		t.notify(Notice{Kind: Ended, Text: "the watch ends: " + endWords[e.EndedBy]})
	}
}

var endWords = map[string]string{
	EndSignal: "interrupted", EndDuration: "its time is over", EndTime: "its hour has come",
	EndOutput: "its output cannot be written", EndNotRetryable: "another attempt cannot cure this",
}

// What ends a watch.
const (
	EndDuration     = "duration"      // Options.For is over
	EndTime         = "time"          // Options.Until has come
	EndSignal       = "signal"        // the context was cancelled: Ctrl-C or SIGTERM
	EndOutput       = "output"        // the context was cancelled with ErrOutput
	EndNotRetryable = "not-retryable" // another attempt cannot help
)

// ErrOutput is the cause with which a context is cancelled because the output
// cannot be written.
var ErrOutput = errors.New("the output cannot be written")

func (t *Tracker) notify(n Notice) {
	n.At = t.now
	t.notices = append(t.notices, n)
}

func (t *Tracker) setLink(to LinkState) {
	if t.link != to {
		t.link, t.linkSince = to, t.now
	}
	t.nextTry = time.Time{}
}

// handleOpen begins a connection.
func (t *Tracker) handleOpen(e Event) {
	before := t.opened
	t.setLink(LinkUp)
	t.wasOpen, t.answered, t.forbidden, t.limited = true, true, 0, 0
	t.conn = conn{since: e.At}
	t.reader.Reconnected()
	if e.Opened != nil {
		t.opened = *e.Opened
	}
	if t.opened.Holidays != nil {
		t.calendar.Holidays = t.opened.Holidays
	} else {
		t.opened.Holidays = before.Holidays
	}
	t.alignMinute()
	if t.episodeOpen {
		t.lastEpisode().after = t.opened.Local
	}
	t.notify(Notice{Kind: Connected, Text: "connected to " + t.opened.Host + tokenWords(t.opened)})
	if before.Token != 0 && before.Token != t.opened.Token {
		t.notify(Notice{Kind: TokenNotice, Text: "another token is in use" + tokenWords(t.opened)})
	}
	t.warnTokenEnd()
}

// anomaly reports the first anomaly of its kind on a connection.
func (t *Tracker) anomaly(n int, finding doctor.Result) {
	if n == 1 {
		t.notify(Notice{Kind: Anomaly, Text: finding.Message, Finding: &finding})
	}
}

// overloadEvery is the least time between two reports of an overload.
const overloadEvery = 10 * time.Second

// handleBlocked records that the feed went unread.
func (t *Tracker) handleBlocked(e Event) {
	t.stats.blocked += e.Wait
	t.conn.stalls = append(t.conn.stalls, stall{e.At.Add(-e.Wait), e.At})
	for len(t.conn.stalls) > 1 && e.At.Sub(t.conn.stalls[0].to) > starvedWindow {
		t.conn.stalls = t.conn.stalls[1:]
	}
	if e.At.Sub(t.conn.overloaded) < overloadEvery {
		return
	}
	t.conn.overloaded = e.At
	t.notify(Notice{Kind: Overload, Text: "the feed went unread for " + humanize.Duration(e.Wait) + ": what is written here is not taken fast enough"})
}
