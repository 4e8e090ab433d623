package checks

import (
	"context"
	"slices"
	"testing"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/token"
)

// TestWhoTellsTheMarket: the feed's own word, then the market status, then
// the calendar; and the evidence says which.
func TestWhoTellsTheMarket(t *testing.T) {
	t.Parallel()
	var (
		closedToday = []market.Holiday{{Date: "2026-11-23", Closed: []string{"NSE", "NFO"}}}
		otherDay    = []market.Holiday{{Date: "2026-11-24", Closed: []string{"NSE"}}}
		tuesday     = time.Date(2026, 11, 24, 9, 15, 0, 0, market.IST)
		wednesday   = tuesday.AddDate(0, 0, 1)
		says        = func(s string) reply { return success(`{"exchange":"x","status":"` + s + `"}`) }
	)
	for _, tc := range []struct {
		name     string
		key      string
		segments map[string]feed.Status
		days     []market.Holiday
		status   map[string]reply
		want     MarketState
		asked    int
	}{
		{name: "market_info knows the segment, so nobody is asked", segments: map[string]feed.Status{"NSE_INDEX": 2}, status: map[string]reply{statusPath + "NSE": says("NORMAL_CLOSE")},
			want: MarketState{market.Open, tuesday, "market_info NORMAL_OPEN"}},
		{name: "market_info wins over the calendar, which still tells the next opening", segments: map[string]feed.Status{"NSE_INDEX": 3}, days: otherDay,
			want: MarketState{market.Closed, wednesday, "market_info NORMAL_CLOSE"}},
		{name: "a status that nobody knows", segments: map[string]feed.Status{"NSE_INDEX": 9},
			want: MarketState{market.Unknown, tuesday, "market_info status(9)"}},
		{name: "market_info without the segment, so the status is asked", segments: map[string]feed.Status{"NSE_EQ": 2}, status: map[string]reply{statusPath + "NSE": says("PRE_OPEN_START")},
			want: MarketState{market.PreOpen, tuesday, "market status of NSE PRE_OPEN_START"}, asked: 1},
		{name: "futures are asked for under the name of their exchange", key: "NSE_FO|45450", status: map[string]reply{statusPath + "NFO": says("NORMAL_OPEN")}, days: closedToday,
			want: MarketState{market.Open, tuesday, "market status of NFO NORMAL_OPEN"}, asked: 1},
		{name: "commodities", key: "MCX_FO|440939", status: map[string]reply{statusPath + "MCX": says("NORMAL_CLOSE")},
			want: MarketState{market.Closed, time.Date(2026, 11, 24, 9, 0, 0, 0, market.IST), "market status of MCX NORMAL_CLOSE"}, asked: 1},
		{name: "the status is refused, so the holidays decide", status: map[string]reply{statusPath + "NSE": problem(400, "UDAPI1089")}, days: closedToday,
			want: MarketState{market.Closed, tuesday, "calendar with Upstox's holidays"}, asked: 1},
		{name: "neither status nor holidays, so the weekday decides",
			want: MarketState{market.Open, tuesday, "calendar of weekdays"}, asked: 1},
		{name: "a segment of no exchange is not asked for", key: "GLOBAL_INDEX|S&P 500",
			want: MarketState{market.Unknown, time.Time{}, "calendar of weekdays"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			api := &scripted{answers: tc.status}
			w := World{Settings: Settings{Instrument: tc.key}}.WithDefaults()
			got := w.judgeMarket(w.market(t.Context(), tc.segments, tc.days, monday, api.client(), ActiveToken{Token: token.Parse(jwt(monday, monday))}))
			if got.State != tc.want.State || !got.NextOpen.Equal(tc.want.NextOpen) || got.Source != tc.want.Source {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
			if len(api.asked) != tc.asked {
				t.Errorf("asked %v, want %d calls", api.asked, tc.asked)
			}
		})
	}
}

func TestClosedMarketSaysWhenItOpens(t *testing.T) {
	t.Parallel()
	l := func(key string) *listener {
		l := World{Settings: Settings{Instrument: key}}.listen(nil, nil)
		l.tick().LTP = 24512.35
		return l
	}
	for _, tc := range []struct {
		name string
		key  string
		m    MarketState
		want string
	}{
		{"closed over the weekend", ControlKey, MarketState{market.Closed, monday.AddDate(0, 0, 3), "market_info NORMAL_CLOSE"},
			"pass market-closed NSE_INDEX|Nifty 50 | the market is closed; NIFTY 50 stands at 24,512.35; opens Thu 26 Nov 10:15 IST, in 3 days | market=closed, source=market_info NORMAL_CLOSE, next_open=2026-11-26T10:15:00+05:30"},
		{"before the opening", share, MarketState{market.PreOpen, monday.Add(9 * time.Minute), "calendar of weekdays"},
			"pass market-closed NSE_EQ|INE002A01018 | the market is in its pre-open session; INE002A01018 stands at 24,512.35; opens Mon 23 Nov 10:24 IST, in 9 min | market=pre-open, source=calendar of weekdays, next_open=2026-11-23T10:24:00+05:30"},
		{"no next opening is known", ControlKey, MarketState{market.Unknown, time.Time{}, "calendar of weekdays"},
			"pass market-closed NSE_INDEX|Nifty 50 | the state of the market is not known; NIFTY 50 stands at 24,512.35 | market=unknown, source=calendar of weekdays"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			wantLine(t, World{Settings: Settings{Instrument: tc.key}}.closed(l(tc.key), tc.m, monday), tc.want)
		})
	}
}

// TestMarketOfAReport: what the feed said, else the calendar by the server's
// clock, else nothing is known.
func TestMarketOfAReport(t *testing.T) {
	t.Parallel()
	sunday := monday.AddDate(0, 0, -1)
	told := MarketState{market.PreOpen, monday, "market_info PRE_OPEN_END"}
	for _, tc := range []struct {
		name  string
		now   time.Time
		known []doctor.Check
		want  MarketState
	}{
		{"the ticks stage was reached", sunday, []doctor.Check{newWorld(marketNow, told), newWorld(holidays, []market.Holiday{})}, told},
		{"the holidays are known, and it is Monday", monday, []doctor.Check{newWorld(holidays, []market.Holiday{})}, MarketState{market.Open, monday.Add(23 * time.Hour), "calendar of weekdays"}},
		{"a holiday", monday, []doctor.Check{newWorld(holidays, []market.Holiday{{Date: "2026-11-23", Closed: []string{"NSE"}}})}, MarketState{market.Closed, monday.Add(23 * time.Hour), "calendar with Upstox's holidays"}},
		{"by the local clock it is Sunday, by the server's Monday", sunday, []doctor.Check{newWorld(holidays, []market.Holiday{}), newWorld(clock, Clock{24 * time.Hour})}, MarketState{market.Open, monday.Add(23 * time.Hour), "calendar of weekdays"}},
		{"nobody was reached", monday, []doctor.Check{newWorld(clock, Clock{})}, MarketState{market.Unknown, monday.Add(23 * time.Hour), "calendar of weekdays"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := doctor.Runner{Checks: tc.known}.Run(t.Context())
			got := World{Now: at(tc.now)}.WithDefaults().marketOf(r)
			if got.State != tc.want.State || got.Source != tc.want.Source {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
			if tc.want.State != market.PreOpen && got.NextOpen != time.Date(2026, 11, 24, 9, 15, 0, 0, market.IST) {
				t.Errorf("opens %s", got.NextOpen)
			}
		})
	}
}

// TestEveryStateHasWords: the message of a pass begins with them.
func TestEveryStateHasWords(t *testing.T) {
	t.Parallel()
	for _, s := range []market.State{market.Closed, market.PreOpen, market.Unknown} {
		if stateWords[s] == "" {
			t.Errorf("%s has no words", s)
		}
	}
}

// TestNothingIsListedTwice: the check list of the real World fits together,
// keeps the order of the stages, and every target says what is examined.
func TestNothingIsListedTwice(t *testing.T) {
	t.Parallel()
	all := All(World{}.WithDefaults())
	if err := doctor.Validate(all); err != nil {
		t.Fatal(err)
	}
	var stages []string
	for _, c := range all {
		if n := len(stages); n == 0 || stages[n-1] != c.Stage() {
			stages = append(stages, c.Stage())
		}
		if c.Title == "" || c.Run == nil {
			t.Errorf("%s has no title, or nothing to do", c.ID)
		}
	}
	if want := []string{"environment", "network", "token", "authorize", "handshake", "ticks"}; !slices.Equal(stages, want) {
		t.Errorf("stages %v, want %v", stages, want)
	}
}

// TestNoFactIsLeftOver: what a check gives, some other check or the market
// reads.
func TestNoFactIsLeftOver(t *testing.T) {
	t.Parallel()
	all := All(World{}.WithDefaults())
	read := []doctor.Key{marketNow, marketSeen}
	for _, c := range all {
		read = slices.Concat(read, c.Needs, c.Uses, c.After)
	}
	for _, c := range all {
		for _, k := range slices.Concat(c.Provides, c.Adds) {
			if !slices.Contains(read, k) {
				t.Errorf("%s gives %v, which nobody reads", c.ID, k)
			}
		}
	}
}

// neverAsk is a check that learns nothing, so that what needs it is skipped.
func neverAsk(keys ...doctor.Key) doctor.Check {
	return doctor.Check{ID: "never", Provides: keys, Run: func(context.Context, *doctor.Facts) doctor.Result {
		return doctor.Result{Status: doctor.Fail, Code: "never"}
	}}
}
