package serve

import (
	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
	"upstox-doctor/report/live"
)

// results are what the checks of the feed would have found, by the stream that
// has its one socket.
func (k *sink) results() []doctor.Result {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := k.last
	if s == nil {
		return nil
	}
	if n := len(s.Episodes); n > 0 && s.Episodes[n-1].Ended.IsZero() && s.Link != watch.LinkUp {
		f := s.Episodes[n-1].Finding
		switch e := catalog.Lookup(f.Code); {
		case e == nil:
		case e.Stage == catalog.StageHandshake:
			f.ID = checks.IDHandshake
			return []doctor.Result{f}
		case e.Stage == catalog.StageTicks:
			f.ID = checks.IDTicksLive
			return []doctor.Result{f}
		}
		return nil
	}
	if s.Link != watch.LinkUp || len(s.Quotes) == 0 || !s.Quotes[0].Seen {
		return nil
	}
	pass := func(id, message string) doctor.Result {
		return doctor.Result{ID: id, Status: doctor.Pass, Message: message}
	}
	return []doctor.Result{
		pass(checks.IDHandshake, "the stream of the page is "+live.TextsOf(s).Link),
		pass(checks.IDTicksSnapshot, "the stream of the page has prices"),
		k.liveResult(s),
	}
}

func (k *sink) liveResult(s *watch.State) doctor.Result {
	q := s.Quotes[0]
	text := live.QuoteTextOf(q, s.Now, k.server.Feed.Meta)
	res := doctor.Result{ID: checks.IDTicksLive, Status: doctor.Pass}
	res.Message = report.InstrumentName(q.Key) + " " + text.Price
	if text.Percent != "" {
		res.Message += " (" + text.Percent + ")"
	}
	res.Message += ", " + text.Age
	if s.Market != market.Open {
		res.Code = catalog.MarketClosed.Code
	}
	res.Evidence.Add("instrument", q.Key)
	res.Evidence.Add("price", q.LTP)
	if q.CP > 0 {
		res.Evidence.Add("previous_close", q.CP)
	}
	if !q.Arrived.IsZero() {
		res.Evidence.Add("age_ms", max(0, s.Now.Sub(q.Arrived).Milliseconds()))
	}
	return res
}
