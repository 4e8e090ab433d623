package checks

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/token"
)

const share = "NSE_EQ|INE002A01018"

// A step is something that comes from the feed after a while. An event
// without a kind closes the channel.
type step struct {
	after time.Duration
	feed.Event
}

// listenTo returns a listener that receives the steps. It is called in a
// bubble.
func listenTo(w World, steps ...step) *listener {
	events := make(chan feed.Event, len(steps))
	for _, s := range steps {
		time.AfterFunc(s.after, func() {
			if s.Kind == "" {
				close(events)
				return
			}
			events <- s.Event
		})
	}
	return w.WithDefaults().listen(events, func(feed.Event, bool) {})
}

var (
	pong   = feed.Event{Kind: feed.Pong}
	opened = info("NSE_INDEX", 2)
	nifty  = quoted{ControlKey, 24512.35, 24401.1, monday}
	stock  = quoted{share, 1282.4, 1279.95, monday.Add(-time.Minute)}
)

func end(e feed.End) feed.Event { return feed.Event{Kind: feed.Ended, End: &e} }

func TestUntilSnapshot(t *testing.T) {
	t.Parallel()
	const (
		onFeed = " wsfeeder-api.upstox.com | "
		d30    = "full_d30"
	)
	yes, no := true, false
	for _, tc := range []struct {
		name    string
		w       World
		active  ActiveToken
		sendErr error
		steps   []step
		want    string
		took    time.Duration
	}{
		{name: "the index arrives and nothing more is waited for",
			steps: []step{{0, opened}, {300 * time.Millisecond, prices(feed.InitialFeed, monday, nifty)}},
			want:  "pass | NIFTY 50 24,512.35, traded Mon 23 Nov 10:15 IST | NSE_INDEX|Nifty 50=24512.35, frames=2", took: 300 * time.Millisecond},
		{name: "a share arrives after the index", w: World{Settings: Settings{Instrument: share}},
			steps: []step{{0, opened}, {time.Second, prices(0, monday, nifty)}, {2 * time.Second, prices(0, monday, stock)}},
			want:  "pass | INE002A01018 1,282.40, traded Mon 23 Nov 10:14 IST | NSE_EQ|INE002A01018=1282.4, NSE_INDEX|Nifty 50=24512.35, frames=3", took: 2 * time.Second},
		{name: "a share arrives before the index", w: World{Settings: Settings{Instrument: share}},
			steps: []step{{0, prices(0, monday, stock)}, {time.Second, prices(0, monday, nifty)}},
			want:  "pass | INE002A01018 1,282.40, traded Mon 23 Nov 10:14 IST | NSE_EQ|INE002A01018=1282.4, NSE_INDEX|Nifty 50=24512.35, frames=2", took: time.Second},
		{name: "a live frame brings prices too",
			steps: []step{{0, prices(feed.LiveFeed, monday, nifty)}},
			want:  "pass | NIFTY 50 24,512.35, traded Mon 23 Nov 10:15 IST | NSE_INDEX|Nifty 50=24512.35, frames=1"},
		{name: "an instrument that never traded has no time of a trade", w: World{Settings: Settings{Instrument: share}},
			steps: []step{{0, prices(0, monday, nifty, quoted{share, 0, 12.5, time.UnixMilli(0)})}},
			want:  "pass | INE002A01018 0.00, not traded yet | NSE_EQ|INE002A01018=0, NSE_INDEX|Nifty 50=24512.35, frames=1"},

		{name: "nothing at all", want: "fail stream-silent" + onFeed + "the stream is open, but not one frame came | frames=0, pong=false, mode=ltpc, waited_ms=4000", took: 4 * time.Second},
		{name: "only a pong", steps: []step{{time.Second, pong}},
			want: "fail stream-silent" + onFeed + "the stream is open and answers pings, but not one frame came | frames=0, pong=true, mode=ltpc, waited_ms=4000", took: 4 * time.Second},
		{name: "a shorter window", w: World{Settings: Settings{FrameWait: 1500 * time.Millisecond}},
			want: "fail stream-silent" + onFeed + "the stream is open, but not one frame came | frames=0, pong=false, mode=ltpc, waited_ms=1500", took: 1500 * time.Millisecond},
		{name: "market_info and then nothing", steps: []step{{0, opened}},
			want: "fail stream-stalled wsfeeder-api.upstox.com likely | market_info came, then neither data nor an answer to a ping | frames=1, pong=false, mode=ltpc, waited_ms=4000", took: 4 * time.Second},
		{name: "market_info and a pong", steps: []step{{0, opened}, {time.Millisecond, pong}},
			want: "fail no-snapshot" + onFeed + "market_info came, but no prices: the subscription was ignored | frames=1, pong=true, mode=ltpc, waited_ms=4000", took: 4 * time.Second},
		{name: "frames without feeds do not count as prices", steps: []step{{0, opened}, {0, prices(0, monday)}, {time.Second, prices(1, monday)}, {0, pong}},
			want: "fail no-snapshot" + onFeed + "market_info came, but no prices: the subscription was ignored | frames=3, pong=true, mode=ltpc, waited_ms=4000", took: 4 * time.Second},
		{name: "the index has a price, the share has none", w: World{Settings: Settings{Instrument: share}}, steps: []step{{0, prices(0, monday, nifty)}, {0, pong}},
			want: "fail instrument-unknown " + share + " | NSE_INDEX|Nifty 50 has a price, NSE_EQ|INE002A01018 has none | frames=1, pong=true, mode=ltpc, waited_ms=1000", took: time.Second},
		{name: "an index after half a second leaves the share twice as long and a second", w: World{Settings: Settings{Instrument: share}}, steps: []step{{0, pong}, {500 * time.Millisecond, prices(0, monday, nifty)}, {2 * time.Second, prices(0, monday, nifty)}},
			want: "fail instrument-unknown " + share + " | NSE_INDEX|Nifty 50 has a price, NSE_EQ|INE002A01018 has none | frames=2, pong=true, mode=ltpc, waited_ms=2500", took: 2500 * time.Millisecond},
		{name: "an index that comes late leaves the share the rest of the window", w: World{Settings: Settings{Instrument: share}}, steps: []step{{0, pong}, {3 * time.Second, prices(0, monday, nifty)}},
			want: "fail instrument-unknown " + share + " | NSE_INDEX|Nifty 50 has a price, NSE_EQ|INE002A01018 has none | frames=1, pong=true, mode=ltpc, waited_ms=4000", took: 4 * time.Second},
		{name: "the share has a price, the index has none", w: World{Settings: Settings{Instrument: share}}, steps: []step{{0, prices(0, monday, stock)}, {0, pong}},
			want: "pass | INE002A01018 1,282.40, traded Mon 23 Nov 10:14 IST | NSE_EQ|INE002A01018=1282.4, frames=1", took: 4 * time.Second},

		{name: "thirty levels without Plus", w: World{Settings: Settings{Instrument: share, Mode: d30}}, active: ActiveToken{Token: token.Token{Plus: &no}}, steps: []step{{0, prices(0, monday, nifty)}},
			want: "fail plan-limit " + share + " | mode full_d30 brings nothing, and the token is not of a Plus plan | frames=1, pong=false, mode=full_d30, waited_ms=1000", took: time.Second},
		{name: "thirty levels of the index itself without Plus", w: World{Settings: Settings{Mode: d30}}, active: ActiveToken{Token: token.Token{Plus: &no}}, steps: []step{{0, opened}, {0, pong}},
			want: "fail plan-limit NSE_INDEX|Nifty 50 | mode full_d30 brings nothing, and the token is not of a Plus plan | frames=1, pong=true, mode=full_d30, waited_ms=4000", took: 4 * time.Second},
		{name: "a dead link is no matter of the plan", w: World{Settings: Settings{Mode: d30}}, active: ActiveToken{Token: token.Token{Plus: &no}}, steps: []step{{0, opened}},
			want: "fail stream-stalled wsfeeder-api.upstox.com likely | market_info came, then neither data nor an answer to a ping | frames=1, pong=false, mode=full_d30, waited_ms=4000", took: 4 * time.Second},
		{name: "thirty levels with Plus of a key that does not exist", w: World{Settings: Settings{Instrument: share, Mode: d30}}, active: ActiveToken{Token: token.Token{Plus: &yes}}, steps: []step{{0, prices(0, monday, nifty)}},
			want: "fail instrument-unknown " + share + " | NSE_INDEX|Nifty 50 has a price, NSE_EQ|INE002A01018 has none | frames=1, pong=false, mode=full_d30, waited_ms=1000", took: time.Second},
		{name: "a token that does not tell its plan is not accused", w: World{Settings: Settings{Instrument: share, Mode: d30}}, steps: []step{{0, prices(0, monday, nifty)}},
			want: "fail instrument-unknown " + share + " | NSE_INDEX|Nifty 50 has a price, NSE_EQ|INE002A01018 has none | frames=1, pong=false, mode=full_d30, waited_ms=1000", took: time.Second},
		{name: "mode full needs no Plus", w: World{Settings: Settings{Instrument: share, Mode: "full"}}, active: ActiveToken{Token: token.Token{Plus: &no}}, steps: []step{{0, prices(0, monday, nifty)}},
			want: "fail instrument-unknown " + share + " | NSE_INDEX|Nifty 50 has a price, NSE_EQ|INE002A01018 has none | frames=1, pong=false, mode=full, waited_ms=1000", took: time.Second},

		{name: "the subscription could not be sent, and how the stream ended says why", sendErr: errors.New("send sub request: broken pipe"), steps: []step{{time.Second, end(feed.End{Clean: true, Code: 1008, Reason: "session replaced"})}},
			want: "fail stream-closed" + onFeed + "the feed closed the stream: 1008 session replaced | close_code=1008, close_reason=session replaced", took: time.Second},
		{name: "the subscription could not be sent, and nothing says why", sendErr: errors.New("send sub request: broken pipe"),
			want: "fail stream-dropped wsfeeder-api.upstox.com likely | send sub request: broken pipe | frames=0, pong=false, mode=ltpc, waited_ms=4000", took: 4 * time.Second},
		{name: "closed without a reason", steps: []step{{0, opened}, {time.Second, end(feed.End{Clean: true, Code: 1001})}},
			want: "fail stream-closed" + onFeed + "the feed closed the stream: 1001 | close_code=1001, close_reason=", took: time.Second},
		{name: "dropped", steps: []step{{0, end(feed.End{Err: errors.New("read the feed: connection reset by peer")})}},
			want: "fail stream-dropped wsfeeder-api.upstox.com likely | read the feed: connection reset by peer"},
		{name: "a frame too big", steps: []step{{0, end(feed.End{Malformed: catalog.KindTooBig, Err: errors.New("read the feed: frame larger than 16 MiB")})}},
			want: "fail frame-too-big" + onFeed + "read the feed: frame larger than 16 MiB"},
		{name: "the events end without saying so", steps: []step{{time.Second, feed.Event{}}},
			want: "fail stream-dropped wsfeeder-api.upstox.com likely | the stream has ended", took: time.Second},
		{name: "a text frame", steps: []step{{0, feed.Event{Kind: feed.Text, Data: []byte(`{"type":"live_feed"}`)}}},
			want: `fail frame-not-binary` + onFeed + `a text frame came where protobuf belongs | text={"type":"live_feed"}`},
		{name: "a frame cut off", steps: []step{{0, feed.Event{Kind: feed.Frame, Data: []byte{0x0a, 0x7f, 0x01}}}},
			want: "fail frame-undecodable" + onFeed + "frame byte 0: FeedResponse.type: wire type 2, want 0 | frame_bytes=3"},
		{name: "a ping of the server is no sign of prices", steps: []step{{0, feed.Event{Kind: feed.Ping}}},
			want: "fail stream-silent" + onFeed + "the stream is open, but not one frame came | frames=0, pong=false, mode=ltpc, waited_ms=4000", took: 4 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				l := listenTo(tc.w, tc.steps...)
				l.sendErr = tc.sendErr
				res := l.untilSnapshot(t.Context(), tc.active)
				wantLine(t, res, tc.want)
				if took := time.Since(begun); took != tc.took {
					t.Errorf("took %s, want %s", took, tc.took)
				}
			})
		})
	}
}

// TestSnapshotKeepsWhatItLearned: the second ticks check reads on where the
// first one stopped.
func TestSnapshotKeepsWhatItLearned(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := listenTo(World{}, step{0, opened}, step{0, pong}, step{time.Second, prices(feed.InitialFeed, monday.Add(time.Second), nifty)})
		if res := l.untilSnapshot(t.Context(), ActiveToken{}); res.Status != doctor.Pass {
			t.Fatal(line(res))
		}
		if r := l.reader; r.Status["NSE_INDEX"].String() != "NORMAL_OPEN" || !r.Pong || r.Frames != 2 {
			t.Errorf("segments %v, pong %t, frames %d", r.Status, r.Pong, r.Frames)
		}
		want := feed.Tick{Key: ControlKey, LTP: 24512.35, CP: 24401.1, Traded: monday.UnixMilli(), Sent: monday.Add(time.Second).UnixMilli(), Seen: true}
		if diff := cmp.Diff(want, *l.tick(), cmpopts.IgnoreUnexported(feed.Tick{})); diff != "" {
			t.Errorf("tick (-want +got):\n%s", diff)
		}
	})
}

// TestWaitsNoLongerThanTheCheckMay: the window is over with the check's own
// time, and the evidence does not claim more.
func TestWaitsNoLongerThanTheCheckMay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := contextWithin(t, 2*time.Second)
		defer cancel()
		begun := time.Now()
		res := listenTo(World{}).untilSnapshot(ctx, ActiveToken{})
		if took := time.Since(begun); took != 2*time.Second || res.Evidence.Find("waited_ms") != int64(2000) {
			t.Errorf("after %s: %s", took, line(res))
		}
		begun = time.Now()
		ctx, cancel = contextWithin(t, 3*time.Second)
		defer cancel()
		res = listenTo(World{}).untilLive(ctx)
		if took := time.Since(begun); took != 3*time.Second || res.Evidence.Find("waited_ms") != int64(3000) {
			t.Errorf("after %s: %s", took, line(res))
		}
	})
}
