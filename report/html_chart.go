package report

import (
	"fmt"
	"strings"

	"upstox-doctor/checks"
)

// htmlChart is the waterfall of the run: a bar from where each check began, as
// long as it took. Places across are in per cent, so that the page may be as
// wide as it likes and letters keep their size; places down are in pixels.
type htmlChart struct {
	Height, Foot int
	Bars         []htmlBar
	Ticks        []htmlTick
	Text         string // the same in words
	Brief        int    // checks too short to show
}

type htmlBar struct {
	Class, Label, Took string
	X, Width           string
	TextY, BarY        int
}

type htmlTick struct{ X, Anchor, Label string }

// hops are the checks that go to the network, by what they wait for. They are
// shown however short they were.
var hops = map[string]string{
	checks.IDNetworkDNS: "DNS", checks.IDNetworkTCP: "TCP", checks.IDNetworkTLS: "TLS", checks.IDNetworkHTTP: "first request",
	checks.IDTokenAccepted: "token request", checks.IDAuthorize: "authorize request", checks.IDHandshake: "handshake",
	checks.IDTicksSnapshot: "snapshot", checks.IDTicksLive: "first live tick",
}

// Of the chart, in pixels.
const (
	chartHead = 22
	chartRow  = 34
)

// maxLabel bounds a label in the chart, in columns: as many fit on a phone.
const maxLabel = 40

// chart is nil if the report does not tell when its checks began.
func (d Document) chart() *htmlChart {
	c, end := &htmlChart{}, max(1, d.DurationMS)
	for _, check := range d.Checks {
		if check.StartedMS != nil {
			end = max(end, *check.StartedMS+check.DurationMS)
		}
	}
	var words []string
	for _, check := range d.Checks {
		if check.StartedMS == nil {
			continue
		}
		label, hop := hops[check.ID]
		if !hop && check.DurationMS < 1 {
			c.Brief++
			continue
		} else if !hop {
			label = check.ID
		}
		bar := c.bar(check, strings.TrimSpace(label+" "+check.Target), end)
		c.Bars = append(c.Bars, bar)
		words = append(words, fmt.Sprintf("%s began after %s and took %s", bar.Label, offset(*check.StartedMS), bar.Took))
	}
	if len(c.Bars) == 0 {
		return nil
	}
	c.Foot = chartHead + chartRow*len(c.Bars)
	c.Height = c.Foot + 4
	c.Text = strings.Join(words, "; ") + "."
	c.scale(end)
	return c
}

func (c *htmlChart) bar(check Check, label string, end int64) htmlBar {
	const minBarWidth = 0.6 // per cent, so that the shortest can be seen
	at, long := portion(*check.StartedMS, end), max(minBarWidth, portion(check.DurationMS, end))
	top := chartHead + chartRow*len(c.Bars)
	b := htmlBar{
		Class: class(check.Status), Label: shorten(label, maxLabel), Took: elapsed(check.DurationMS),
		X: percent(min(at, 100-long)), Width: percent(long), TextY: top + 15, BarY: top + 21,
	}
	if b.Class != "pass" {
		b.Took = word(check.Status) + " " + b.Took
	}
	return b
}

// scale puts at most six round times on the axis.
func (c *htmlChart) scale(end int64) {
	step := int64(1)
	for i := 0; end/step > 4; i++ {
		step = step * []int64{4, 5, 4}[i%3] / 2 // 1, 2, 5, 10
	}
	for at := int64(0); at <= end; at += step {
		t := htmlTick{X: percent(portion(at, end)), Anchor: "middle", Label: offset(at)}
		switch {
		case at == 0:
			t.Anchor = "start"
		case portion(at, end) > 92:
			t.Anchor = "end"
		}
		c.Ticks = append(c.Ticks, t)
	}
}

func portion(ms, end int64) float64 { return 100 * float64(ms) / float64(end) }

func percent(f float64) string { return fmt.Sprintf("%.2f%%", f) }
