package humanize

import (
	"time"

	"upstox-doctor/checks/market"
)

// Moment writes a time in India within weeks of now: "Tue 24 Nov 03:30 IST".
func Moment(t time.Time) string { return t.In(market.IST).Format("Mon 2 Jan 15:04 IST") }

// Date is Moment with the year, for what may be far from now, such as the end
// of any token or the age of a file: "Tue 24 Nov 2026 03:30 IST".
func Date(t time.Time) string { return t.In(market.IST).Format("Mon 2 Jan 2006 15:04 IST") }

// Timestamp is Date to the second, for when something was seen:
// "Mon 23 Nov 2026 09:12:04 IST".
func Timestamp(t time.Time) string { return t.In(market.IST).Format("Mon 2 Jan 2006 15:04:05 IST") }

// Hour writes when something is planned, seen from now: "15:30 IST" on the day
// of now in India, "Mon 09:15 IST" within six days, in which no weekday comes
// twice, and otherwise as Moment does.
func Hour(t, now time.Time) string {
	switch {
	case sameDay(t, now):
		return t.In(market.IST).Format("15:04 IST")
	case t.Sub(now).Abs() <= 6*day:
		return t.In(market.IST).Format("Mon 15:04 IST")
	}
	return Moment(t)
}

// Clock writes when something happened, in few columns and without the zone,
// which a heading or the caller names: "10:15:04" if on is the same day in India,
// otherwise "20 Nov 10:15".
func Clock(t, on time.Time) string {
	if sameDay(t, on) {
		return t.In(market.IST).Format("15:04:05")
	}
	return t.In(market.IST).Format("2 Jan 15:04")
}

func sameDay(a, b time.Time) bool {
	return a.In(market.IST).Format(time.DateOnly) == b.In(market.IST).Format(time.DateOnly)
}
