package live

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
)

func TestPlainStory(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	p := NewPlainSink(&out, meta, false, nil)
	e := episode(3, "stream-dropped")
	pattern := watch.Pattern{Finding: e.Finding}
	p.Notice(watch.Notice{At: noon, Kind: watch.Connecting, Text: "connecting\x1b[2J"})
	p.Notice(watch.Notice{At: noon.Add(time.Second), Kind: watch.Disconnected, Text: "the connection ended\nwithout a close frame", Episode: &e})
	p.Notice(watch.Notice{At: noon.Add(2 * time.Second), Kind: watch.Recovered, Text: "prices are back", Episode: &e})
	p.Notice(watch.Notice{At: noon.Add(3 * time.Second), Kind: watch.PatternFound, Text: "every connection lives 60 s", Pattern: &pattern})
	p.Notice(watch.Notice{At: noon.Add(4 * time.Second), Kind: watch.Ended, Text: "the end"})
	p.Notice(watch.Notice{At: noon.Add(13 * time.Hour), Kind: watch.MarketNotice, Text: "closed"})
	compareGolden(t, "plain.txt", out.String())
}

// TestPriceInPlace: a terminal has one row for all prices, and what follows
// begins on its own.
func TestPriceInPlace(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	p := NewPlainSink(&out, meta, false, nil)
	p.Every, p.InPlace = time.Second, 60
	s := healthy()
	for range 5 {
		p.Refresh(s)
		s.Now = s.Now.Add(time.Second)
	}
	p.Notice(watch.Notice{At: noon.Add(6 * time.Second), Kind: watch.Recovered, Text: "prices are back"})
	p.Notice(watch.Notice{At: noon.Add(7 * time.Second), Kind: watch.Ended, Text: "the end"})
	if got := out.String(); strings.Count(got, "\n") != 2 || strings.Count(got, "\r\x1b[K") != 4 || !strings.HasSuffix(got, "prices are back\n") {
		t.Errorf("writes %q", got)
	}
}

// TestPlainPrices calls Refresh four times a second for ten minutes.
func TestPlainPrices(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		state  func() *watch.State
		quiet  bool
		lines  int
		prints string
	}{
		{"an open market", healthy, false, 10, "price       NSE_INDEX|Nifty 50 24,513.05 +111.95 (+0.46 %), last tick"},
		{"quiet", healthy, true, 0, ""},
		{"a closed market", func() *watch.State { s := waiting(); s.Link = watch.LinkUp; return s }, false, 1, "market closed"},
		{"no connection", func() *watch.State { return broken(2) }, false, 9, "down        not connected; next attempt"},
		{"no key", func() *watch.State { s := healthy(); s.Quotes = nil; return s }, false, 0, ""},
	} {
		var out strings.Builder
		p, s := NewPlainSink(&out, meta, tc.quiet, nil), tc.state()
		for range 10 * 60 * 4 {
			p.Refresh(s)
			s.Now = s.Now.Add(time.Second / 4)
		}
		if n := strings.Count(out.String(), "\n"); n != tc.lines || !strings.Contains(out.String(), tc.prints) {
			t.Errorf("%s: %d lines, want %d: %q", tc.name, n, tc.lines, out.String())
		}
	}
}

func TestPlainStopsAtAnError(t *testing.T) {
	t.Parallel()
	w, stops := &terminal{err: errors.New("gone")}, 0
	p := NewPlainSink(w, meta, false, func() { stops++ })
	p.Notice(watch.Notice{At: noon, Text: "x"})
	p.Notice(watch.Notice{At: noon, Text: "y"})
	if stops != 1 || w.writes != 1 || p.Err() == nil {
		t.Errorf("%d stops, %d writes", stops, w.writes)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{
		0: "-", 24513.05: "24,513.05", math.Inf(1): "?",
	} {
		if got := price(feed.Tick{LTP: v}); got != want {
			t.Errorf("price %v is %q, want %q", v, got, want)
		}
	}
	for _, tc := range []struct {
		ltp, cp float64
		want    string
	}{
		{100, 0, ""}, {0, 100, ""}, {101, 100, "+1.00 (+1.00 %)"}, {99, 100, "-1.00 (-1.00 %)"}, {100, 100, "0.00 (0.00 %)"},
		{1e300, 1e-300, ""}, {math.NaN(), 1, ""}, {24513.05, 24401.1, "+111.95 (+0.46 %)"},
	} {
		if got := change(feed.Tick{LTP: tc.ltp, CP: tc.cp}); got != tc.want {
			t.Errorf("from %v to %v is %q, want %q", tc.cp, tc.ltp, got, tc.want)
		}
	}
	for name, want := range map[string]string{"": "", "0,0": "  ", "0,5,10": " ▄█", "1": "█", "1,100": "▁█", "-3,2": " █"} {
		var counts []int
		for s := range strings.SplitSeq(name, ",") {
			n := 0
			for _, c := range strings.TrimPrefix(s, "-") {
				n = 10*n + int(c-'0')
			}
			if strings.HasPrefix(s, "-") {
				n = -n
			}
			if s != "" {
				counts = append(counts, n)
			}
		}
		if got := spark(counts, 10, false); got != want {
			t.Errorf("spark of %s is %q, want %q", name, got, want)
		}
	}
	s := healthy()
	for state, want := range map[market.State]string{market.Unknown: "not known", market.PreOpen: "pre-open, opens 15:30 IST, in 3 h 30 min", market.Closed: "closed, opens 15:30 IST, in 3 h 30 min"} {
		if s.Market = state; trading(s) != want {
			t.Errorf("market %s is %q", state, trading(s))
		}
	}
}

// counter is a sink that counts.
type counter struct{ frames, notices, refreshes int }

func (c *counter) Frame(time.Time, *feed.Message) { c.frames++ }
func (c *counter) Notice(watch.Notice)            { c.notices++ }
func (c *counter) Refresh(*watch.State)           { c.refreshes++ }

func TestSinksHandOn(t *testing.T) {
	t.Parallel()
	a, b := new(counter), new(counter)
	s := MultiSink{a, b}
	s.Frame(noon, nil)
	s.Notice(watch.Notice{})
	s.Refresh(nil)
	if want := (counter{1, 1, 1}); *a != want || *b != want {
		t.Errorf("got %v and %v", *a, *b)
	}
}
