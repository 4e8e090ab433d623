package watch

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"upstox-doctor/checks/feed"
)

// silentTracker is a Tracker whose control key ticks, and whose other keys had
// their last tick two minutes ago.
func silentTracker(keys ...string) *Tracker {
	const control = "NSE_INDEX|Nifty 50"
	t := NewTracker()
	t.begun = Begun{Control: control, Keys: keys}
	t.reader = feed.NewReader(control, keys...)
	t.reader.Status = map[string]feed.Status{"NSE_EQ": feed.Status(2)}
	t.link, t.now, t.conn.since = LinkUp, noon, noon.Add(-time.Hour)
	t.reader.Control.Arrived = noon
	for i := range t.reader.Ticks {
		k := &t.reader.Ticks[i]
		k.LTP, k.Seen, k.Arrived = 100, true, noon.Add(-2*time.Minute)
	}
	return t
}

// One quote with another price is no proof: the tick may come right after it, or
// the price is of another kind.
func TestQuotes(t *testing.T) {
	t.Parallel()
	const key = "NSE_EQ|A"
	for _, tc := range []struct {
		name   string
		quotes []float64
		tick   time.Duration // by which a tick between the quotes is older than the second; zero for none
		want   int
	}{
		{"one that differs", []float64{101}, 0, 0},
		{"two that differ", []float64{101, 102}, 0, 1},
		{"four that differ", []float64{101, 102, 103, 104}, 0, 1},
		{"another price that stands still", []float64{101, 101, 101, 101}, 0, 0},
		{"a move after a while", []float64{101, 101, 101, 102}, 0, 1},
		{"the feed's price between", []float64{101, 100, 102, 100}, 0, 0},
		{"a tick just before the second", []float64{101, 102}, time.Second, 0},
		{"a tick between", []float64{101, 102}, 70 * time.Second, 0},
		{"a rounded price", []float64{100.00001, 99.99999}, 0, 0},
	} {
		tr := silentTracker(key)
		for i, price := range tc.quotes {
			if i == 1 && tc.tick > 0 {
				tr.reader.Tick(key).Arrived = tr.now.Add(-tc.tick)
			}
			tr.handleQuoted(Event{Kind: Quoted, Quote: &Quote{key, price}})
			tr.now = tr.now.Add(80 * time.Second)
		}
		if len(tr.notices) != tc.want {
			t.Errorf("%s: %d reports, want %d", tc.name, len(tr.notices), tc.want)
		}
	}
}

// After a failure the keys are asked for singly, and later.
func TestQuotesAfterFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQuotes(t.Context(), nil)
		defer q.close()
		q.handle(nil)
		if q.most != 1 || time.Until(q.due) != quotePause {
			t.Errorf("%d keys in %s", q.most, time.Until(q.due))
		}
	})
}

func TestKeysToQuote(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		set  func(*Tracker)
		want string
	}{
		{"the first", func(*Tracker) {}, "NSE_EQ|1"},
		{"the one whose quote is the oldest", func(tr *Tracker) {
			tr.conn.quotes = map[string]quoted{"NSE_EQ|1": {at: noon}, "NSE_EQ|2": {at: noon.Add(-time.Minute)}}
		}, "NSE_EQ|3"},
		{"the suspect ones come before the oldest", func(tr *Tracker) {
			tr.conn.quotes = map[string]quoted{"NSE_EQ|2": {at: noon, apart: 1}}
		}, "NSE_EQ|2"},
		{"a suspect one that stood still goes behind", func(tr *Tracker) {
			tr.conn.quotes = map[string]quoted{}
			for i := range 6 {
				tr.conn.quotes[fmt.Sprint("NSE_EQ|", i+1)] = quoted{at: noon.Add(time.Duration(-i) * time.Second)}
			}
			tr.conn.quotes["NSE_EQ|1"] = quoted{at: noon, apart: 2}
		}, "NSE_EQ|6"},
		{"keys that tick are passed over", func(tr *Tracker) { tr.reader.Ticks[0].Arrived = noon }, "NSE_EQ|2"},
		{"keys without a price are passed over", func(tr *Tracker) { tr.reader.Ticks[0].LTP = 0 }, "NSE_EQ|2"},
		{"the control key is silent too", func(tr *Tracker) { tr.reader.Control.Arrived = noon.Add(-time.Minute) }, ""},
		{"the feed says closed", func(tr *Tracker) { tr.reader.Status["NSE_EQ"] = feed.Status(3) }, ""},
		{"the feed says nothing", func(tr *Tracker) { delete(tr.reader.Status, "NSE_EQ") }, ""},
		{"the stream is young", func(tr *Tracker) {
			tr.conn.since = noon.Add(-30 * time.Second)
		}, ""},
		{"after a suspend", func(tr *Tracker) { tr.lastSuspend = stall{noon.Add(-time.Hour), noon.Add(-time.Second)} }, ""},
		{"no connection", func(tr *Tracker) { tr.link = LinkWaiting }, ""},
	} {
		tr := silentTracker("NSE_EQ|1", "NSE_EQ|2", "NSE_EQ|3", "NSE_EQ|4", "NSE_EQ|5", "NSE_EQ|6")
		tc.set(tr)
		if got := strings.Join(tr.keysToQuote(noon, 1), " "); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
	tr := silentTracker("NSE_EQ|1", "NSE_EQ|2", "NSE_EQ|3")
	tr.conn.quotes = map[string]quoted{"NSE_EQ|1": {at: noon}, "NSE_EQ|3": {at: noon, apart: 1}}
	if got := fmt.Sprint(tr.keysToQuote(noon, 5)); got != "[NSE_EQ|3 NSE_EQ|2 NSE_EQ|1]" {
		t.Errorf("all keys: %s", got)
	}
	tr = silentTracker("NSE_EQ|1")
	for clock, want := range map[string]string{"09:19": "", "09:21": "NSE_EQ|1", "15:09": "NSE_EQ|1", "15:20": "", "20:00": ""} {
		at, _ := time.ParseInLocation(time.DateOnly+" 15:04", noon.Format(time.DateOnly)+" "+clock, noon.Location())
		tr.reader.Control.Arrived, tr.conn.since, tr.reader.Ticks[0].Arrived = at, at.Add(-time.Hour), time.Time{}
		if got := strings.Join(tr.keysToQuote(at, 1), " "); got != want {
			t.Errorf("at %s: %q, want %q", clock, got, want)
		}
	}
}
