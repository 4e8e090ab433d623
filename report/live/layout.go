package live

import (
	"strings"

	"upstox-doctor/checks/humanize"
	"upstox-doctor/report"
)

// roomy is the number of rows from which on the parts of the screen are separated
// by empty lines. Below narrow columns lines are abbreviated, from wide columns on
// they have more detail.
const (
	roomy  = 18
	narrow = 60
	wide   = 110
)

// An ink is a text style, as parameters of an ANSI SGR sequence.
type ink string

const (
	bold   ink = "1"
	green  ink = "32"
	red    ink = "1;31"
	yellow ink = "33"
	dim    ink = "2"
	cyan   ink = "36"
)

// A piece is a part of a line.
type piece struct {
	text string
	ink  ink
}

// A drawing is a screen being composed. Each line fits the width.
type drawing struct {
	Look
	*scene
	columns, rows int
	lines         []string
}

// draft returns the lines of the screen, at most as many as there are rows,
// each a column narrower than the screen, since some terminals wrap after the
// last column.
func draft(s *scene, look Look, columns, rows int) []string {
	d := &drawing{Look: look, scene: s, columns: max(1, columns-1), rows: max(1, rows)}
	d.quotes(max(1, d.rows/4))
	d.gap()
	d.status()
	d.gap()
	rest := d.rows - len(d.lines)
	if d.rows >= roomy {
		rest -= 2 // the last line, and one above it
	}
	advice := d.advice(rest - 1 - min(3, d.episodes) - min(1, len(d.Patterns)))
	notes := d.notes(rest - len(advice) - 3)
	d.story(rest - len(advice) - len(notes))
	d.lines = append(append(d.lines, notes...), advice...)
	if d.rows >= roomy {
		d.gap()
		d.row(piece{"Watching since " + humanize.Clock(d.Begun, d.Now) + " IST. Ctrl-C ends the watch and shows what it comes to.", dim})
	}
	return d.lines[:min(len(d.lines), d.rows)]
}

// gap writes an empty line if there are rows to spare.
func (d *drawing) gap() {
	if d.rows >= roomy {
		d.row()
	}
}

func (d *drawing) row(pieces ...piece) { d.lines = append(d.lines, d.line(pieces...)) }

// line puts the pieces together, and cuts them where the line ends.
func (d *drawing) line(pieces ...piece) string {
	var b strings.Builder
	left := d.columns
	for _, p := range pieces {
		text := report.Fit(p.text, left)
		left -= report.Width(text)
		if d.ASCII {
			text = plainly(text)
		}
		if d.Color && p.ink != "" && strings.TrimSpace(text) != "" {
			text = "\x1b[" + string(p.ink) + "m" + text + "\x1b[0m"
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

func (d *drawing) clean(text string) string { return report.Clean(text, d.Meta) }

// padded fills up with spaces.
func padded(text string, columns int) string {
	return text + strings.Repeat(" ", max(0, columns-report.Width(text)))
}

// right puts the spaces before.
func right(text string, columns int) string {
	return strings.Repeat(" ", max(0, columns-report.Width(text))) + text
}
