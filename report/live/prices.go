package live

import (
	"fmt"
	"strings"
	"time"

	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/market"
	"upstox-doctor/report"
)

// staleAfter is the age of a price from which on it stands out while the market
// is open.
const staleAfter = 15 * time.Second

// quotes writes a row for each key, as many as there is room for.
func (l *layout) quotes(maxExact int) {
	shown := l.Quotes
	if len(shown) > maxExact {
		shown = shown[:max(1, maxExact-1)]
	}
	var cells [][]string
	widest := make([]int, 5)
	for _, q := range shown {
		row := l.cells(q)
		for i, cell := range row {
			widest[i] = max(widest[i], report.Width(cell))
		}
		cells = append(cells, row)
	}
	widest[0] = min(widest[0], max(8, l.columns-usedColumns(widest[1:])))
	for i, q := range shown {
		l.quote(q, cells[i], widest, i == 0)
	}
	if more := l.keys - len(shown); more > 0 && maxExact > 1 {
		l.row(span{fmt.Sprintf("and %s more instruments", humanize.Grouped(int64(more))), dim})
	}
}

// cells are the key, the price, the change in points and in percent, and the
// age of the last tick.
func (l *layout) cells(q feed.Tick) []string {
	points, percent := difference(q)
	key := l.clean(q.Key)
	if l.columns < narrow {
		points = ""
		percent = strings.ReplaceAll(percent, " ", "")
		if _, name, found := strings.Cut(key, "|"); found {
			key = name
		}
	}
	tick := age(q, l.Now)
	if l.columns < narrow {
		tick = strings.TrimPrefix(strings.TrimPrefix(tick, "last tick "), "of the ")
	}
	return []string{key, price(q), points, percent, tick}
}

func (l *layout) quote(q feed.Tick, cells []string, widest []int, first bool) {
	trend := green
	if strings.HasPrefix(cells[3], "-") {
		trend = red
	}
	if cells[3] == "" || strings.HasPrefix(cells[3], "0") {
		trend = ""
	}
	name, when := color(""), color(dim)
	if first {
		name = bold
	}
	if l.Market == market.Open && l.Now.Sub(q.Arrived) > staleAfter {
		when = yellow
	}
	pieces := []span{
		{padded(report.Fit(cells[0], widest[0]), widest[0]) + "  ", name},
		{right(cells[1], widest[1]), bold},
	}
	for i := 2; i < 4; i++ {
		if widest[i] > 0 {
			pieces = append(pieces, span{"  " + right(cells[i], widest[i]), trend})
		}
	}
	l.row(append(pieces, span{"  " + cells[4], when})...)
}

// usedColumns is the room of columns that are not empty, with a gap before
// each.
func usedColumns(widths []int) (n int) {
	for _, w := range widths {
		if w > 0 {
			n += w + 2
		}
	}
	return n
}

// Levels of a spark line. No tick at all is an empty column.
const (
	sparks      = "▁▂▃▄▅▆▇█"
	asciiSparks = "._-=+*%#"
)

// spark draws the ticks of the last seconds, the newest at the right.
func spark(perSecond []int, columns int, ascii bool) string {
	levels := []rune(sparks)
	if ascii {
		levels = []rune(asciiSparks)
	}
	last := perSecond[max(0, len(perSecond)-max(0, columns)):]
	maxExact := 1
	for _, n := range last {
		maxExact = max(maxExact, n)
	}
	var b strings.Builder
	for _, n := range last {
		if n <= 0 {
			b.WriteByte(' ')
			continue
		}
		b.WriteRune(levels[(n*len(levels)-1)/maxExact])
	}
	return b.String()
}
