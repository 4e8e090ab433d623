package live

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/watch"
	"upstox-doctor/fixtures/valid"
	"upstox-doctor/report"
)

// validLines checks each line against the schema and returns them decoded.
func validLines(t *testing.T, text string) []map[string]any {
	t.Helper()
	var all []map[string]any
	for one := range strings.Lines(text) {
		v, err := valid.JSON("watch", []byte(one))
		if err != nil {
			t.Fatalf("%s%v", one, err)
		}
		all = append(all, v.(map[string]any))
	}
	if !strings.HasSuffix(text, "\n") {
		t.Error("the last line has no end")
	}
	return all
}

func frame(t testing.TB, name string) *feed.Message {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "frames", name+".bin"))
	if err != nil {
		t.Fatal(err)
	}
	m := new(feed.Message)
	if err := feed.Decode(b, m); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestTicksOfEveryForm writes the sample frames, and reads the lines again.
func TestTicksOfEveryForm(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		frame string
		lines int
		has   string // a part of the first line
	}{
		{"live_feed_ltpc_nifty50", 1, `{"event":"tick","key":"NSE_INDEX|Nifty 50","live":true,"arrived":1795419000000,"currentTs":1795409101000,"ltp":24513.05,"ltt":1795409100650,"ltq":0,"cp":24401.1}`},
		{"initial_feed_ltpc_nifty50", 1, `"live":false`},
		{"live_feed_ltpc_two_keys", 2, ""},
		{"live_feed_full_index_nifty50", 1, `"ohlc":[{"interval":"1d","open":`},
		{"live_feed_full_equity_reliance", 1, `"depth":[{"bidQ":`},
		{"live_feed_option_greeks", 1, `"greeks":{"delta":`},
		{"live_feed_empty_feeds", 0, ""},
		{"market_info_open", 0, ""},
	} {
		var out strings.Builder
		l := NewJSONLSink(&out, meta, nil)
		l.Frame(time.UnixMilli(1795419000000), frame(t, tc.frame))
		if tc.lines == 0 {
			if out.Len() > 0 {
				t.Errorf("%s: writes %q", tc.frame, out.String())
			}
			continue
		}
		if got := validLines(t, out.String()); len(got) != tc.lines {
			t.Errorf("%s: %d lines, want %d", tc.frame, len(got), tc.lines)
		}
		if !strings.Contains(out.String(), tc.has) {
			t.Errorf("%s lacks %s:\n%s", tc.frame, tc.has, out.String())
		}
	}
}

// extreme is a tick with all fields, each at the edge of what it can hold.
func extreme(key string) *feed.Message {
	nan, inf := math.NaN(), math.Inf(-1)
	f := feed.Feed{
		Key: []byte(key), HasLTPC: true, LTPC: feed.LTPC{LTP: nan, LTT: math.MinInt64, LTQ: math.MaxInt64, CP: inf, IEP: feed.Double{Set: true, Value: nan}},
		Depth: []feed.Quote{{BidP: nan, AskP: math.MaxFloat64}, {}}, OHLC: []feed.OHLC{{Interval: []byte(key), Open: inf}},
		HasGreeks: true, Greeks: feed.Greeks{Delta: nan, Theta: -5e-324, Gamma: 1e21, Vega: 1e-7, Rho: math.Copysign(0, -1)},
		ATP: nan, VTT: -1, OI: nan, IV: nan, TBQ: nan, TSQ: nan, IEP: nan, RP: inf, IEQ: 1, IIQTotal: -1, IIQM: 1, CASEligible: true,
	}
	m := &feed.Message{Type: feed.LiveFeed}
	for form := feed.NoForm; form <= feed.FormGreeks; form++ {
		f.Form = form
		m.Feeds = append(m.Feeds, f)
	}
	return m
}

func TestHostileTicks(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"", "a\"b\\c", "\x1b]0;x\a\r\n\t\x00\x7f", "\xff\xfe", "\u009b31m\u202e\u2028\U000e0001", "中文", strings.Repeat("k", 1000)} {
		var out strings.Builder
		l := NewJSONLSink(&out, meta, nil)
		l.Frame(noon, extreme(key))
		lines := validLines(t, out.String())
		if len(lines) != 5 {
			t.Fatalf("%q: %d lines", key, len(lines))
		}
		var back string
		want, _ := json.Marshal(key)
		json.Unmarshal(want, &back)
		if got := strings.ReplaceAll(lines[0]["key"].(string), "\ufffd", ""); got != strings.ReplaceAll(strings.ReplaceAll(back, "\ufffd", ""), "\U000e0001", "") {
			t.Errorf("key %q comes back as %q", key, got)
		}
		if i := strings.IndexFunc(out.String(), func(r rune) bool { return r != '\n' && r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x202e }); i >= 0 {
			t.Errorf("%q: a terminal would obey byte %d of %q", key, i, out.String())
		}
	}
}

func FuzzNumber(f *testing.F) {
	for _, v := range []float64{0, 0.1, 24513.05, 83.1225, -0.0001, 1e15 / 1e4, 1e-7, 1e21, 123456789.12345, math.MaxFloat64, math.NaN()} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v float64) {
		got := string(appendNumber(nil, v))
		if math.IsNaN(v) || math.IsInf(v, 0) {
			if got != "null" {
				t.Errorf("%v is written %s", v, got)
			}
			return
		}
		back, err := strconv.ParseFloat(got, 64)
		if err != nil || back != v || !json.Valid([]byte(got)) {
			t.Errorf("%v is written %s", v, got)
		}
		want, _ := json.Marshal(v)
		if len(got) > len(want)+1 { // an exponent has two digits
			t.Errorf("%v is written %s, which is longer than %s", v, got, want)
		}
	})
}

func TestLinesOfAWatch(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	l := NewJSONLSink(&out, report.Meta{OS: "linux", Scrub: func(s string) string { return strings.ReplaceAll(s, "hunter2", "***") }, Tool: meta.Tool}, nil)
	l.Begin(noon, []string{"NSE_INDEX|Nifty 50", "x\x1b[2J"}, "ltpc")
	bad := episode(2, "stream-dropped")
	bad.Ended, bad.Finding.Message = time.Time{}, "hunter2 \x1b[31mred\nline"
	bad.Finding.Evidence = doctor.Evidence{{Name: "reason", Value: "hunter2\x1b[2J"}, {Name: "local", Value: nil}}
	done := episode(1, "stream-closed")
	pattern := watch.Pattern{Finding: bad.Finding, Episodes: []int{1, 2}}
	for _, n := range []watch.Notice{
		{Kind: watch.Connecting, Text: "connecting"}, {Kind: watch.Connected, Text: "101"}, {Kind: watch.Subscribed, Text: "prices"},
		{Kind: watch.MarketNotice, Text: "opens"}, {Kind: watch.Waiting, Text: "waits"}, {Kind: watch.Disconnected, Text: "broke: hunter2", Episode: &bad},
		{Kind: watch.Retry, Text: "again in 2 s"}, {Kind: watch.Recovered, Text: "back", Episode: &done},
		{Kind: watch.PatternFound, Text: "all alike", Pattern: &pattern}, {Kind: watch.TokenNotice, Text: "new token"},
		{Kind: watch.Overload, Text: "too slow"}, {Kind: watch.Ended, Text: "end"},
	} {
		n.At = noon
		l.Notice(n)
	}
	l.Refresh(healthy())
	s := watch.Summary{Began: noon, Ended: noon.Add(time.Hour), EndedBy: watch.EndDuration, Status: doctor.Warn, Episodes: []watch.Episode{done, bad},
		Patterns: []watch.Pattern{pattern}, Gaps: []watch.Gap{{From: noon, To: noon.Add(time.Second)}}}
	l.End(report.NewWatchSummary(s, report.Meta{ExitCode: 3, OS: "linux", Scrub: l.meta.Scrub}))
	lines := validLines(t, out.String())
	if len(lines) != 13 || lines[0]["event"] != "begin" || lines[12]["event"] != "summary" {
		t.Fatalf("%d lines: %s", len(lines), out.String())
	}
	if strings.Contains(out.String(), "hunter2") || strings.Contains(out.String(), "\x1b") || strings.Contains(out.String(), `\u001b`) {
		t.Errorf("shows a secret or a control character: %s", out.String())
	}
	if at := lines[6]["at"]; at != "2026-11-23T12:00:00.000+05:30" {
		t.Errorf("at %v", at)
	}
	if down := lines[8]["episode"].(map[string]any)["down_ms"]; down != json.Number("12000") {
		t.Errorf("down_ms %v", down)
	}
}

func TestSummaryOfNothingFitsTheSchema(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	l := NewJSONLSink(&out, meta, nil)
	l.End(report.NewWatchSummary(watch.Summary{Status: doctor.Pass, EndedBy: watch.EndSignal, Began: noon, Ended: noon}, report.Meta{}))
	validLines(t, out.String())
}

// TestSchemaRefuses corrupts good lines.
func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no event":        `{"key":"x"}`,
		"unknown event":   `{"schema":"upstox-doctor/watch/v1","event":"party","at":"2026-11-23T12:00:00+05:30","text":"x"}`,
		"tick as text":    `{"event":"tick","key":"x","live":true,"arrived":"1","currentTs":1}`,
		"price as text":   `{"event":"tick","key":"x","live":true,"arrived":1,"currentTs":1,"ltp":"1"}`,
		"no episode":      `{"schema":"upstox-doctor/watch/v1","event":"episode","at":"2026-11-23T12:00:00+05:30","text":"x"}`,
		"another version": `{"schema":"upstox-doctor/watch/v2","event":"retry","at":"2026-11-23T12:00:00+05:30","text":"x"}`,
		"no zone":         `{"schema":"upstox-doctor/watch/v1","event":"retry","at":"2026-11-23T12:00:00","text":"x"}`,
	} {
		if _, err := valid.JSON("watch", []byte(text)); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestLinesStopAtAnError(t *testing.T) {
	t.Parallel()
	w := &terminal{err: errors.New("broken pipe")}
	stops := 0
	l := NewJSONLSink(w, meta, func() { stops++ })
	m := frame(t, "live_feed_ltpc_nifty50")
	for range 3 {
		l.Frame(noon, m)
		l.Notice(watch.Notice{At: noon, Kind: watch.Retry, Text: "x"})
	}
	if stops != 1 || w.writes != 1 || l.Err() == nil {
		t.Errorf("%d stops, %d writes, error %v", stops, w.writes, l.Err())
	}
}

func TestOneWritePerFrame(t *testing.T) {
	t.Parallel()
	w := new(terminal)
	l := NewJSONLSink(w, meta, nil)
	m := frame(t, "live_feed_ltpc_two_keys")
	for range 10 {
		l.Frame(noon, m)
	}
	if w.writes != 10 {
		t.Errorf("%d writes of 10 frames", w.writes)
	}
	// A snapshot of everything is written in pieces, each of whole lines.
	one := frame(t, "live_feed_full_equity_reliance")
	for len(m.Feeds) < 2000 {
		m.Feeds = append(m.Feeds, one.Feeds[0])
	}
	l.Frame(noon, m)
	if cap(l.buf) > 4*maxBuffer {
		t.Errorf("the buffer grew to %d bytes", cap(l.buf))
	}
	if got := strings.Count(w.String(), "\n"); got != 20+2000 {
		t.Errorf("%d lines", got)
	}
}

func TestTicksDoNotAllocate(t *testing.T) {
	m, full := frame(t, "live_feed_ltpc_two_keys"), frame(t, "live_feed_full_equity_reliance")
	l := NewJSONLSink(discard{}, meta, nil)
	if n := testing.AllocsPerRun(200, func() { l.Frame(noon, m); l.Frame(noon, full) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

func BenchmarkLines(b *testing.B) {
	for _, name := range []string{"live_feed_ltpc_nifty50", "live_feed_option_greeks", "live_feed_full_equity_reliance"} {
		b.Run(name, func(b *testing.B) {
			benchmarkLines(b, frame(b, name))
		})
	}
	b.Run("ltpc_100", func(b *testing.B) {
		m := frame(b, "live_feed_ltpc_nifty50")
		m.Feeds = slices.Repeat(m.Feeds, 100)
		benchmarkLines(b, m)
	})
}

func benchmarkLines(b *testing.B, m *feed.Message) {
	l := NewJSONLSink(discard{}, meta, nil)
	b.ReportAllocs()
	for b.Loop() {
		l.Frame(noon, m)
	}
}
