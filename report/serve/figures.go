package serve

import (
	"maps"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
)

// Metrics of the process, beside those of the last report. A number that is not
// known is left out: those of the stream until one was started.
var (
	runsDesc        = prometheus.NewDesc("upstox_doctor_runs_total", "How many runs this process has made.", nil, nil)
	nextDesc        = prometheus.NewDesc("upstox_doctor_next_run_timestamp_seconds", "When the next run begins, in seconds since 1970; none while one goes on.", nil, nil)
	connectedDesc   = prometheus.NewDesc("upstox_doctor_stream_connected", "1 while the stream of the page is connected, 0 while it tries to; none while it is not wanted.", nil, nil)
	ticksDesc       = prometheus.NewDesc("upstox_doctor_stream_ticks_total", "How many ticks the streams of the page have had.", nil, nil)
	disconnectsDesc = prometheus.NewDesc("upstox_doctor_stream_disconnects_total", "How many disconnects the streams of the page have had, by cause; counted when prices are back, or the stream ends.", []string{"code"}, nil)
	streamTickDesc  = prometheus.NewDesc("upstox_doctor_stream_last_tick_age_seconds", "How long ago the stream of the page had its last tick; none while it is not wanted.", nil, nil)
)

// streamFigures are the figures of the streams of the page.
type streamFigures struct {
	mu          sync.Mutex
	begun       bool // a stream was started
	ticks       int64
	disconnects map[string]int // by code
	connected   float64
	lastTick    time.Time
	on          bool
}

// stream takes the next state of a stream at a time of the server's clock, which is
// another; before is nil at its beginning.
func (f *streamFigures) stream(before, now *watch.State, at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.begun, f.on, f.connected = true, true, 0
	f.ticks += now.Ticks
	if before != nil {
		f.ticks -= before.Ticks
	} else {
		f.lastTick = time.Time{}
	}
	if now.Link == watch.LinkUp {
		f.connected = 1
	}
	for _, q := range now.Quotes {
		if arrived := at.Add(q.Arrived.Sub(now.Now)); !q.Arrived.IsZero() && arrived.After(f.lastTick) {
			f.lastTick = arrived
		}
	}
}

func (f *streamFigures) broke(code string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.disconnects == nil {
		f.disconnects = map[string]int{}
	}
	f.disconnects[code]++
}

func (f *streamFigures) ended() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.on = false
}

// collector adds to the figures of the report those of the process that makes
// them.
type collector struct{ s *Server }

func (c collector) Describe(chan<- *prometheus.Desc) {}

func (c collector) Collect(to chan<- prometheus.Metric) {
	report.Collector{Last: c.s.Last}.Collect(to)
	c.s.mu.Lock()
	runs, next := c.s.runs, c.s.next
	c.s.mu.Unlock()
	to <- prometheus.MustNewConstMetric(runsDesc, prometheus.CounterValue, float64(runs))
	if !next.IsZero() {
		to <- prometheus.MustNewConstMetric(nextDesc, prometheus.GaugeValue, float64(asNow(next, c.s.now()).UnixMilli())/float64(time.Second/time.Millisecond))
	}
	c.s.figures.collect(to, c.s.now())
}

func (f *streamFigures) collect(to chan<- prometheus.Metric, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.begun {
		return
	}
	to <- prometheus.MustNewConstMetric(ticksDesc, prometheus.CounterValue, float64(f.ticks))
	for code := range maps.Keys(f.disconnects) {
		to <- prometheus.MustNewConstMetric(disconnectsDesc, prometheus.CounterValue, float64(f.disconnects[code]), code)
	}
	if !f.on {
		return
	}
	to <- prometheus.MustNewConstMetric(connectedDesc, prometheus.GaugeValue, f.connected)
	if !f.lastTick.IsZero() {
		to <- prometheus.MustNewConstMetric(streamTickDesc, prometheus.GaugeValue, max(0, now.Sub(f.lastTick).Seconds()))
	}
}
