package live

import (
	"time"

	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
)

// Texts are what the screen says of a state, for other pages that show a watch.
type Texts struct{ Link, Rate, Market, Token string }

// TextsOf are the texts of a state.
func TextsOf(s *watch.State) Texts { return Texts{link(s), rate(s), trading(s), token(s)} }

// A QuoteText is a price as the screen says it.
type QuoteText struct {
	Key, Price      string
	Points, Percent string // against the close of the day before; empty if not known
	Arrived         time.Time
	Age             string // when the price came
}

// QuoteTextOf is the text of a price at a time. Of m it uses Scrub.
func QuoteTextOf(q feed.Tick, now time.Time, m report.Meta) QuoteText {
	points, percent := difference(q)
	return QuoteText{report.Clean(q.Key, m), price(q), points, percent, q.Arrived, age(q, now)}
}
