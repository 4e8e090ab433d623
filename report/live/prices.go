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

// late is the age of a price from which on it stands out while the market is
// open.
const late = 15 * time.Second

// quotes writes a row for each key, as many as there is room for.
func (d *drawing) quotes(most int) {
	shown := d.Quotes
	if len(shown) > most {
		shown = shown[:max(1, most-1)]
	}
	var cells [][]string
	widest := make([]int, 5)
	for _, q := range shown {
		row := d.cells(q)
		for i, cell := range row {
			widest[i] = max(widest[i], report.Width(cell))
		}
		cells = append(cells, row)
	}
	widest[0] = min(widest[0], max(8, d.columns-taken(widest[1:])))
	for i, q := range shown {
		d.quote(q, cells[i], widest, i == 0)
	}
	if more := d.keys - len(shown); more > 0 && most > 1 {
		d.row(piece{fmt.Sprintf("and %s more instruments", humanize.Grouped(int64(more))), dim})
	}
}

// cells are the key, the price, the change in points and in percent, and the
// age of the last tick.
func (d *drawing) cells(q feed.Tick) []string {
	points, percent := difference(q)
	key := d.clean(q.Key)
	if d.columns < narrow {
		points = ""
		percent = strings.ReplaceAll(percent, " ", "")
		if _, name, found := strings.Cut(key, "|"); found {
			key = name
		}
	}
	tick := age(q, d.Now)
	if d.columns < narrow {
		tick = strings.TrimPrefix(strings.TrimPrefix(tick, "last tick "), "of the ")
	}
	return []string{key, price(q), points, percent, tick}
}

func (d *drawing) quote(q feed.Tick, cells []string, widest []int, first bool) {
	trend := green
	if strings.HasPrefix(cells[3], "-") {
		trend = red
	}
	if cells[3] == "" || strings.HasPrefix(cells[3], "0") {
		trend = ""
	}
	name, when := ink(""), ink(dim)
	if first {
		name = bold
	}
	if d.Market == market.Open && d.Now.Sub(q.Arrived) > late {
		when = yellow
	}
	pieces := []piece{
		{padded(report.Fit(cells[0], widest[0]), widest[0]) + "  ", name},
		{right(cells[1], widest[1]), bold},
	}
	for i := 2; i < 4; i++ {
		if widest[i] > 0 {
			pieces = append(pieces, piece{"  " + right(cells[i], widest[i]), trend})
		}
	}
	d.row(append(pieces, piece{"  " + cells[4], when})...)
}

// taken is the room of columns that are not empty, with a gap before each.
func taken(widths []int) (n int) {
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
	most := 1
	for _, n := range last {
		most = max(most, n)
	}
	var b strings.Builder
	for _, n := range last {
		if n <= 0 {
			b.WriteByte(' ')
			continue
		}
		b.WriteRune(levels[(n*len(levels)-1)/most])
	}
	return b.String()
}
