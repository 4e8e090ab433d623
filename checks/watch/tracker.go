package watch

import (
	"errors"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/market"
)

// A Judge finds from a sequence of events what happened to the feed, and why.
// It has no clock and does no I/O: the same events give the same findings, live
// or from a tape.
type Judge struct {
	sink    Sink
	begun   Begun
	start   time.Time // of the first event
	now     time.Time // of the latest event
	edge    time.Time // when the calendar is read next
	told    bool      // this event led to news
	endedBy string    // of Stop

	link      Link
	linkSince time.Time
	nextTry   time.Time
	opened    Opened
	everOpen  bool
	answered  bool // an attempt has ended
	conn      conn
	forbidden int   // refusals with 403 in a row
	sleep     stand // the last
	doubt     doubt
	missed    time.Time // since when prices were missed in a suspend that the connection may survive
	soon      time.Time

	reader *feed.Reader
	days   market.Calendar
	hours  []hours // of the watched segments, the first key's first
	next   time.Time
	sought bool // next is when the first segment changes

	tally    tally
	episodes []broken
	view     []Episode // in exported form; nil if it must be rebuilt
	broke    int
	current  bool // the last episode has not ended
	patterns []Pattern
}

// conn is what is known of the present connection.
type conn struct {
	since      time.Time
	returned   bool // prices have come, and this was reported
	asked      time.Time
	silent     bool
	unpriced   bool
	frozen     bool
	stands     []stand
	missed     bool // missing keys were reported
	overloaded time.Time
}

// A stand is a period in which the feed went unread, or the program did not run.
type stand struct{ from, to time.Time }

// NewJudge returns a Judge that reports to the sink.
func NewJudge(s Sink) *Judge {
	return &Judge{sink: s, link: LinkConnecting, reader: feed.NewReader("")}
}

// priced reports whether prices have come on the present connection.
func (j *Judge) priced() bool { return j.reader.Priced }

// episode returns the current episode, or else the last one.
func (j *Judge) episode() (n int, code string, final bool) {
	if len(j.episodes) == 0 {
		return 0, "", false
	}
	return j.broke, j.last().Finding.Code, j.current && j.last().Final
}

// Take handles the next event. It does not keep the event's data.
func (j *Judge) Take(e Event) {
	if e.Kind == Begin {
		j.begin(e)
	}
	j.told = false
	j.advance(e.At)
	switch e.Kind {
	case Frame:
		j.alive()
		j.frame(e)
	case Ping:
		j.alive()
	case Pong:
		j.reader.Pong = true
		j.alive()
	case Pinged:
	default:
		j.view = nil
		j.other(e)
	}
	if j.told {
		j.sink.Beat(j.State(j.now))
	}
}

func (j *Judge) begin(e Event) {
	j.start, j.now, j.linkSince = e.At, e.At, e.At
	if e.Begun != nil {
		j.begun = *e.Begun
	}
	j.reader = feed.NewReader(j.begun.Control, j.begun.Keys...)
	for _, key := range j.begun.Keys {
		j.follow(market.SegmentOf(key))
	}
	j.rule()
}

// other handles all events except frames.
func (j *Judge) other(e Event) {
	switch e.Kind {
	case Attempt:
		j.turn(LinkConnecting)
		if j.current {
			j.last().Attempts++
		}
		j.news(News{Kind: Connecting, Text: "connecting to the feed"})
	case Refused:
		j.refused(e)
	case Open:
		j.open(e)
	case Sent:
		j.conn.asked = e.At
	case Text:
		j.alive()
		j.reader.Texts++
		j.odd(j.reader.Texts, notBinary(e.Data))
	case Slept:
		j.slept(e)
	case Full:
		j.full(e)
	case Silent:
		j.conn.silent = true
	case Unpriced:
		j.conn.unpriced = true
	case Frozen:
		j.conn.frozen = true
	case Closed:
		j.closed(e)
	case Pause:
		j.turn(LinkWaiting)
		j.nextTry = e.At.Add(e.Wait)
		j.news(News{Kind: Retry, Text: "next attempt in " + humanize.Duration(e.Wait)})
	case Examined:
		j.examined(e)
	case Stop:
		j.turn(LinkStopped)
		j.endedBy = e.EndedBy
		j.news(News{Kind: Over, Text: "the watch ends: " + endWords[e.EndedBy]})
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

func (j *Judge) news(n News) {
	n.At, j.told = j.now, true
	j.sink.News(n)
}

func (j *Judge) turn(to Link) {
	if j.link != to {
		j.link, j.linkSince = to, j.now
	}
	j.nextTry = time.Time{}
}

// open begins a connection.
func (j *Judge) open(e Event) {
	before := j.opened
	j.turn(LinkOpen)
	j.everOpen, j.answered, j.forbidden = true, true, 0
	j.conn = conn{since: e.At}
	j.reader.Reconnected()
	if e.Opened != nil {
		j.opened = *e.Opened
	}
	if j.opened.Holidays != nil {
		j.days.Holidays = j.opened.Holidays
	} else {
		j.opened.Holidays = before.Holidays
	}
	j.rule()
	if j.current {
		j.last().after = j.opened.Local
	}
	j.news(News{Kind: Connected, Text: "connected to " + j.opened.Host + tokenWords(j.opened)})
	if before.Token != 0 && before.Token != j.opened.Token {
		j.news(News{Kind: TokenNews, Text: "another token is in use" + tokenWords(j.opened)})
	}
	j.tokenEnds()
}

// odd reports the first anomaly of its kind on a connection.
func (j *Judge) odd(n int, finding doctor.Result) {
	if n == 1 {
		j.news(News{Kind: Odd, Text: finding.Message, Finding: &finding})
	}
}

// overloadEvery is the least time between two reports of an overload.
const overloadEvery = 10 * time.Second

// full records that the feed went unread.
func (j *Judge) full(e Event) {
	j.tally.stood += e.Wait
	j.conn.stands = append(j.conn.stands, stand{e.At.Add(-e.Wait), e.At})
	for len(j.conn.stands) > 1 && e.At.Sub(j.conn.stands[0].to) > starvedWithin {
		j.conn.stands = j.conn.stands[1:]
	}
	if e.At.Sub(j.conn.overloaded) < overloadEvery {
		return
	}
	j.conn.overloaded = e.At
	j.news(News{Kind: Overload, Text: "the feed went unread for " + humanize.Duration(e.Wait) + ": what is written here is not taken fast enough"})
}
