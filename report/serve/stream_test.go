package serve

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/files"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
)

const nifty = "NSE_INDEX|Nifty 50"

// session begins a session and returns the headers of its requests.
func session(t *testing.T, s *Server, base string) []string {
	t.Helper()
	key, err := s.Ledger.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	_, said, c := post(t, base+"/session", `{"key":"`+key+`"}`)
	if c == nil {
		t.Fatal(said)
	}
	return []string{"Cookie", c.Name + "=" + c.Value, proofHeader, strings.Split(said, `"`)[3]}
}

// until reads events until a section holds the words.
func (r *reader) until(section, words string) {
	r.t.Helper()
	for {
		if text := r.next().Sections[section]; strings.Contains(text, words) {
			return
		}
	}
}

func ticking(now time.Time, price float64) *watch.State {
	return &watch.State{
		Now: now, Begun: now.Add(-time.Minute), Link: watch.LinkUp, LinkSince: now.Add(-time.Minute), Market: market.Open, Ticks: 7,
		Quotes: []feed.Tick{{Key: nifty, LTP: price, CP: 24000, Arrived: now, Seen: true, Count: 7}},
	}
}

// TestStreamHasTheOnlySocket: a stream waits for the run, checks the token, and
// the runs leave the feed alone while it is on.
func TestStreamHasTheOnlySocket(t *testing.T) {
	t.Parallel()
	var sockets atomic.Int32
	asked := make(chan RunRequest, 10)
	use := func() func() {
		if sockets.Add(1) > 1 {
			t.Error("two use the feed at once")
		}
		return func() { sockets.Add(-1) }
	}
	s := once(document())
	s.Ledger = ledger(t)
	s.Run = func(_ context.Context, ask RunRequest) report.Document {
		if !ask.Streaming {
			defer use()()
		}
		asked <- ask
		return document()
	}
	tokenChecked := make(chan struct{}, 1)
	s.Feed = &Feed{
		Keys:  []string{nifty},
		Token: func(context.Context) report.Document { tokenChecked <- struct{}{}; return document() },
		Watch: func(ctx context.Context, keys []string, to watch.Sink) string {
			defer use()()
			for price := 24000.0; ctx.Err() == nil; price++ {
				to.Refresh(ticking(time.Now(), price))
				select {
				case <-ctx.Done():
				case <-time.After(50 * time.Millisecond):
				}
			}
			return "Ended."
		},
	}
	base := serving(t, s)
	<-asked
	own := session(t, s, base)
	events := stream(t, base, "")
	if status, _, _ := post(t, base+"/stream/reconnect", `{}`, own...); status != 409 {
		t.Errorf("reconnect what is off: %d", status)
	}
	if status, said, _ := post(t, base+"/stream/start", `{"keys":""}`, own...); status != 202 {
		t.Fatalf("%d %s", status, said)
	}
	<-tokenChecked
	events.until("price", "24,00")
	if status, _, _ := post(t, base+"/stream/start", `{}`, own...); status != 409 {
		t.Errorf("a second stream: %d", status)
	}
	s.askRun()
	ask := <-asked
	if !ask.Streaming || len(ask.Streamed) != 3 || ask.Streamed[2].Status != doctor.Pass || !strings.HasPrefix(ask.Streamed[2].Message, "NIFTY 50 24,0") {
		t.Errorf("the run has %+v", ask.Streamed)
	}
	if status, _, _ := post(t, base+"/stream/reconnect", `{}`, own...); status != 202 {
		t.Errorf("reconnect: %d", status)
	}
	<-tokenChecked
	events.until("price", "24,00")
	if status, _, _ := post(t, base+"/stream/stop", `{}`, own...); status != 202 {
		t.Errorf("stop: %d", status)
	}
	events.until("stream", "Stopped.")
	s.askRun()
	for ask := range asked {
		if !ask.Streaming {
			break
		}
		s.askRun()
	}
}

func TestABadTokenIsNotConnected(t *testing.T) {
	t.Parallel()
	s := once(document("token-expired"))
	s.Ledger = ledger(t)
	s.Feed = &Feed{
		Keys:  []string{nifty},
		Token: func(context.Context) report.Document { return document("token-expired") },
		Watch: func(context.Context, []string, watch.Sink) string { t.Error("it connects"); return "" },
	}
	base := serving(t, s)
	own := session(t, s, base)
	events := stream(t, base, "")
	if status, said, _ := post(t, base+"/stream/start", `{}`, own...); status != 202 {
		t.Fatalf("%d %s", status, said)
	}
	events.until("stream", "Not started: The access token has expired.")
}

// TestNiftyIsAlwaysThere: its price is on the page, whatever else is streamed.
func TestNiftyIsAlwaysThere(t *testing.T) {
	t.Parallel()
	const share = "NSE_EQ|INE002A01018"
	asked := make(chan []string, 1)
	s := once(document())
	s.Ledger = ledger(t)
	s.Feed = &Feed{
		Token: func(context.Context) report.Document { return document() },
		Watch: func(ctx context.Context, keys []string, to watch.Sink) string {
			state := ticking(time.Now(), 24000)
			state.Quotes = append([]feed.Tick{{Key: share, LTP: 1282.5, CP: 1280, Arrived: time.Now(), Seen: true}}, state.Quotes...)
			to.Refresh(state)
			asked <- keys
			<-ctx.Done()
			return "Ended."
		},
	}
	base := serving(t, s)
	own := session(t, s, base)
	events := stream(t, base, "")
	if status, said, _ := post(t, base+"/stream/start", `{"keys":"`+share+`"}`, own...); status != 202 {
		t.Fatalf("%d %s", status, said)
	}
	if keys := <-asked; len(keys) != 2 || keys[0] != share || keys[1] != nifty {
		t.Errorf("it streams %v", keys)
	}
	events.until("price", "24,000.00")
}

// TestWhatIsNewOfADisconnectIsShown, although the same is not worked out again.
func TestWhatIsNewOfADisconnectIsShown(t *testing.T) {
	t.Parallel()
	s := once(document())
	s.Feed = &Feed{}
	s.Now = time.Now
	s.init()
	k := newSink(s, []string{nifty})
	state := broken(time.Now(), time.Second)
	k.Refresh(state)
	state.Episodes[0].Finding.Code = "offline"
	state.Episodes[0].Ended = time.Now()
	k.drawn = time.Time{}
	k.Refresh(state)
	if got := s.state.Stream.Episodes[0]; got.Code != "offline" || got.Ended.IsZero() || s.state.Stream.Cure.Code != "offline" {
		t.Errorf("%+v, %+v", got, s.state.Stream.Cure)
	}
}

// TestResultsOfABrokenStream: the finding of the stream is that of the check.
func TestResultsOfABrokenStream(t *testing.T) {
	t.Parallel()
	s := once(document())
	s.Feed = &Feed{}
	s.Now = time.Now
	s.init()
	k := newSink(s, []string{nifty})
	if got := k.results(); got != nil {
		t.Errorf("before the first state: %v", got)
	}
	for code, id := range map[string]string{"handshake-forbidden": "handshake", "stream-dropped": "ticks.live", "token-expired": ""} {
		state := ticking(time.Now(), 24000)
		state.Link = watch.LinkWaiting
		state.Episodes = []watch.Episode{{N: 1, Finding: doctor.Result{Status: doctor.Fail, Code: code}}}
		k.Refresh(state)
		got := k.results()
		if id == "" && got != nil || id != "" && (len(got) != 1 || got[0].ID != id || got[0].Code != code) {
			t.Errorf("%s: %+v", code, got)
		}
	}
}

// BenchmarkRefresh is a redraw with fifty instruments and a chart, at the beginning
// of a day and after a day of disconnects.
func BenchmarkRefresh(b *testing.B) {
	for _, disconnects := range []int{0, 1000} {
		b.Run(fmt.Sprintf("disconnects=%d", disconnects), func(b *testing.B) { benchmarkRefresh(b, disconnects) })
	}
}

func benchmarkRefresh(b *testing.B, disconnects int) {
	s := once(document())
	s.Feed = &Feed{}
	s.Now = time.Now
	s.init()
	k := newSink(s, []string{nifty})
	state := ticking(time.Now(), 24000)
	for i := range MaxKeys - 1 {
		state.Quotes = append(state.Quotes, feed.Tick{Key: fmt.Sprintf("NSE_EQ|INE%03d", i), LTP: 100, CP: 99, Arrived: time.Now(), Seen: true})
	}
	for i := range disconnects {
		began := time.Now().Add(time.Duration(i) * 10 * time.Second)
		state.Episodes = append(state.Episodes, watch.Episode{
			N: i + 1, Began: began, Ended: began.Add(2 * time.Second),
			Finding: doctor.Result{Status: doctor.Fail, Code: "stream-dropped", Message: "EOF"},
		})
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		state.Quotes[0].LTP = 24000 + float64(i%100)
		state.Now = time.Now()
		k.drawn, k.charted = time.Time{}, time.Time{}
		k.Refresh(state)
	}
}

// A stream that broke and is not back can be connected at once.
func TestReconnectIsOfferedWhenLost(t *testing.T) {
	t.Parallel()
	for offered, stream := range map[bool]*Stream{
		true: {Phase: phaseOn, Breaks: 1}, false: {Phase: phaseOn, Breaks: 1, Up: true},
	} {
		var drawn strings.Builder
		if err := pageTemplates().ExecuteTemplate(&drawn, "price", State{Streams: true, Stream: stream}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(drawn.String(), "/stream/reconnect") != offered {
			t.Errorf("up is %t: %s", stream.Up, drawn.String())
		}
	}
}

// TestStepsStandOnce: a stream that is refused for what the last run has found too
// leads to the steps there, and has its own while no run has found it.
func TestStepsStandOnce(t *testing.T) {
	t.Parallel()
	cause := document("token-expired").RootCauses[0]
	st := State{Stream: &Stream{Phase: phaseRefused, Code: cause.Code, Fix: []report.Step{{Do: "Log in again."}}}}
	if got := draw("stream", st); !strings.Contains(got, "Log in again.") {
		t.Errorf("no steps in %s", got)
	}
	st.Panel = new(report.NewPanel(document("token-expired")))
	if got := draw("stream", st); strings.Contains(got, "Log in again.") || !strings.Contains(got, "What to do about it stands below.") {
		t.Errorf("steps twice: %s", got)
	}
}

// TestStartFollowsStop: who sees that the stream is over can start it, although the
// history of it is not written yet.
func TestStartFollowsStop(t *testing.T) {
	t.Parallel()
	s := once(document())
	s.Ledger = ledger(t)
	dir := t.TempDir()
	history, err := OpenHistory(filepath.Join(dir, "history"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	s.History = history
	started := make(chan bool, 2)
	s.Feed = &Feed{
		Keys:  []string{nifty},
		Token: func(context.Context) report.Document { return document() },
		Watch: func(ctx context.Context, _ []string, to watch.Sink) string {
			to.Refresh(ticking(time.Now(), 24000))
			started <- true
			<-ctx.Done()
			return ""
		},
	}
	base := serving(t, s)
	own := session(t, s, base)
	if status, said, _ := post(t, base+"/stream/start", `{}`, own...); status != 202 {
		t.Fatalf("%d %s", status, said)
	}
	<-started
	defer files.LockBeside(filepath.Join(dir, "history"))() // the writing waits
	post(t, base+"/stream/stop", `{}`, own...)
	for over := false; !over; {
		_, said := get(t, base+"/state.json")
		over = strings.Contains(said, `"phase": "ended"`)
	}
	if status, said, _ := post(t, base+"/stream/start", `{}`, own...); status != 202 {
		t.Fatalf("%d %s", status, said)
	}
	<-started
}
