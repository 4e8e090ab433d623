// Package live shows a watch while it goes on: on a terminal, line by line in
// a log, or as JSON lines. Its summary is a page of package report.
package live

import (
	"time"

	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/watch"
)

// Sinks passes everything to several sinks, in order.
type Sinks []watch.Sink

// Frame, News and Beat make Sinks a watch.Sink.
func (s Sinks) Frame(at time.Time, m *feed.Message) {
	for _, one := range s {
		one.Frame(at, m)
	}
}

func (s Sinks) Notice(n watch.Notice) {
	for _, one := range s {
		one.Notice(n)
	}
}

func (s Sinks) Refresh(state *watch.State) {
	for _, one := range s {
		one.Refresh(state)
	}
}
