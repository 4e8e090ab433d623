package checks

import (
	"context"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/upstox"
)

// marketEvidence is all that was said about the market, for judgeMarket and for
// the tape.
type marketEvidence struct {
	Now      time.Time        `json:"now"`               // by the server's clock
	Segment  string           `json:"segment,omitempty"` // status of the segment by market_info
	Exchange string           `json:"exchange,omitempty"`
	Status   string           `json:"status,omitempty"` // of the exchange, by the API
	Holidays []market.Holiday `json:"holidays,omitempty"`
	Blind    bool             `json:"calendar_unknown,omitempty"` // not even the holidays are known
}

// market finds the state of the market by the best source: the feed's
// market_info, then Upstox's market status with the holidays, then a calendar of
// weekdays.
func (s Settings) market(ctx context.Context, segments map[string]feed.Status, days []market.Holiday, now time.Time, api *upstox.Client, active ActiveToken) marketEvidence {
	t := marketEvidence{Now: now.UTC(), Holidays: days}
	segment := market.SegmentOf(s.Instrument)
	if status, said := segments[segment]; said {
		t.Segment = status.String()
	}
	if exchange := market.ExchangeOf(segment); t.Segment == "" && exchange != "" {
		ctx, cancel := context.WithTimeout(ctx, statusWait)
		defer cancel()
		if status, a := api.MarketStatus(ctx, active.Value(), exchange); a.OK() {
			t.Exchange, t.Status = exchange, status
		}
	}
	return t
}

// marketOf is the market's state as the feed told it, or else as far as the
// exchange calendar tells.
func (w World) marketOf(r doctor.Report) MarketState {
	if m, ok := marketNow.Of(r); ok {
		return m
	}
	return w.judgeMarket(w.marketEvidenceOf(r))
}

// marketEvidenceOf is what was said about the market until the end of the run.
func (w World) marketEvidenceOf(r doctor.Report) marketEvidence {
	if t, ok := marketSeen.Of(r); ok {
		return t
	}
	days, known := holidays.Of(r)
	c, _ := clock.Of(r)
	return marketEvidence{Now: w.Now().Add(c.Offset).UTC(), Holidays: days, Blind: !known}
}

func (s Settings) judgeMarket(t marketEvidence) MarketState {
	m := s.byCalendar(t.Holidays, t.Now)
	switch {
	case t.Segment != "":
		m.State, m.Source = market.StateOf(t.Segment), "market_info "+t.Segment
	case t.Status != "":
		m.State, m.Source = market.StateOf(t.Status), "market status of "+t.Exchange+" "+t.Status
	case t.Blind:
		m.State = market.Unknown
	}
	return m
}

func (s Settings) byCalendar(days []market.Holiday, now time.Time) MarketState {
	segment := market.SegmentOf(s.Instrument)
	calendar := market.Calendar{Holidays: days}
	source := "calendar of weekdays"
	if len(days) > 0 {
		source = "calendar with Upstox's holidays"
	}
	return MarketState{State: calendar.State(now, segment), NextOpen: calendar.NextOpen(now, segment), Source: source}
}
