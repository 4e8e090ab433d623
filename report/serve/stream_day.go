package serve

import (
	"time"

	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
)

// A streamDay adds up what the history keeps of a stream, for one day in India.
type streamDay struct {
	begun  time.Time     // the stream, or the day
	openUp time.Duration // connected while the market was open
	kept   time.Time     // when it was written last
}

const (
	keepEach = 5 * time.Minute  // what a crash may lose
	maxStep  = 10 * time.Second // between two states; longer is a suspend, in which nothing came
)

// add takes the next state, and returns what is to be kept now: the day so far from
// time to time, and the whole of it when the next has begun.
func (d *streamDay) add(before, now *watch.State) (keep []Happening) {
	if before == nil {
		*d = streamDay{begun: now.Begun, kept: now.Now}
		return nil
	}
	if day(before.Now) != day(now.Now) {
		keep = append(keep, d.happening(before))
		*d = streamDay{begun: now.Now, kept: now.Now}
		return keep
	}
	if step := now.Now.Sub(before.Now); before.Link == watch.LinkUp && before.Market == market.Open && step > 0 && step <= maxStep {
		d.openUp += step
	}
	if now.Now.Sub(d.kept) >= keepEach {
		d.kept = now.Now
		keep = append(keep, d.happening(now))
	}
	return keep
}

func (d streamDay) happening(last *watch.State) Happening {
	return Happening{At: last.Now, Begun: d.begun, Kind: happenedStream, Lasted: last.Now.Sub(d.begun), Open: d.openUp}
}
