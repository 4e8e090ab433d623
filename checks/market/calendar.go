package market

import (
	"slices"
	"time"
)

// A Holiday is one day out of the ordinary, as /v2/market/holidays lists it.
type Holiday struct {
	Date        string `json:"date"` // day in India, 2006-01-02
	Description string `json:"description"`
	// Type is TRADING_HOLIDAY, SETTLEMENT_HOLIDAY or SPECIAL_TIMING. It does
	// not decide who is closed: a settlement holiday closes nobody by itself.
	Type   string    `json:"holiday_type"`
	Closed []string  `json:"closed_exchanges"`
	Open   []Session `json:"open_exchanges"`
}

// A Session is a time of trading on one exchange, in epoch milliseconds.
type Session struct {
	Exchange string `json:"exchange"`
	Start    int64  `json:"start_time"`
	End      int64  `json:"end_time"`
}

// A Calendar answers from weekday, usual hours and holidays. Without holidays
// (the call failed, or the year is not listed yet) every weekday counts as a
// trading day.
type Calendar struct {
	Holidays []Holiday
}

// maxDaysAhead is how far ahead the next opening is sought. No Indian exchange
// rests for so long; a calendar that says so is wrong.
const maxDaysAhead = 31

// State returns whether the segment trades at the time.
func (c Calendar) State(at time.Time, segment string) State {
	exchange := ExchangeOf(segment)
	if exchange == "" {
		return Unknown
	}
	for _, s := range c.sessions(at, exchange) {
		switch {
		case !at.Before(s.open) && at.Before(s.close):
			return Open
		case !at.Before(s.preOpen) && at.Before(s.open):
			return PreOpen
		}
	}
	return Closed
}

// Trades reports whether the segment trades at any hour of the day in India. It
// is true for a segment that no listed exchange runs.
func (c Calendar) Trades(at time.Time, segment string) bool {
	exchange := ExchangeOf(segment)
	return exchange == "" || len(c.sessions(at, exchange)) > 0
}

// Holiday is what the day in India is called in the list, or empty.
func (c Calendar) Holiday(at time.Time) string {
	for _, h := range c.Holidays {
		if h.Date == dayOf(at).Format(time.DateOnly) {
			return h.Description
		}
	}
	return ""
}

// NextOpen returns the first opening of the segment after the time, also if
// the segment is open at it. It is zero if the segment is unknown.
func (c Calendar) NextOpen(at time.Time, segment string) time.Time {
	return c.next(at, segment, func(s session) time.Time { return s.open })
}

// NextClose returns the first closing of the segment after the time: of the
// session that is on, or else of the next. It is zero if the segment is unknown.
func (c Calendar) NextClose(at time.Time, segment string) time.Time {
	return c.next(at, segment, func(s session) time.Time { return s.close })
}

// next is the first such moment of a session that comes after the time.
func (c Calendar) next(at time.Time, segment string, moment func(session) time.Time) time.Time {
	exchange := ExchangeOf(segment)
	if exchange == "" {
		return time.Time{}
	}
	for ahead := range maxDaysAhead {
		for _, s := range c.sessions(at.In(IST).AddDate(0, 0, ahead), exchange) {
			if m := moment(s); m.After(at) {
				return m
			}
		}
	}
	return time.Time{}
}

// A session is one stretch of trading. Where there is no pre-open, preOpen
// equals open.
type session struct {
	preOpen, open, close time.Time
}

// sessions returns the exchange's trading of the day in India, in order.
// Hours that the holiday list gives win over everything, even on a Sunday;
// then its closures; then the weekday.
func (c Calendar) sessions(at time.Time, exchange string) []session {
	day := dayOf(at)
	date := day.Format(time.DateOnly)
	var special []session
	closed := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
	for _, h := range c.Holidays {
		if h.Date != date {
			continue
		}
		closed = closed || slices.Contains(h.Closed, exchange)
		for _, o := range h.Open {
			s := session{open: time.UnixMilli(o.Start).In(IST), close: time.UnixMilli(o.End).In(IST)}
			s.preOpen = s.open
			if o.Exchange == exchange && s.close.After(s.open) && dayOf(s.open).Equal(day) {
				special = append(special, s)
			}
		}
	}
	switch {
	case special != nil:
		slices.SortFunc(special, func(a, b session) int { return a.open.Compare(b.open) })
		return special
	case closed:
		return nil
	}
	return []session{defaultSession(day, exchange)}
}

// dayOf returns the midnight in India that began the day of the time.
func dayOf(at time.Time) time.Time {
	y, m, d := at.In(IST).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, IST)
}
