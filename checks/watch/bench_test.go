package watch_test

import (
	"fmt"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/watch"
)

// discardSink is a sink that discards everything.
type discardSink struct{}

func (discardSink) Frame(time.Time, *feed.Message) {}
func (discardSink) Notice(watch.Notice)            {}
func (discardSink) Refresh(*watch.State)           {}

// ltpcFrame returns a live frame with n keys, numbered from first.
func ltpcFrame(kind, keys int, at time.Time) []byte {
	var b []byte
	b = protowire.AppendVarint(protowire.AppendTag(b, 1, protowire.VarintType), uint64(kind))
	for i := range keys {
		var ltpc, one, entry []byte
		ltpc = protowire.AppendFixed64(protowire.AppendTag(ltpc, 1, protowire.Fixed64Type), 0x40d7f00000000000)
		ltpc = protowire.AppendVarint(protowire.AppendTag(ltpc, 2, protowire.VarintType), uint64(at.UnixMilli()))
		ltpc = protowire.AppendFixed64(protowire.AppendTag(ltpc, 4, protowire.Fixed64Type), 0x40d7f00000000000)
		one = protowire.AppendBytes(protowire.AppendTag(one, 1, protowire.BytesType), ltpc)
		entry = protowire.AppendString(protowire.AppendTag(entry, 1, protowire.BytesType), fmt.Sprintf("NSE_FO|%d", 30000+i))
		entry = protowire.AppendBytes(protowire.AppendTag(entry, 2, protowire.BytesType), one)
		b = protowire.AppendBytes(protowire.AppendTag(b, 2, protowire.BytesType), entry)
	}
	return protowire.AppendVarint(protowire.AppendTag(b, 3, protowire.VarintType), uint64(at.UnixMilli()))
}

func judging(keys int) *watch.Reporter {
	j := watch.NewReporter(discardSink{})
	var all []string
	for i := range keys {
		all = append(all, fmt.Sprintf("NSE_FO|%d", 30000+i))
	}
	j.Handle(watch.Event{At: monday, Kind: watch.Begin, Begun: &watch.Begun{Keys: all, Mode: "ltpc"}})
	j.Handle(watch.Event{At: monday, Kind: watch.Open, Opened: &watch.Opened{}})
	j.Handle(watch.Event{At: monday, Kind: watch.Frame, Data: ltpcFrame(0, keys, monday)})
	return j
}

func BenchmarkTrackerFrame(b *testing.B) {
	for _, keys := range []int{1, 100} {
		b.Run(fmt.Sprintf("ltpc_%d", keys), func(b *testing.B) {
			j := judging(keys)
			e := watch.Event{At: monday, Kind: watch.Frame, Data: ltpcFrame(1, keys, monday)}
			b.ReportAllocs()
			for b.Loop() {
				e.At = e.At.Add(time.Microsecond)
				j.Handle(e)
			}
		})
	}
}

func TestFramesDoNotAllocate(t *testing.T) {
	j := judging(100)
	e := watch.Event{At: monday, Kind: watch.Frame, Data: ltpcFrame(1, 100, monday)}
	if n := testing.AllocsPerRun(100, func() { j.Handle(e) }); n != 0 {
		t.Errorf("%v allocations for a frame", n)
	}
}
