package market_test

import (
	"encoding/json"
	"testing"
	"time"

	"upstox-doctor/checks/market"
)

// listed is a year's list in the shape of /v2/market/holidays: a day on which
// only the commodity evening trades, a settlement holiday, a shortened day,
// and the Diwali session on a Sunday.
const listed = `[
 {"date":"2026-01-26","description":"Republic Day","holiday_type":"TRADING_HOLIDAY",
  "closed_exchanges":["NSE","NFO","CDS","BSE","BFO","BCD","MCX","NSCOM"],"open_exchanges":[]},
 {"date":"2026-02-19","description":"Shivaji Jayanti","holiday_type":"SETTLEMENT_HOLIDAY",
  "closed_exchanges":[],"open_exchanges":[]},
 {"date":"2026-04-14","description":"Ambedkar Jayanti","holiday_type":"TRADING_HOLIDAY",
  "closed_exchanges":["NSE","NFO","CDS","BSE","BFO","BCD"],
  "open_exchanges":[{"exchange":"MCX","start_time":1776166200000,"end_time":1776189600000}]},
 {"date":"2026-11-08","description":"Diwali Laxmi Pujan","holiday_type":"SPECIAL_TIMING",
  "closed_exchanges":[],
  "open_exchanges":[{"exchange":"NSE","start_time":1794141000000,"end_time":1794144600000},
                    {"exchange":"MCX","start_time":1794141000000,"end_time":1794148200000}]},
 {"date":"2026-12-24","description":"Short day","holiday_type":"SPECIAL_TIMING",
  "closed_exchanges":[],
  "open_exchanges":[{"exchange":"NSE","start_time":1798088400000,"end_time":1798092000000},
                    {"exchange":"NSE","start_time":1798083900000,"end_time":1798086600000}]}
]`

func year(t *testing.T) market.Calendar {
	t.Helper()
	var c market.Calendar
	if err := json.Unmarshal([]byte(listed), &c.Holidays); err != nil {
		t.Fatal(err)
	}
	return c
}

// ist reads a time of day in India.
func ist(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04:05", s, market.IST)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestCalendarState(t *testing.T) {
	t.Parallel()
	c := year(t)
	for _, tc := range []struct {
		name, at, segment string
		want              market.State
	}{
		{"cash before all", "2026-11-23 08:59:59", "NSE_EQ", market.Closed},
		{"cash pre-open begins", "2026-11-23 09:00:00", "NSE_INDEX", market.PreOpen},
		{"cash pre-open ends", "2026-11-23 09:14:59", "BSE_EQ", market.PreOpen},
		{"cash opens", "2026-11-23 09:15:00", "NSE_INDEX", market.Open},
		{"cash in the closing auction", "2026-11-23 15:29:59", "NSE_EQ", market.Open},
		{"cash closes", "2026-11-23 15:30:00", "BSE_INDEX", market.Closed},
		{"futures after cash", "2026-11-23 15:39:59", "NSE_FO", market.Open},
		{"futures close", "2026-11-23 15:40:00", "BSE_FO", market.Closed},
		{"futures before August 2026", "2026-07-31 15:35:00", "NSE_FO", market.Closed},
		{"futures on the first longer day", "2026-08-03 15:35:00", "NSE_FO", market.Open},
		{"futures pre-open", "2026-11-23 09:05:00", "NSE_FO", market.PreOpen},
		{"futures before they had a pre-open", "2025-12-05 09:05:00", "NSE_FO", market.Closed},
		{"currency at nine", "2026-11-23 09:00:00", "NCD_FO", market.Open},
		{"currency at five", "2026-11-23 17:00:00", "BCD_FO", market.Closed},
		{"commodities in the evening", "2026-11-23 23:29:59", "MCX_FO", market.Open},
		{"commodities at the end", "2026-11-23 23:30:00", "NSE_COM", market.Closed},
		{"Saturday", "2026-11-21 11:00:00", "NSE_EQ", market.Closed},
		{"Sunday", "2026-11-22 11:00:00", "MCX_FO", market.Closed},
		{"nobody's segment", "2026-11-23 11:00:00", "GLOBAL_INDEX", market.Unknown},
		{"trading holiday", "2026-01-26 11:00:00", "NSE_EQ", market.Closed},
		{"settlement holiday", "2026-02-19 11:00:00", "NSE_EQ", market.Open},
		{"commodities before their holiday evening", "2026-04-14 11:00:00", "MCX_FO", market.Closed},
		{"commodities in their holiday evening", "2026-04-14 17:00:00", "MCX_FO", market.Open},
		{"cash on that holiday", "2026-04-14 17:00:00", "NSE_EQ", market.Closed},
		{"exchange that the holiday does not name", "2026-04-14 11:00:00", "NSE_COM", market.Open},
		{"Diwali Sunday at noon", "2026-11-08 12:00:00", "NSE_EQ", market.Closed},
		{"Diwali Sunday in the session", "2026-11-08 18:00:00", "NSE_EQ", market.Open},
		{"Diwali Sunday after the session", "2026-11-08 19:00:00", "NSE_EQ", market.Closed},
		{"Diwali Sunday, other exchange", "2026-11-08 18:30:00", "BSE_EQ", market.Closed},
		{"short day has no pre-open", "2026-12-24 09:10:00", "NSE_EQ", market.Closed},
		{"short day, first session", "2026-12-24 09:15:00", "NSE_EQ", market.Open},
		{"short day, between sessions", "2026-12-24 10:15:00", "NSE_EQ", market.Closed},
		{"short day, second session", "2026-12-24 10:30:00", "NSE_EQ", market.Open},
		{"short day, usual afternoon", "2026-12-24 14:00:00", "NSE_EQ", market.Closed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := c.State(ist(t, tc.at), tc.segment); got != tc.want {
				t.Errorf("State(%s, %s) = %q, want %q", tc.at, tc.segment, got, tc.want)
			}
		})
	}
}

// The machine's zone plays no part: only the moment counts.
func TestStateInOtherZones(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 3, 45, 0, 0, time.UTC)
	if got := year(t).State(at, "NSE_EQ"); got != market.Open {
		t.Errorf("State(%s) = %q, want open: it is 09:15 in India", at, got)
	}
	late := time.Date(2026, 11, 22, 22, 45, 0, 0, time.FixedZone("", -5*60*60))
	if got := year(t).State(late, "NSE_EQ"); got != market.Open {
		t.Errorf("State(%s) = %q, want open: Monday has begun in India", late, got)
	}
}

func TestNextOpen(t *testing.T) {
	t.Parallel()
	c := year(t)
	for _, tc := range []struct{ name, at, segment, want string }{
		{"early the same day", "2026-11-23 08:00:00", "NSE_EQ", "2026-11-23 09:15:00"},
		{"in the pre-open", "2026-11-23 09:10:00", "NSE_EQ", "2026-11-23 09:15:00"},
		{"at the opening, the next one", "2026-11-23 09:15:00", "NSE_EQ", "2026-11-24 09:15:00"},
		{"in the session, the next one", "2026-11-23 12:00:00", "NSE_INDEX", "2026-11-24 09:15:00"},
		{"over the weekend", "2026-11-20 16:00:00", "NSE_FO", "2026-11-23 09:15:00"},
		{"over weekend and holiday", "2026-01-24 10:00:00", "NSE_EQ", "2026-01-27 09:15:00"},
		{"not over a settlement holiday", "2026-02-18 20:00:00", "NSE_EQ", "2026-02-19 09:15:00"},
		{"holiday evening", "2026-04-14 09:00:00", "MCX_FO", "2026-04-14 17:00:00"},
		{"Diwali on a Sunday", "2026-11-07 10:00:00", "NSE_INDEX", "2026-11-08 18:00:00"},
		{"Diwali without this exchange", "2026-11-07 10:00:00", "NCD_FO", "2026-11-09 09:00:00"},
		{"between two sessions listed out of order", "2026-12-24 09:20:00", "NSE_EQ", "2026-12-24 10:30:00"},
		{"over the year's end", "2026-12-31 23:59:59", "MCX_FO", "2027-01-01 09:00:00"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := c.NextOpen(ist(t, tc.at), tc.segment)
			if !got.Equal(ist(t, tc.want)) {
				t.Errorf("NextOpen(%s, %s) = %s, want %s", tc.at, tc.segment, got, tc.want)
			}
			if _, offset := got.Zone(); offset != 19800 {
				t.Errorf("NextOpen(%s) is not told in Indian time: %s", tc.at, got)
			}
		})
	}
}

func TestNextOpenUnknown(t *testing.T) {
	t.Parallel()
	at := ist(t, "2026-11-23 12:00:00")
	if got := year(t).NextOpen(at, "GLOBAL_INDEX"); !got.IsZero() {
		t.Errorf("NextOpen of an unlisted segment = %s, want none", got)
	}
	var shut market.Calendar
	for d := range 60 {
		date := at.AddDate(0, 0, d).Format(time.DateOnly)
		shut.Holidays = append(shut.Holidays, market.Holiday{Date: date, Closed: []string{"NSE"}})
	}
	if got := shut.NextOpen(at, "NSE_EQ"); !got.IsZero() {
		t.Errorf("NextOpen of an exchange that is shut for two months = %s, want none", got)
	}
}

// Hours that cannot be right must neither open a Sunday nor close a Monday.
func TestSenselessSessions(t *testing.T) {
	t.Parallel()
	for day, want := range map[string]market.State{"2026-11-22": market.Closed, "2026-11-23": market.Open} {
		noon := ist(t, day+" 12:00:00")
		for _, tc := range []struct {
			name       string
			start, end time.Time
		}{
			{"ends before it starts", noon, noon.Add(-time.Hour)},
			{"empty", noon, noon},
			{"on another day", noon.AddDate(0, 0, 3), noon.AddDate(0, 0, 4)},
			{"no times", time.UnixMilli(0), time.UnixMilli(0)},
		} {
			t.Run(day+" "+tc.name, func(t *testing.T) {
				t.Parallel()
				odd := market.Session{Exchange: "NSE", Start: tc.start.UnixMilli(), End: tc.end.UnixMilli()}
				c := market.Calendar{Holidays: []market.Holiday{{Date: day, Open: []market.Session{odd}}}}
				if got := c.State(noon, "NSE_EQ"); got != want {
					t.Errorf("State = %q, want %q", got, want)
				}
				want := market.Calendar{}.NextOpen(noon, "NSE_EQ")
				if got := c.NextOpen(noon, "NSE_EQ"); !got.Equal(want) {
					t.Errorf("NextOpen = %s, want %s", got, want)
				}
			})
		}
	}
}

// Walked through a year, the next opening is always ahead, the segment is open
// at it and not a moment before, and no opening comes unannounced.
func TestYearWalk(t *testing.T) {
	t.Parallel()
	for _, c := range []market.Calendar{year(t), {}} {
		for _, segment := range []string{"NSE_EQ", "NSE_FO", "BSE_INDEX", "NCD_FO", "MCX_FO", "NSE_COM"} {
			was, announced := market.Unknown, time.Time{}
			for at := ist(t, "2026-01-01 00:00:00"); at.Year() == 2026; at = at.Add(50 * time.Minute) {
				is, next := c.State(at, segment), c.NextOpen(at, segment)
				if !next.After(at) || next.Sub(at) > 5*24*time.Hour {
					t.Fatalf("%s: NextOpen(%s) = %s", segment, at, next)
				}
				if got := c.State(next, segment); got != market.Open {
					t.Fatalf("%s: %q at its opening %s", segment, got, next)
				}
				if got := c.State(next.Add(-time.Nanosecond), segment); got == market.Open {
					t.Fatalf("%s: open before its opening %s", segment, next)
				}
				if is == market.Open && (was == market.Closed || was == market.PreOpen) && announced.After(at) {
					t.Fatalf("%s: open at %s, but announced for %s", segment, at, announced)
				}
				was, announced = is, next
			}
		}
	}
}

func TestNextClose(t *testing.T) {
	t.Parallel()
	c := year(t)
	for _, tc := range []struct{ name, at, segment, want string }{
		{"in the session", "2026-11-23 12:00:00", "NSE_INDEX", "2026-11-23 15:30:00"},
		{"before it", "2026-11-23 08:00:00", "NSE_FO", "2026-11-23 15:40:00"},
		{"at the closing, the next one", "2026-11-23 15:30:00", "NSE_EQ", "2026-11-24 15:30:00"},
		{"Diwali on a Sunday", "2026-11-08 18:30:00", "NSE_INDEX", "2026-11-08 19:00:00"},
		{"over the weekend", "2026-11-20 16:00:00", "NSE_EQ", "2026-11-23 15:30:00"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := c.NextClose(ist(t, tc.at), tc.segment); !got.Equal(ist(t, tc.want)) {
				t.Errorf("NextClose(%s, %s) = %s, want %s", tc.at, tc.segment, got, tc.want)
			}
		})
	}
	if got := c.NextClose(ist(t, "2026-11-23 12:00:00"), "GLOBAL_INDEX"); !got.IsZero() {
		t.Errorf("an unlisted segment closes at %s", got)
	}
}
