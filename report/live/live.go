// Package live shows a watch while it goes on: on a terminal, line by line in
// a log, or as JSON lines. What it comes to in the end is a page of package
// report.
package live

import (
	"fmt"
	"time"

	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
)

// Sinks hands everything to several sinks, in order.
type Sinks []watch.Sink

// Frame, News and Beat make Sinks a watch.Sink.
func (s Sinks) Frame(at time.Time, m *feed.Message) {
	for _, one := range s {
		one.Frame(at, m)
	}
}

func (s Sinks) News(n watch.News) {
	for _, one := range s {
		one.News(n)
	}
}

func (s Sinks) Beat(state *watch.State) {
	for _, one := range s {
		one.Beat(state)
	}
}

// clock is the time of day in India, with the day if that is not the day of
// now.
func clock(t, now time.Time) string {
	t, now = t.In(market.IST), now.In(market.IST)
	if t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return t.Format("15:04:05")
	}
	return t.Format("2 Jan 15:04")
}

// hour is clock without seconds, for what is planned.
func hour(t, now time.Time) string {
	t, now = t.In(market.IST), now.In(market.IST)
	if t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return t.Format("15:04 IST")
	}
	return t.Format("Mon 15:04 IST")
}

// several counts things: "1 attempt", "2 attempts".
func several(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}
