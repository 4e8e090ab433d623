package live

import (
	"fmt"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
)

// noon is a moment of an open market.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, market.IST)

var meta = report.Meta{OS: "linux", Tool: report.Tool{Version: "1.2.3"}}

// healthy is a stream that has not broken.
func healthy() *watch.State {
	s := &watch.State{
		Now: noon, Begun: noon.Add(-45 * time.Minute), Link: watch.LinkUp, LinkSince: noon.Add(-45 * time.Minute),
		Quotes: []feed.Tick{
			{Key: "NSE_INDEX|Nifty 50", LTP: 24513.05, CP: 24401.1, Arrived: noon.Add(-300 * time.Millisecond), Count: 2700},
			{Key: "NSE_EQ|INE002A01018", LTP: 1287.5, CP: 1301.25, Arrived: noon.Add(-75 * time.Second), Count: 812},
			{Key: "NCD_FO|14567", LTP: 83.1225, CP: 83.1225, Arrived: noon.Add(-2 * time.Second), Count: 77},
			{Key: "MCX_FO|447552"},
		},
		Ticks: 1234567, Market: market.Open, NextChange: noon.Add(3*time.Hour + 30*time.Minute),
		TokenEnds: noon.Add(15*time.Hour + 30*time.Minute), Delay: 120 * time.Millisecond,
	}
	for i := range 60 {
		s.PerSecond = append(s.PerSecond, (i*7)%23)
	}
	return s
}

func episode(n int, code string) watch.Episode {
	began := noon.Add(time.Duration(n-40) * time.Minute)
	return watch.Episode{
		N: n, Kind: watch.Dropped, Began: began, Ended: began.Add(12 * time.Second), ConnectionAge: time.Minute, Attempts: 2, Open: true,
		Finding: doctor.Result{Status: doctor.Fail, Code: code, Target: "wsfeeder-api.upstox.com", Message: "read: connection reset by peer, 61 s after the upgrade"},
	}
}

// broken has broken many times, and is broken now.
func broken(episodes int) *watch.State {
	s := healthy()
	for n := range episodes {
		s.Episodes = append(s.Episodes, episode(n+1, "stream-dropped"))
	}
	last := &s.Episodes[episodes-1]
	last.Kind, last.Ended, last.Began = watch.Stalled, time.Time{}, noon.Add(-95*time.Second)
	last.Finding.Code, last.Finding.Message = "stream-stalled", "no data and no pong for 20 s"
	s.Patterns = []watch.Pattern{{Episodes: []int{1, 2, 3, 4, 5, 6}, Finding: doctor.Result{Status: doctor.Fail, Code: "stream-dropped", Confidence: doctor.Likely,
		Message: "each connection lived for 60 s"}}}
	s.Link, s.LinkSince, s.NextTry = watch.LinkWaiting, noon.Add(-95*time.Second), noon.Add(7*time.Second)
	clear(s.PerSecond[35:])
	return s
}

// dead cannot come back: the token has ended.
func dead() *watch.State {
	s := healthy()
	e := episode(1, "token-expired")
	e.Kind, e.Permanent, e.Ended, e.Attempts = watch.RefusedOnReturn, true, time.Time{}, 1
	e.Finding.Message = "Upstox answers 401 UDAPI100050; the token ended at 03:30 IST"
	s.Episodes, s.Link, s.LinkSince = []watch.Episode{e}, watch.LinkStopped, noon.Add(-time.Second)
	s.TokenEnds, s.Ticks, s.Quotes = noon.Add(-8*time.Hour-30*time.Minute), 0, s.Quotes[:1]
	s.Quotes[0] = feed.Tick{Key: "NSE_INDEX|Nifty 50"}
	s.PerSecond = make([]int, 60)
	return s
}

// waiting is before the market opens.
func waiting() *watch.State {
	s := healthy()
	s.Now, s.Market, s.NextChange = noon.Add(-20*time.Hour), market.Closed, noon.Add(-2*time.Hour-45*time.Minute)
	s.Begun, s.LinkSince = s.Now.Add(-time.Minute), s.Now.Add(-time.Minute)
	s.TokenEnds = time.Time{}
	s.Quotes = s.Quotes[:1]
	s.Quotes[0].Arrived = s.LinkSince
	return s
}

// crowd watches thousands of keys.
func crowd() *watch.State {
	s := healthy()
	for n := range 5000 {
		s.Quotes = append(s.Quotes, feed.Tick{Key: fmt.Sprintf("NSE_FO|%d", 40000+n), LTP: float64(n) / 20, CP: 100, Arrived: noon})
	}
	return s
}

// hostile holds what a terminal would obey wherever text comes from outside.
func hostile() *watch.State {
	s := broken(3)
	evil := "\x1b]0;owned\a\x1b[2J\r\n\x9b31m\u202eabc\u200b 中文字 \xff" + "very long word " + fmt.Sprint(1<<60)
	s.Quotes[0].Key = "NSE|" + evil
	s.Quotes[1].LTP = 1e300
	for i := range s.Episodes {
		s.Episodes[i].Finding.Message = evil
		s.Episodes[i].Finding.Target = evil
	}
	s.Episodes[2].Finding.Code = evil
	return s
}

var states = []struct {
	name  string
	state func() *watch.State
}{
	{"healthy", healthy}, {"broken", func() *watch.State { return broken(9) }}, {"dead", dead},
	{"waiting", waiting}, {"crowd", crowd}, {"long", func() *watch.State { return broken(300) }},
}
