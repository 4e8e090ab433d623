package checks

import (
	"context"
	"time"

	"upstox-doctor/checks/market"
)

// A TradingDay is whether the exchange of the wanted instrument trades today, in
// India.
type TradingDay struct {
	Trades   bool
	Reason   string    // why it does not: the holiday, or the day of the week
	NextOpen time.Time // of the exchange; zero if unknown
}

// TradingDay asks Upstox for the holidays, and goes by the day of the week alone
// if they cannot be had.
func (w World) TradingDay(ctx context.Context) TradingDay {
	ctx, cancel := context.WithTimeout(ctx, holidaysWait)
	defer cancel()
	transport := w.apiTransport()
	defer transport.Close()
	days, a := w.apiOver(transport).Holidays(ctx)
	now := a.Date
	if now.IsZero() {
		now = w.Now()
	}
	segment := market.SegmentOf(w.Instrument)
	calendar := market.Calendar{Holidays: days}
	day := TradingDay{Trades: calendar.Trades(now, segment), NextOpen: calendar.NextOpen(now, segment)}
	if day.Trades {
		return day
	}
	day.Reason = now.In(market.IST).Weekday().String()
	if name := calendar.Holiday(now); name != "" {
		day.Reason = name
	}
	return day
}

// holidaysWait is how long the list of holidays is waited for. A run that begins
// while a network comes up goes on without it.
const holidaysWait = 10 * time.Second
