package live

import (
	"strings"

	"upstox-doctor/checks/humanize"
	"upstox-doctor/report"
)

// minWide is the number of rows from which on the parts of the screen are
// separated by empty lines. Below narrow columns lines are abbreviated, from
// wide columns on they have more detail.
const (
	minWide = 18
	narrow  = 60
	wide    = 110
)

// A color is a text style, as parameters of an ANSI SGR sequence.
type color string

const (
	bold   color = "1"
	green  color = "32"
	red    color = "1;31"
	yellow color = "33"
	dim    color = "2"
	cyan   color = "36"
)

// A span is a part of a line.
type span struct {
	text  string
	color color
}

// A layout is a screen being composed. Each line fits the width.
type layout struct {
	ScreenOptions
	*snapshot
	columns, rows int
	lines         []string
}

// newLayout returns the lines of the screen, at most as many as there are rows,
// each a column narrower than the screen, since some terminals wrap after the
// last column.
func newLayout(s *snapshot, options ScreenOptions, columns, rows int) []string {
	d := &layout{ScreenOptions: options, snapshot: s, columns: max(1, columns-1), rows: max(1, rows)}
	d.quotes(max(1, d.rows/4))
	d.gap()
	d.status()
	d.gap()
	rest := d.rows - len(d.lines)
	if d.rows >= minWide {
		rest -= 2 // the last line, and one above it
	}
	advice := d.advice(rest - 1 - min(3, d.episodes) - min(1, len(d.Patterns)))
	notes := d.notes(rest - len(advice) - 3)
	d.episodeLines(rest - len(advice) - len(notes))
	d.lines = append(append(d.lines, notes...), advice...)
	if d.rows >= minWide {
		d.gap()
		d.row(span{"Watching since " + humanize.Clock(d.Begun, d.Now) + " IST. Ctrl-C ends the watch and shows what it comes to.", dim})
	}
	return d.lines[:min(len(d.lines), d.rows)]
}

// gap writes an empty line if there are rows to spare.
func (l *layout) gap() {
	if l.rows >= minWide {
		l.row()
	}
}

func (l *layout) row(pieces ...span) { l.lines = append(l.lines, l.line(pieces...)) }

// line puts the pieces together, and cuts them where the line ends.
func (l *layout) line(pieces ...span) string {
	var b strings.Builder
	left := l.columns
	for _, p := range pieces {
		text := report.Fit(p.text, left)
		left -= report.Width(text)
		if l.ASCII {
			text = plainly(text)
		}
		if l.Color && p.color != "" && strings.TrimSpace(text) != "" {
			text = "\x1b[" + string(p.color) + "m" + text + "\x1b[0m"
		}
		b.WriteString(text)
		if left == 0 {
			break
		}
	}
	return b.String()
}

// plainly replaces what a terminal without UTF-8 cannot show, column for
// column.
func plainly(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case r == '…':
			b.WriteByte('~')
		default:
			b.WriteString(strings.Repeat("?", report.Width(string(r))))
		}
	}
	return b.String()
}

func (l *layout) clean(text string) string { return report.Clean(text, l.Meta) }

// padded fills up with spaces.
func padded(text string, columns int) string {
	return text + strings.Repeat(" ", max(0, columns-report.Width(text)))
}

// right puts the spaces before.
func right(text string, columns int) string {
	return strings.Repeat(" ", max(0, columns-report.Width(text))) + text
}
