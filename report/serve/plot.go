package serve

import (
	"fmt"
	"math"
	"strings"
	"time"

	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
)

// A plot keeps the price of one instrument over a whole session in bounded room:
// when its columns are full, each two become one. Drawing it with uPlot, which can
// zoom, was considered; a line of 400 columns needs no script.
type plot struct {
	key     string
	name    string // what a person calls the key
	begun   time.Time
	column  time.Duration // of time
	prices  []float64     // the last in each column; NaN without a tick
	arrived time.Time     // of the last tick
}

// Bounds of a plot.
const (
	maxColumns = 400
	minColumns = 60
	plotHeight = 120
)

func newPlot(begun time.Time, key string) *plot {
	return &plot{key: key, name: report.InstrumentName(key), begun: begun, column: time.Second}
}

// add takes the last tick, which may be the one before again.
func (p *plot) add(at time.Time, price float64) {
	if at.IsZero() || !at.After(p.arrived) || at.Before(p.begun) || price <= 0 || math.IsInf(price, 0) || math.IsNaN(price) {
		return
	}
	p.arrived = at
	i := int(at.Sub(p.begun) / p.column)
	for i >= maxColumns {
		p.halve()
		i = int(at.Sub(p.begun) / p.column)
	}
	for len(p.prices) <= i {
		p.prices = append(p.prices, math.NaN())
	}
	p.prices[i] = price
}

// halve makes one column of each two.
func (p *plot) halve() {
	p.column *= 2
	var merged []float64
	for i := 0; i < len(p.prices); i += 2 {
		last := p.prices[i]
		if i+1 < len(p.prices) && !math.IsNaN(p.prices[i+1]) {
			last = p.prices[i+1]
		}
		merged = append(merged, last)
	}
	p.prices = merged
}

// A Chart is a plot as it is drawn.
type Chart struct {
	Width, Height int
	Lines         []string // points of the line between two gaps
	Gaps          []Gap
	Low, High     string
	Name          string // of the instrument
	From, To      string
	Words         string // the same in words
}

// A Gap is a time without a connection.
type Gap struct {
	X, Width float64
	Title    string // when, and why
}

// drawn draws the plot, with a gap for each disconnect of the state.
func (p *plot) drawn(s *watch.State) *Chart {
	columns := max(minColumns, len(p.prices), int(s.Now.Sub(p.begun)/p.column)+1)
	c := &Chart{Name: p.name, Width: columns, Height: plotHeight, From: humanize.Clock(p.begun, s.Now), To: humanize.Clock(p.begun.Add(time.Duration(columns)*p.column), s.Now)}
	at := func(t time.Time) float64 {
		return min(float64(columns), max(0, float64(t.Sub(p.begun))/float64(p.column)))
	}
	for _, e := range s.Episodes {
		end := e.Ended
		if end.IsZero() {
			end = s.Now
		}
		title := humanize.Clock(e.Began, s.Now) + ", " + humanize.Duration(end.Sub(e.Began)) + ": " + report.Title(e.Finding.Code)
		x := at(e.Began)
		c.addGap(Gap{x, max(c.minGap(), at(end)-x), title})
	}
	c.lines(p.prices, p.key)
	c.Words = fmt.Sprintf("%s from %s to %s: %s to %s, %s", c.Name, c.From, c.To, c.Low, c.High, humanize.Count(len(s.Episodes), "disconnect"))
	return c
}

// addGap adds a gap, or joins it with one that begins in the same column as the eye
// sees it. So there are at most maxColumns of them, each with the last of its causes.
func (c *Chart) addGap(g Gap) {
	if n := len(c.Gaps); n > 0 && g.X-c.Gaps[n-1].X < c.minGap() {
		before := &c.Gaps[n-1]
		before.Width = max(before.Width, g.X+g.Width-before.X)
		before.Title = g.Title
		return
	}
	c.Gaps = append(c.Gaps, g)
}

// minGap is the width of the narrowest gap that can be seen.
func (c *Chart) minGap() float64 { return float64(c.Width) / maxColumns }

// lines draws the prices. A column without a tick is passed over, unless it lies
// in a gap.
func (c *Chart) lines(prices []float64, key string) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, price := range prices {
		if !math.IsNaN(price) {
			low, high = min(low, price), max(high, price)
		}
	}
	if math.IsInf(low, 1) {
		c.Low, c.High = "-", "-"
		return
	}
	c.Low, c.High = humanize.Price(key, low), humanize.Price(key, high)
	var line strings.Builder
	end := func() {
		if line.Len() > 0 {
			c.Lines = append(c.Lines, strings.TrimSpace(line.String()))
			line.Reset()
		}
	}
	last := 0
	for i, price := range prices {
		if math.IsNaN(price) {
			continue
		}
		if c.gapBetween(float64(last), float64(i)) {
			end()
		}
		y := float64(c.Height) / 2
		if high > low {
			y = 4 + (high-price)/(high-low)*float64(c.Height-8)
		}
		fmt.Fprintf(&line, "%d,%.1f ", i, y)
		last = i
	}
	end()
}

func (c *Chart) gapBetween(from, to float64) bool {
	for _, g := range c.Gaps {
		if g.X+g.Width > from && g.X < to {
			return true
		}
	}
	return false
}
