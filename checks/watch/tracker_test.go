package watch_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
)

// A frameEntry is one entry of a frame, as given to frameOf.
type frameEntry struct {
	key    string
	price  float64
	traded time.Time // zero for never
}

// frameOf encodes a frame: kind 0 is a snapshot, 1 live.
func frameOf(kind int, stamp time.Time, all ...frameEntry) []byte {
	var b []byte
	b = protowire.AppendVarint(protowire.AppendTag(b, 1, protowire.VarintType), uint64(kind))
	for _, x := range all {
		var ltpc, one, entry []byte
		ltpc = protowire.AppendFixed64(protowire.AppendTag(ltpc, 1, protowire.Fixed64Type), math.Float64bits(x.price))
		if !x.traded.IsZero() {
			ltpc = protowire.AppendVarint(protowire.AppendTag(ltpc, 2, protowire.VarintType), uint64(x.traded.UnixMilli()))
		}
		one = protowire.AppendBytes(protowire.AppendTag(one, 1, protowire.BytesType), ltpc)
		entry = protowire.AppendString(protowire.AppendTag(entry, 1, protowire.BytesType), x.key)
		entry = protowire.AppendBytes(protowire.AppendTag(entry, 2, protowire.BytesType), one)
		b = protowire.AppendBytes(protowire.AppendTag(b, 2, protowire.BytesType), entry)
	}
	return protowire.AppendVarint(protowire.AppendTag(b, 3, protowire.VarintType), uint64(stamp.UnixMilli()))
}

// A trackerTest is a Tracker under test, with its log and a clock.
type trackerTest struct {
	*watch.Reporter
	*recordingSink
	now time.Time
}

// newTrackerTest starts a watch of the keys, with an open feed.
func newTrackerTest(at time.Time, opened watch.Opened, keys ...string) *trackerTest {
	c := &trackerTest{recordingSink: &recordingSink{}, now: at}
	c.Reporter = watch.NewReporter(c.recordingSink)
	c.handle(watch.Event{Kind: watch.Begin, Begun: &watch.Begun{Keys: keys, Mode: "ltpc"}})
	c.handle(watch.Event{Kind: watch.Attempt})
	c.handle(watch.Event{Kind: watch.Open, Opened: &opened})
	c.handle(watch.Event{Kind: watch.Sent})
	return c
}

func (c *trackerTest) handle(e watch.Event) {
	e.At = c.now
	c.Reporter.Handle(e)
}

func (c *trackerTest) after(d time.Duration, e watch.Event) { c.now = c.now.Add(d); c.handle(e) }

func (c *trackerTest) frame(d time.Duration, kind int, stamp time.Time, all ...frameEntry) {
	c.after(d, watch.Event{Kind: watch.Frame, Data: frameOf(kind, stamp, all...)})
}

func TestDelayAndLag(t *testing.T) {
	t.Parallel()
	c := newTrackerTest(monday, watch.Opened{Offset: -2 * time.Second}, nifty, "NSE_EQ|A")
	server := func() time.Time { return c.now.Add(-2 * time.Second) }
	// A snapshot with an old trade and an old stamp counts for neither.
	c.frame(0, 0, monday.Add(-time.Hour), frameEntry{nifty, 100, monday.Add(-time.Hour)}, frameEntry{"NSE_EQ|A", 5, time.Time{}})
	c.frame(time.Second, 1, server().Add(time.Second-300*time.Millisecond), frameEntry{nifty, 101, server().Add(time.Second - 1300*time.Millisecond)})
	if s := c.Summary(); s.WorstDelay != 300*time.Millisecond || s.WorstLag != time.Second {
		t.Errorf("delay %s, lag %s; want 300ms and 1s", s.WorstDelay, s.WorstLag)
	}
	// The same trade again, and a key that was never traded, are no lag.
	last := server().Add(-1300 * time.Millisecond)
	c.frame(time.Minute, 1, server().Add(time.Minute), frameEntry{nifty, 101, last}, frameEntry{"NSE_EQ|A", 5, time.Time{}})
	if s := c.Summary(); s.WorstDelay != 300*time.Millisecond || s.WorstLag != time.Second || s.Ticks != 3 || s.Frames != 3 {
		t.Errorf("delay %s, lag %s, %d ticks, %d frames", s.WorstDelay, s.WorstLag, s.Ticks, s.Frames)
	}
	// Nor is the first known trade of a key, however old.
	c.frame(time.Second, 1, server(), frameEntry{"NSE_EQ|A", 5, server().Add(-time.Hour)})
	if s := c.Summary(); s.WorstLag != time.Second {
		t.Errorf("lag %s", s.WorstLag)
	}
	// A stamp in the future gives no negative delay.
	c.frame(time.Second, 1, server().Add(5*time.Second), frameEntry{nifty, 102, server()})
	if st := c.State(c.now); st.Delay != 0 {
		t.Errorf("delay %s", st.Delay)
	}
}

func TestQuotes(t *testing.T) {
	t.Parallel()
	c := newTrackerTest(monday, watch.Opened{}, nifty, "NSE_EQ|A", nifty)
	c.frame(time.Second, 0, c.now, frameEntry{nifty, 100, monday}, frameEntry{"NSE_EQ|STRANGER", 1, monday})
	c.frame(time.Second, 1, c.now, frameEntry{nifty, 101, monday.Add(time.Second)})
	if !strings.Contains(c.noticesText(), "prices have come for 1 key\n") {
		t.Errorf("\n%s", c.noticesText())
	}
	st := c.State(c.now)
	if len(st.Quotes) != 2 {
		t.Fatalf("%d quotes, want one for each key that was asked for", len(st.Quotes))
	}
	q := st.Quotes[0]
	if q.Key != nifty || q.LTP != 101 || q.Count != 1 || !q.Arrived.Equal(c.now) {
		t.Errorf("%+v", q)
	}
	if a := st.Quotes[1]; a.Count != 0 || !a.Arrived.IsZero() {
		t.Errorf("%+v", a)
	}
	c.handle(watch.Event{Kind: watch.Frame, Data: frameOf(1, c.now, frameEntry{nifty, math.NaN(), c.now})})
	if q := c.State(c.now).Quotes[0]; q.LTP != 101 {
		t.Errorf("price is %v", q.LTP)
	}
	if c.count(watch.Anomaly) != 1 {
		t.Errorf("\n%s", c.noticesText())
	}
}

func TestTicksPerSecond(t *testing.T) {
	t.Parallel()
	c := newTrackerTest(monday, watch.Opened{}, nifty)
	for range 90 * 4 {
		c.frame(250*time.Millisecond, 1, c.now, frameEntry{nifty, 100, c.now})
	}
	all := c.State(c.now).PerSecond
	for i, n := range all {
		if n != 4 {
			t.Errorf("second %d has %d ticks, want 4", i, n)
		}
	}
	c.after(30*time.Second, watch.Event{Kind: watch.Pong})
	if all = c.State(c.now).PerSecond; len(all) != 60 || all[59] != 0 || all[29] != 4 || all[31] != 0 {
		t.Errorf("%v", all)
	}
}

// Keys without a price are reported once per connection, and not before the
// snapshot has had time to arrive.
func TestMissingKeys(t *testing.T) {
	t.Parallel()
	c := newTrackerTest(monday, watch.Opened{}, nifty, "NSE_EQ|A", "NSE_EQ|B")
	c.frame(time.Second, 0, c.now, frameEntry{nifty, 100, monday})
	c.frame(5*time.Second, 1, c.now, frameEntry{nifty, 100, monday})
	if c.count(watch.Anomaly) != 0 {
		t.Errorf("told too early\n%s", c.noticesText())
	}
	c.frame(6*time.Second, 1, c.now, frameEntry{nifty, 100, monday})
	c.frame(6*time.Second, 1, c.now, frameEntry{nifty, 100, monday})
	if c.count(watch.Anomaly) != 1 || !strings.Contains(c.noticesText(), "2 of 3 keys have no price: NSE_EQ|A, NSE_EQ|B") {
		t.Errorf("\n%s", c.noticesText())
	}
	if s := c.Summary(); s.Status != doctor.Pass || s.Disconnects != 0 {
		t.Errorf("an unknown key breaks nothing: %+v", s)
	}
}

// A frame that cannot be decoded is reported once per connection, which goes on.
func TestBadFramesDoNotDisconnect(t *testing.T) {
	t.Parallel()
	c := newTrackerTest(monday, watch.Opened{}, nifty)
	c.frame(time.Second, 0, c.now, frameEntry{nifty, 100, monday})
	for range 3 {
		c.after(time.Second, watch.Event{Kind: watch.Frame, Data: []byte("{}")})
		c.after(time.Second, watch.Event{Kind: watch.Text, Data: []byte("{}")})
	}
	if c.count(watch.Anomaly) != 2 || c.Summary().Disconnects != 0 {
		t.Errorf("\n%s", c.noticesText())
	}
	// Nor does it become the cause of an unrelated end.
	c.after(time.Second, watch.Event{Kind: watch.Closed, End: &watch.End{Words: "gone"}})
	if e := c.Summary().Episodes[0]; e.Finding.Code != "stream-dropped" {
		t.Errorf("%+v", e)
	}
}

// A gap ends with trading, and a loss outside of it makes none.
func TestGapsAreOfTrading(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.November, 23, 15, 20, 0, 0, market.IST)
	c := newTrackerTest(at, watch.Opened{}, nifty)
	c.frame(time.Second, 0, c.now, frameEntry{nifty, 100, at})
	c.after(5*time.Minute-time.Second, watch.Event{Kind: watch.Closed, End: &watch.End{Words: "gone"}})
	c.after(time.Hour, watch.Event{Kind: watch.Open, Opened: &watch.Opened{}})
	c.frame(time.Second, 0, c.now, frameEntry{nifty, 100, at})
	c.after(time.Hour, watch.Event{Kind: watch.Closed, End: &watch.End{Words: "gone"}})
	c.after(time.Hour, watch.Event{Kind: watch.Stop, EndedBy: watch.EndSignal})
	s := c.Summary()
	if len(s.Gaps) != 1 || !s.Gaps[0].From.Equal(at.Add(5*time.Minute)) || !s.Gaps[0].To.Equal(at.Add(10*time.Minute)) {
		t.Errorf("gaps %v", s.Gaps)
	}
	if s.Open != 10*time.Minute || s.OpenUp != 5*time.Minute || s.Up != 65*time.Minute+time.Second || s.Status != doctor.Fail {
		t.Errorf("open %s, of that up %s, up %s, status %s", s.Open, s.OpenUp, s.Up, s.Status)
	}
	if s.Episodes[0].Open != true || s.Episodes[1].Open {
		t.Errorf("%+v", s.Episodes)
	}
}

// A full queue is the cause of an end only if it was full long enough, and not
// long before the end.
func TestWhatCountsAsStarved(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		stands [][2]time.Duration // how long before the end it was over, and how long it took
		want   watch.EpisodeKind
	}{
		{"six seconds, just before", [][2]time.Duration{{0, 6 * time.Second}}, watch.Starved},
		{"four seconds", [][2]time.Duration{{0, 4 * time.Second}}, watch.Dropped},
		{"two of three seconds", [][2]time.Duration{{10 * time.Second, 3 * time.Second}, {0, 3 * time.Second}}, watch.Starved},
		{"a minute ago", [][2]time.Duration{{time.Minute, 20 * time.Second}}, watch.Dropped},
		{"for long, and its last part counts", [][2]time.Duration{{20 * time.Second, 40 * time.Second}}, watch.Starved},
		{"for long, and too little of it is recent", [][2]time.Duration{{27 * time.Second, 40 * time.Second}}, watch.Dropped},
		{"never", nil, watch.Dropped},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newTrackerTest(monday, watch.Opened{}, nifty)
			c.frame(time.Second, 0, c.now, frameEntry{nifty, 100, monday})
			end := monday.Add(10 * time.Minute)
			for _, s := range tc.stands {
				c.now = end.Add(-s[0])
				c.handle(watch.Event{Kind: watch.Full, Wait: s[1]})
			}
			c.now = end
			c.handle(watch.Event{Kind: watch.Closed, End: &watch.End{Words: "gone"}})
			if e := c.Summary().Episodes[0]; e.Kind != tc.want {
				t.Errorf("%s %s, want %s", e.Kind, e.Finding.Message, tc.want)
			}
		})
	}
}

// A watch that ended before anything was known is a skip.
func TestNothingKnown(t *testing.T) {
	t.Parallel()
	c := &trackerTest{recordingSink: &recordingSink{}, now: monday}
	c.Reporter = watch.NewReporter(c.recordingSink)
	c.handle(watch.Event{Kind: watch.Begin, Begun: &watch.Begun{Keys: []string{nifty}}})
	c.after(0, watch.Event{Kind: watch.Attempt})
	c.after(time.Second, watch.Event{Kind: watch.Stop, EndedBy: watch.EndSignal})
	if s := c.Summary(); s.Status != doctor.Skip || s.Up != 0 {
		t.Errorf("%+v", s)
	}
}

// Memory does not grow with the number of disconnects.
func TestManyEpisodes(t *testing.T) {
	t.Parallel()
	c := newTrackerTest(monday, watch.Opened{}, nifty)
	rounds := 3000
	if testing.Short() {
		rounds = 1050
	}
	for range rounds {
		c.frame(time.Second, 0, c.now, frameEntry{nifty, 100, monday})
		c.after(time.Second, watch.Event{Kind: watch.Closed, End: &watch.End{Words: "gone"}})
		c.after(time.Second, watch.Event{Kind: watch.Open, Opened: &watch.Opened{}})
	}
	s := c.Summary()
	if s.Disconnects != rounds || len(s.Episodes) != 1000 || s.Episodes[999].N != rounds || len(s.Gaps) > 1001 {
		t.Errorf("%d episodes, %d kept, the last is %d, %d gaps", s.Disconnects, len(s.Episodes), s.Episodes[len(s.Episodes)-1].N, len(s.Gaps))
	}
}

// refusedBy is an attempt that failed with the code.
func (c *trackerTest) refusedBy(code string) {
	c.after(time.Second, watch.Event{Kind: watch.Attempt})
	c.handle(watch.Event{Kind: watch.Refused, Finding: &doctor.Result{Status: doctor.Fail, Code: code, Message: "seen"}})
}

// A network that is unavailable on reconnect explains why the stream ended,
// unless the cause was already unambiguous.
func TestWhatExplainsALoss(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		end   watch.End
		codes []string
		want  string
	}{
		{"the network is gone", watch.End{Words: "gone"}, []string{"offline"}, "offline"},
		{"the name as well, later", watch.End{Words: "gone"}, []string{"offline", "dns-not-found"}, "offline"},
		{"the network, but not at first", watch.End{Words: "gone"}, []string{"upstox-unavailable", "offline"}, "stream-dropped"},
		{"the server said goodbye before", watch.End{Clean: true, Code: 1001, Words: "bye"}, []string{"offline"}, "stream-closed"},
		{"the server is down", watch.End{Words: "gone"}, []string{"upstox-unavailable"}, "stream-dropped"},
		{"something that is not plain, then the network", watch.End{Words: "gone"}, []string{"api-dropped", "tcp-refused", "offline"}, "tcp-refused"},
		{"only what is not plain", watch.End{Words: "gone"}, []string{"api-dropped", "api-dropped"}, "api-dropped"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newTrackerTest(monday, watch.Opened{}, nifty)
			c.frame(time.Second, 0, c.now, frameEntry{nifty, 100, monday})
			c.after(time.Minute, watch.Event{Kind: watch.Closed, End: &tc.end})
			for _, code := range tc.codes {
				c.refusedBy(code)
			}
			e := c.Summary().Episodes[0]
			if e.Finding.Code != tc.want || e.Attempts != len(tc.codes) || e.Kind == watch.RefusedOnReturn || c.Summary().Disconnects != 1 {
				t.Errorf("%s %s, want %s\n%s", e.Kind, e.Finding.Code, tc.want, c.noticesText())
			}
			if !strings.HasPrefix(tc.want, "stream-") && (e.Finding.Confidence != doctor.Likely || e.Finding.Evidence.Find("stream_ended") != "gone") {
				t.Errorf("%+v", e.Finding)
			}
		})
	}
}

// TestAStateStaysAsItWasTaken: whoever keeps a state reads it while the watch goes on.
func TestAStateStaysAsItWasTaken(t *testing.T) {
	t.Parallel()
	c := newTrackerTest(monday, watch.Opened{}, nifty)
	c.frame(time.Second, 0, c.now, frameEntry{nifty, 100, monday})
	c.after(time.Minute, watch.Event{Kind: watch.Closed, End: &watch.End{Clean: true, Code: 1001, Words: "bye"}})
	c.refusedBy("upstox-unavailable")
	evidence := c.State(c.now).Episodes[0].Finding.Evidence
	c.refusedBy("rate-limited")
	if got := evidence.Find("last_refusal"); got != "upstox-unavailable: seen" {
		t.Errorf("the state of before has %q", got)
	}
	if got := c.State(c.now).Episodes[0].Finding.Evidence.Find("last_refusal"); got != "rate-limited: seen" {
		t.Errorf("the state has %q", got)
	}
}

// The result of the doctor's own checks is used where the finding is ambiguous,
// and nowhere else.
func TestWhatAnExaminationMayChange(t *testing.T) {
	t.Parallel()
	for seen, want := range map[string]string{"api-dropped": "tcp-refused", "api-timeout": "tcp-refused", "offline": "offline"} {
		c := newTrackerTest(monday, watch.Opened{}, nifty)
		c.frame(time.Second, 0, c.now, frameEntry{nifty, 100, monday})
		c.after(time.Minute, watch.Event{Kind: watch.Closed, End: &watch.End{Words: "gone"}})
		c.refusedBy(seen)
		c.handle(watch.Event{Kind: watch.Examined, Finding: &doctor.Result{Status: doctor.Fail, Code: "tcp-refused", Message: "found"}})
		f := c.Summary().Episodes[0].Finding
		if f.Code != want || f.Confidence != doctor.Likely || f.Evidence.Find("stream_ended") != "gone" {
			t.Errorf("%s, then examined: %+v, want %s", seen, f, want)
		}
	}
}

// A finding that the doctor's checks confirm stays, whatever fails later.
func TestExaminedForGood(t *testing.T) {
	t.Parallel()
	for examined, want := range map[string]string{"tcp-timeout": "tcp-timeout", "": "dns-unreachable"} {
		c := newTrackerTest(monday, watch.Opened{}, nifty)
		c.frame(time.Second, 0, c.now, frameEntry{nifty, 100, monday})
		c.after(time.Minute, watch.Event{Kind: watch.Closed, End: &watch.End{Words: "gone"}})
		c.refusedBy("tcp-timeout")
		if examined != "" {
			c.handle(watch.Event{Kind: watch.Examined, Finding: &doctor.Result{Status: doctor.Fail, Code: examined, Message: "found"}})
		}
		c.refusedBy("dns-unreachable")
		if got := c.Summary().Episodes[0].Finding.Code; got != want {
			t.Errorf("examined %q: %s, want %s", examined, got, want)
		}
	}
}

// marketInfo is a frame that gives a segment a status by its number.
func marketInfo(segment string, status uint64) []byte {
	var entry, info []byte
	entry = protowire.AppendString(protowire.AppendTag(entry, 1, protowire.BytesType), segment)
	entry = protowire.AppendVarint(protowire.AppendTag(entry, 2, protowire.VarintType), status)
	info = protowire.AppendBytes(protowire.AppendTag(info, 1, protowire.BytesType), entry)
	b := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), 2)
	return protowire.AppendBytes(protowire.AppendTag(b, 4, protowire.BytesType), info)
}

// While the feed is open its market status takes precedence over the calendar,
// and for a while after, so that a short disconnect changes nothing.
func TestTheFeedKnowsTheMarket(t *testing.T) {
	t.Parallel()
	c := newTrackerTest(monday, watch.Opened{}, nifty)
	c.after(0, watch.Event{Kind: watch.Frame, Data: marketInfo("NSE_INDEX", 3)}) // a holiday that no list has
	c.frame(0, 0, c.now, frameEntry{nifty, 100, monday})
	c.after(20*time.Minute, watch.Event{Kind: watch.Closed, End: &watch.End{Words: "gone"}})
	c.after(20*time.Minute, watch.Event{Kind: watch.Pause, Wait: time.Hour})
	if s := c.Summary(); s.Open != 0 || len(s.Gaps) != 0 || s.Episodes[0].Open || c.State(c.now).Market != market.Closed || c.count(watch.MarketNotice) != 0 {
		t.Errorf("%+v\n%s", s, c.noticesText())
	}
	c.after(60*time.Minute, watch.Event{Kind: watch.Attempt})
	if s := c.Summary(); (s.Open - 50*time.Minute).Abs() > 2*time.Minute {
		t.Errorf("without a feed for long, the calendar counts: open for %s", s.Open)
	}
	if c.count(watch.Waiting) != 1 {
		t.Errorf("\n%s", c.noticesText())
	}
}

// TestTheClockIsSet: a machine without a battery starts in 1970, and a record may
// be damaged. The years between were no hours of the market, and are not gone
// through minute by minute.
func TestTheClockIsSet(t *testing.T) {
	t.Parallel()
	for name, set := range map[string][2]time.Time{
		"from 1970":     {time.Unix(0, 0), monday},
		"no time":       {{}, monday},
		"far ahead":     {monday, time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)},
		"and back":      {monday, monday.AddDate(-50, 0, 0)},
		"a year and so": {monday, monday.AddDate(1, 1, 0)},
	} {
		c := newTrackerTest(set[0], watch.Opened{}, nifty)
		c.now = set[1]
		c.frame(0, 0, c.now, frameEntry{nifty, 100, c.now})
		c.after(time.Minute, watch.Event{Kind: watch.Stop, EndedBy: watch.EndSignal})
		if s := c.Summary(); s.Up > time.Minute || s.Open > time.Minute {
			t.Errorf("%s: up %s, open %s", name, s.Up, s.Open)
		}
	}
}
