package checks

import (
	"context"
	"errors"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"upstox-doctor/checks/feed"
)

func contextWithin(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), d)
}

func TestUntilLive(t *testing.T) {
	t.Parallel()
	const onFeed = " wsfeeder-api.upstox.com | "
	moved := func(key string, ltp, cp float64, lag time.Duration) feed.Event {
		return prices(feed.LiveFeed, monday, quoted{key, ltp, cp, monday.Add(-lag)})
	}
	ms := time.Millisecond
	for _, tc := range []struct {
		name    string
		w       World
		sendErr error
		steps   []step
		want    string
		took    time.Duration
	}{
		{name: "the index ticks", steps: []step{{400 * ms, moved(ControlKey, 24513.05, 24401.1, 350*ms)}},
			want: "pass | NIFTY 50 24,513.05 (+0.46 %), 0.4 s old | instrument=NSE_INDEX|Nifty 50, price=24513.05, previous_close=24401.1, age_ms=350", took: 400 * ms},
		{name: "another snapshot is no tick", steps: []step{{ms, prices(feed.InitialFeed, monday, nifty)}, {ms, pong}, {3 * time.Second, moved(ControlKey, 24000, 0, time.Second)}},
			want: "pass | NIFTY 50 24,000.00, 1 s old | instrument=NSE_INDEX|Nifty 50, price=24000, previous_close=0, age_ms=1000", took: 3 * time.Second},
		{name: "the last trade just within two minutes", steps: []step{{0, moved(ControlKey, 24000, 24000, 2*time.Minute)}},
			want: "pass | NIFTY 50 24,000.00 (0.00 %), 2 min old | instrument=NSE_INDEX|Nifty 50, price=24000, previous_close=24000, age_ms=120000"},
		{name: "the last trade of the index is stale", steps: []step{{0, moved(ControlKey, 24000, 24000, 2*time.Minute+ms)}},
			want: "warn ticks-stale" + onFeed + "live frames come, but the last trade is 2 min old | instrument=NSE_INDEX|Nifty 50, price=24000, previous_close=24000, age_ms=120001"},
		{name: "a share may rest for an hour", w: World{Settings: Settings{Instrument: share}}, steps: []step{{0, moved(share, 1282.4, 1279.95, 70*time.Minute)}},
			want: "pass | INE002A01018 1,282.40 (+0.19 %), 1 h 10 min old | instrument=NSE_EQ|INE002A01018, price=1282.4, previous_close=1279.95, age_ms=4200000"},
		{name: "a share that never traded has no age", w: World{Settings: Settings{Instrument: share}}, steps: []step{{0, prices(feed.LiveFeed, monday, quoted{share, 0, 12.5, time.UnixMilli(0)})}},
			want: "pass | INE002A01018 0.00, not traded yet | instrument=NSE_EQ|INE002A01018, price=0, previous_close=12.5"},
		{name: "the server's clock is behind the exchange's", steps: []step{{0, moved(ControlKey, 24000, 24000, -500*ms)}},
			want: "pass | NIFTY 50 24,000.00 (0.00 %), 0 s old | instrument=NSE_INDEX|Nifty 50, price=24000, previous_close=24000, age_ms=-500"},
		{name: "the index moves, the share does not", w: World{Settings: Settings{Instrument: share}}, steps: []step{{time.Second, moved(ControlKey, 24000, 24000, 500*ms)}},
			want: "pass | NIFTY 50 24,000.00 (0.00 %), 0.5 s old; NSE_EQ|INE002A01018 had no trade within 8 s | instrument=NSE_INDEX|Nifty 50, price=24000, previous_close=24000, age_ms=500", took: 8 * time.Second},
		{name: "the index is stale, and the share does not move", w: World{Settings: Settings{Instrument: share}}, steps: []step{{time.Second, moved(ControlKey, 24000, 24000, 3*time.Minute)}},
			want: "warn ticks-stale" + onFeed + "live frames come, but the last trade is 3 min old | instrument=NSE_INDEX|Nifty 50, price=24000, previous_close=24000, age_ms=180000", took: 8 * time.Second},

		{name: "pongs and no prices", steps: []step{{ms, pong}},
			want: "fail no-live-ticks" + onFeed + "the market is open and the stream answers pings, but no live price came within 8 s | waited_ms=8000, frames=0, pong=true", took: 8 * time.Second},
		{name: "live frames of nothing", steps: []step{{ms, pong}, {time.Second, prices(feed.LiveFeed, monday)}},
			want: "fail no-live-ticks" + onFeed + "the market is open and the stream answers pings, but no live price came within 8 s | waited_ms=8000, frames=1, pong=true", took: 8 * time.Second},
		{name: "a shorter window", w: World{Settings: Settings{LiveWait: 12 * time.Second}}, steps: []step{{ms, pong}},
			want: "fail no-live-ticks" + onFeed + "the market is open and the stream answers pings, but no live price came within 12 s | waited_ms=12000, frames=0, pong=true", took: 12 * time.Second},
		{name: "nothing more", want: "fail stream-stalled wsfeeder-api.upstox.com likely | the snapshot came, then neither data nor an answer to a ping | waited_ms=8000, frames=0, pong=false", took: 8 * time.Second},
		{name: "the ping could not be sent", sendErr: errors.New("ping the feed: broken pipe"), steps: []step{{ms, pong}},
			want: "fail stream-dropped wsfeeder-api.upstox.com likely | ping the feed: broken pipe | waited_ms=8000, frames=0, pong=true", took: 8 * time.Second},
		{name: "the feed closes", steps: []step{{time.Second, end(feed.End{Clean: true, Code: 1001, Reason: "restart"})}},
			want: "fail stream-closed" + onFeed + "the feed closed the stream: 1001 restart | close_code=1001, close_reason=restart", took: time.Second},
		{name: "the events end", steps: []step{{time.Second, feed.Event{}}},
			want: "fail stream-dropped wsfeeder-api.upstox.com likely | the stream has ended", took: time.Second},
		{name: "a frame that cannot be read", steps: []step{{0, feed.Event{Kind: feed.Frame, Data: []byte{0xff}}}},
			want: "fail frame-undecodable" + onFeed + "frame byte 0: FeedResponse: field number: varint runs past the end | frame_bytes=1"},
		{name: "a price that is no number", steps: []step{{0, moved(ControlKey, math.NaN(), 24000, 0)}},
			want: "fail frame-undecodable" + onFeed + "frame: the price of NSE_INDEX|Nifty 50 is NaN | frame_bytes=60"},
		{name: "a close that is no number", steps: []step{{0, moved(ControlKey, 24000, math.Inf(1), 0)}},
			want: "fail frame-undecodable" + onFeed + "frame: the price of NSE_INDEX|Nifty 50 is +Inf | frame_bytes=60"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				l := listenTo(tc.w, tc.steps...)
				l.sendErr = tc.sendErr
				wantLine(t, l.untilLive(t.Context()), tc.want)
				if took := time.Since(begun); took != tc.took {
					t.Errorf("took %s, want %s", took, tc.took)
				}
			})
		})
	}
}

// TestLiveTicksThatCameEarly: a live frame that followed the snapshot at once
// is not waited for again.
func TestLiveTicksThatCameEarly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := listenTo(World{})
		*l.tick() = feed.Tick{Key: ControlKey, LTP: 24000, Traded: monday.UnixMilli(), Sent: monday.UnixMilli(), Count: 1}
		wantLine(t, l.untilLive(t.Context()), "pass | NIFTY 50 24,000.00, 0 s old | instrument=NSE_INDEX|Nifty 50, price=24000, previous_close=0, age_ms=0")
	})
}
