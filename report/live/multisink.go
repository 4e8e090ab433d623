// Package live shows a watch while it goes on: on a terminal, line by line in
// a log, or as JSON lines. Its summary is a page of package report.
package live

import (
	"time"

	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/watch"
)

// MultiSink passes everything to several sinks, in order.
type MultiSink []watch.Sink

// Frame, Notice and Refresh make MultiSink a watch.Sink.
func (s MultiSink) Frame(at time.Time, m *feed.Message) {
	for _, one := range s {
		one.Frame(at, m)
	}
}

func (s MultiSink) Notice(n watch.Notice) {
	for _, one := range s {
		one.Notice(n)
	}
}

func (s MultiSink) Refresh(state *watch.State) {
	for _, one := range s {
		one.Refresh(state)
	}
}
