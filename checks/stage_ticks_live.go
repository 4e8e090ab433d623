package checks

import (
	"context"
	"fmt"
	"strings"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/market"
)

// maxTradeAge is how old the last trade of the control key may be while its
// market is open. The index is computed every second.
const maxTradeAge = 2 * time.Minute

// statusWait is how long the API has to tell what the exchange does, where the
// feed does not. The calendar tells it too.
const statusWait = 2 * time.Second

// live waits for prices that move, if the market is open at all.
func (w World) live() doctor.Check {
	return doctor.Check{
		ID: IDTicksLive, Target: FeedHost, Title: "Live prices arrive while the market is open",
		Needs: facts(snapshot, stream, accessToken, client), Uses: facts(clock, holidays, hops(FeedHost).addrs), Provides: facts(marketNow, marketSeen),
		Run: func(ctx context.Context, f *doctor.Facts) doctor.Result {
			l := snapshot.Get(f)
			c, _ := clock.Peek(f)
			days, _ := holidays.Peek(f)
			now := w.Now().Add(c.Offset)
			t := w.market(ctx, l.reader.Status, days, now, client.Get(f), accessToken.Get(f))
			m := w.judgeMarket(t)
			marketSeen.Put(f, t)
			marketNow.Put(f, m)
			w.recorder().add(recMarket, t)
			if m.State != market.Open {
				return w.closed(l, m, now)
			}
			// The snapshot's ping may be answered already, or late; only the answer
			// to a new one proves that the stream is alive now.
			l.reader.Pong, l.mark = false, "live"
			l.sendErr = w.recorder().sent(feed.Ping, l.mark, stream.Get(f).Ping(l.mark))
			return w.withPrograms(l.untilLive(ctx), f)
		},
	}
}

// closed is the healthy end outside the market's hours.
func (s Settings) closed(l *listener, m MarketState, now time.Time) doctor.Result {
	var ev doctor.Evidence
	ev.Add("market", string(m.State))
	ev.Add("source", m.Source)
	message := fmt.Sprintf("%s; %s stands at %s", stateWords[m.State], label(s.Instrument), humanize.Price(s.Instrument, l.tick().LTP))
	if !m.NextOpen.IsZero() {
		ev.Add("next_open", m.NextOpen.In(market.IST).Format(time.RFC3339))
		message += fmt.Sprintf("; opens %s, in %s", humanize.Moment(m.NextOpen), humanize.Duration(m.NextOpen.Sub(now)))
	}
	res := pass(ev, "%s", message)
	res.Code, res.Target = catalog.MarketClosed.Code, s.Instrument
	return res
}

var stateWords = map[market.State]string{
	market.Closed: "the market is closed", market.PreOpen: "the market is in its pre-open session",
	market.Unknown: "the state of the market is not known",
}

// untilLive listens until the wanted key ticks; the control key is enough
// when the wanted one is only quiet.
func (l *listener) untilLive(ctx context.Context) doctor.Result {
	l.liveWait = remainingWait(ctx, l.liveWait)
	wait := time.NewTimer(l.liveWait)
	defer wait.Stop()
	for {
		if t := l.tick(); t.Count > 0 {
			return l.ticking(t)
		}
		select {
		case <-ctx.Done():
			return l.notLive()
		case <-wait.C:
			return l.notLive()
		case e, open := <-l.events:
			if res := l.record(e, open); res != nil {
				return *res
			}
		}
	}
}

func (l *listener) ticking(t *feed.Tick) doctor.Result {
	var ev doctor.Evidence
	ev.Add("instrument", t.Key)
	ev.Add("price", t.LTP)
	ev.Add("previous_close", t.CP)
	if t.Traded == 0 {
		return pass(ev, "%s %s%s, not traded yet", label(t.Key), humanize.Price(t.Key, t.LTP), change(t))
	}
	lag := time.Duration(t.Sent-t.Traded) * time.Millisecond
	ev.Add("age_ms", lag.Milliseconds())
	if t.Key == ControlKey && lag > maxTradeAge {
		return warn(catalog.TicksStale, FeedHost, fmt.Sprintf("live frames come, but the last trade is %s old", humanize.Duration(lag)), ev)
	}
	return pass(ev, "%s %s%s, %s old", label(t.Key), humanize.Price(t.Key, t.LTP), change(t), humanize.Duration(max(0, lag)))
}

func (l *listener) notLive() doctor.Result {
	if t := l.reader.Tick(ControlKey); t.Count > 0 {
		res := l.ticking(t)
		if res.Status == doctor.Pass {
			res.Message += fmt.Sprintf("; %s had no trade within %s", l.key, humanize.Duration(l.liveWait))
		}
		return res
	}
	var ev doctor.Evidence
	ev.Add("waited_ms", l.liveWait.Milliseconds())
	ev.Add("frames", l.reader.Frames)
	ev.Add("pong", l.reader.Pong)
	if l.sendErr != nil {
		return fail(catalog.StreamDropped, FeedHost, l.sendErr.Error(), ev)
	}
	if !l.reader.Pong {
		return fail(catalog.StreamStalled, FeedHost, "the snapshot came, then neither data nor an answer to a ping", ev)
	}
	return fail(catalog.NoLiveTicks, FeedHost, fmt.Sprintf(
		"the market is open and the stream answers pings, but no live price came within %s", humanize.Duration(l.liveWait)), ev)
}

// label is the name that people know for a key.
func label(key string) string {
	if key == ControlKey {
		return "NIFTY 50"
	}
	_, name, ok := strings.Cut(key, "|")
	if !ok {
		return key
	}
	return name
}

func change(t *feed.Tick) string {
	if by := humanize.Change(t.LTP, t.CP); by != "" {
		return " (" + by + ")"
	}
	return ""
}
