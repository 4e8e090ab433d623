package live

import (
	"cmp"
	"fmt"
	"io"
	"time"

	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
)

// How often PlainSink writes the state when nothing happens; less often while
// the market is closed.
const (
	changedInterval = 10 * time.Second // while the price changes
	defaultInterval = time.Minute
	quietInterval   = time.Hour
)

// PlainSink writes one line for each event, and now and then one about the
// price, for logs and for terminals that cannot move their cursor.
type PlainSink struct {
	Every time.Duration // between two lines about the price; zero is ten seconds while it changes, and a minute while it does not

	// InPlace keeps the price on one line of so many columns, which a terminal
	// redraws; zero writes a line for each.
	InPlace int

	standing bool // a line that is to be redrawn has no end yet

	w     io.Writer
	meta  report.Meta
	stop  func()
	quiet bool

	lastLine time.Time // when the last line about the price was due
	priced   float64   // the last price that was written; zero for none
	first    time.Time
	err      error
}

// NewPlainSink writes to w. Quiet leaves the lines about the price out. Of meta
// it uses Scrub and OS. Once a write has failed it writes nothing more, and
// calls stop.
func NewPlainSink(w io.Writer, meta report.Meta, quiet bool, stop func()) *PlainSink {
	return &PlainSink{w: w, meta: meta, quiet: quiet, stop: stop}
}

// Err is the first error of the writer.
func (p *PlainSink) Err() error { return p.err }

// Frame does nothing: single ticks are not logged.
func (p *PlainSink) Frame(time.Time, *feed.Message) {}

// Notice writes one line, and for a finding its code and how to read more.
func (p *PlainSink) Notice(n watch.Notice) {
	if n.Kind == watch.Ended {
		if p.standing {
			p.write("\n")
			p.standing = false
		}
		return // the summary follows
	}
	text, code := report.Clean(n.Text, p.meta), ""
	if n.Episode != nil {
		text = fmt.Sprintf("#%d %s", n.Episode.N, text)
	}
	switch {
	case n.Pattern != nil:
		code = n.Pattern.Finding.Code
	case n.Finding != nil:
		code = n.Finding.Code
	case n.Kind == watch.Disconnected:
		code = n.Episode.Finding.Code
	}
	if code != "" {
		text += " (" + report.Call("upstox-doctor explain "+report.Clean(code, p.meta), p.meta) + ")"
	}
	p.line(n.At, string(n.Kind), text)
}

// Refresh writes the first price at once, and the state when the pause since the
// last line is over.
func (p *PlainSink) Refresh(s *watch.State) {
	if p.lastLine.IsZero() {
		p.lastLine = s.Now
	}
	pause := cmp.Or(p.Every, defaultInterval)
	if p.Every == 0 && s.Link == watch.LinkUp && len(s.Quotes) > 0 && s.Quotes[0].LTP != p.priced {
		pause = changedInterval
	}
	if s.Link == watch.LinkUp && (s.Market == market.Closed || s.Market == market.PreOpen) {
		pause = quietInterval
	}
	first := p.priced == 0 && s.Link == watch.LinkUp && len(s.Quotes) > 0 && s.Quotes[0].LTP != 0
	if p.quiet || !first && s.Now.Sub(p.lastLine) < pause || len(s.Quotes) == 0 {
		return
	}
	p.lastLine = s.Now
	if s.Link != watch.LinkUp {
		p.line(s.Now, "down", link(s))
		return
	}
	q := s.Quotes[0]
	p.priced = q.LTP
	text := report.Clean(q.Key, p.meta) + " " + price(q)
	if c := change(q); c != "" {
		text += " " + c
	}
	p.line(s.Now, "price", fmt.Sprintf("%s, %s, %s, market %s", text, age(q, s.Now), rate(s), s.Market))
}

func (p *PlainSink) line(at time.Time, word, text string) {
	if p.err != nil {
		return
	}
	at = at.In(market.IST)
	form := "15:04:05 IST"
	if p.first.IsZero() || at.YearDay() != p.first.YearDay() {
		form = "2006-01-02 15:04:05 IST"
		p.first = at
	}
	line, begin := fmt.Sprintf("%s  %-10s  %s", at.Format(form), word, text), ""
	inPlace := p.InPlace > 0 && word == "price"
	switch {
	case p.standing && inPlace:
		begin = "\r\x1b[K"
	case p.standing:
		begin = "\n"
	}
	if p.standing = inPlace; inPlace {
		p.write(begin + report.Fit(line, p.InPlace))
		return
	}
	p.write(begin + line + "\n")
}

func (p *PlainSink) write(s string) {
	if p.err != nil {
		return
	}
	if _, p.err = io.WriteString(p.w, s); p.err != nil {
		p.stop()
	}
}
