package market

import "time"

// Clock times of an ordinary trading day in India, as time since midnight.
//
// Established by Upstox's documentation and announcements: the cash market
// from 09:15 to 15:30 with a pre-open from 09:00, and the close of derivatives
// at 15:40 since 3 August 2026. Cash keeps its hours although stocks in the
// closing auction stop continuous trading about 15:15: the segment's status
// stays NORMAL_OPEN until 15:30.
//
// Inferred: that BSE follows NSE in all this; and the hours of currency and
// commodities, which are common knowledge and not in the documentation. MCX
// trades until 23:55 while New York keeps winter time; the earlier close is
// used all year, because to call an open market closed only makes silence
// acceptable, while the opposite accuses a healthy feed.
const (
	preOpenAt     = 9 * time.Hour
	equityOpensAt = 9*time.Hour + 15*time.Minute
	equityEndsAt  = 15*time.Hour + 30*time.Minute
	futuresEndAt  = 15*time.Hour + 40*time.Minute
	othersOpenAt  = 9 * time.Hour
	currencyEnds  = 17 * time.Hour
	commodityEnds = 23*time.Hour + 30*time.Minute
)

// longerFutures is the first day on which derivatives trade until 15:40;
// futuresPreOpen the first on which they have a pre-open.
var (
	longerFutures  = time.Date(2026, time.August, 3, 0, 0, 0, 0, IST)
	futuresPreOpen = time.Date(2025, time.December, 8, 0, 0, 0, 0, IST)
)

// defaultSession returns the session of an ordinary weekday that begins at the
// midnight.
func defaultSession(day time.Time, exchange string) session {
	pre, open, end := preOpenAt, equityOpensAt, equityEndsAt
	switch exchange {
	case "NFO", "BFO":
		if !day.Before(longerFutures) {
			end = futuresEndAt
		}
		if day.Before(futuresPreOpen) {
			pre = open
		}
	case "CDS", "BCD":
		pre, open, end = othersOpenAt, othersOpenAt, currencyEnds
	case "MCX", "NSCOM":
		pre, open, end = othersOpenAt, othersOpenAt, commodityEnds
	}
	return session{day.Add(pre), day.Add(open), day.Add(end)}
}
