package serve

import (
	"math"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
)

// TestPlotIsBounded plots a long session.
func TestPlotIsBounded(t *testing.T) {
	t.Parallel()
	begun := time.Date(2026, 11, 23, 9, 15, 0, 0, market.IST)
	p := newPlot(begun, nifty)
	end := begun.Add(6*time.Hour + 15*time.Minute)
	for at := begun; at.Before(end); at = at.Add(time.Second) {
		p.add(at, 24000+100*math.Sin(at.Sub(begun).Hours()))
	}
	p.add(end.Add(-time.Hour), 1) // late
	p.add(end, math.NaN())
	p.add(end, 0)
	if len(p.prices) > maxColumns || len(p.prices) < maxColumns/3 {
		t.Errorf("%d columns", len(p.prices))
	}
	c := p.drawn(&watch.State{Now: end})
	if len(c.Lines) != 1 || !strings.HasPrefix(c.High, "24,099.99") || !strings.HasPrefix(c.Low, "23,900.0") || c.From != "09:15:00" {
		t.Errorf("%d lines, %s to %s from %s", len(c.Lines), c.Low, c.High, c.From)
	}
}

// TestPlotShowsGaps: a disconnect breaks the line, and silence does not.
func TestPlotShowsGaps(t *testing.T) {
	t.Parallel()
	begun := time.Date(2026, 11, 23, 10, 0, 0, 0, market.IST)
	at := func(s int) time.Time { return begun.Add(time.Duration(s) * time.Second) }
	p := newPlot(begun, nifty)
	for _, second := range []int{1, 2, 9, 10, 30, 31} {
		p.add(at(second), 24000+float64(second))
	}
	episode := watch.Episode{N: 1, Began: at(12), Ended: at(28), Finding: doctor.Result{Status: doctor.Fail, Code: "stream-dropped", Message: "EOF"}}
	c := p.drawn(&watch.State{Now: at(40), Episodes: []watch.Episode{episode}})
	if len(c.Lines) != 2 || len(strings.Fields(c.Lines[0])) != 4 || len(strings.Fields(c.Lines[1])) != 2 {
		t.Errorf("lines %q", c.Lines)
	}
	if len(c.Gaps) != 1 || c.Gaps[0].X != 12 || c.Gaps[0].Width != 16 || !strings.Contains(c.Gaps[0].Title, "10:00:12, 16 s: The") {
		t.Errorf("gaps %+v", c.Gaps)
	}
	episode.Ended = time.Time{}
	if c := p.drawn(&watch.State{Now: at(40), Episodes: []watch.Episode{episode}}); c.Gaps[0].Width != 28 {
		t.Errorf("a gap that lasts: %+v", c.Gaps)
	}
	if c := newPlot(begun, nifty).drawn(&watch.State{Now: begun}); len(c.Lines) != 0 || c.Low != "-" {
		t.Errorf("without a tick: %+v", c)
	}
}

// TestManyGapsAreDrawnAsFew: what the eye cannot tell apart is one gap, so that a day
// of disconnects does not make the page grow.
func TestManyGapsAreDrawnAsFew(t *testing.T) {
	t.Parallel()
	begun := time.Date(2026, 11, 23, 9, 15, 0, 0, market.IST)
	p := newPlot(begun, nifty)
	state := &watch.State{Now: begun.Add(6 * time.Hour)}
	for i := range 1000 {
		at := begun.Add(time.Duration(i) * 21 * time.Second)
		p.add(at, 24000)
		state.Episodes = append(state.Episodes, watch.Episode{N: i + 1, Began: at, Ended: at.Add(time.Second), Finding: doctor.Result{Code: "stream-dropped"}})
	}
	state.Episodes[999].Finding.Code = "stream-closed"
	c := p.drawn(state)
	if n := len(c.Gaps); n > maxColumns || n < maxColumns/2 {
		t.Errorf("%d gaps", n)
	}
	last := c.Gaps[len(c.Gaps)-1]
	if !strings.HasSuffix(last.Title, report.Title("stream-closed")) || !strings.HasSuffix(c.Words, "1,000 disconnects") {
		t.Errorf("the last is %+v of %q", last, c.Words)
	}
}

// TestChartSaysOfWhat names the instrument beside the chart.
func TestChartSaysOfWhat(t *testing.T) {
	t.Parallel()
	p := newPlot(time.Now(), "NSE_EQ|INE002A01018")
	p.name = "RELIANCE"
	st := State{Stream: &Stream{Chart: p.drawn(ticking(time.Now(), 1))}}
	if got := draw("chart", st); !strings.Contains(got, "<figcaption><span>RELIANCE, ") {
		t.Errorf("got %s", got)
	}
}
