package live

import (
	"fmt"
	"strings"
	"time"

	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
)

// story writes the episodes, the newest last, and the patterns in them, in at
// most the given number of rows.
func (d *drawing) story(rows int) {
	if rows < 1 {
		return
	}
	if d.episodes == 0 {
		text := "none: the stream has not broken"
		if d.Link != watch.LinkUp {
			text = "none so far"
		}
		d.row(piece{padded("Episodes", d.label()), dim}, piece{text, ""})
		return
	}
	patterns := d.patterns(rows - 1 - min(len(d.Episodes), 3))
	rows -= len(patterns)
	shown := d.Episodes[max(0, len(d.Episodes)-max(1, rows-1)):]
	earlier := d.episodes - len(shown)
	if heads := rows-len(shown) > 1; heads || earlier > 0 && rows > 1 {
		d.row(piece{padded("Episodes", d.label()), bold}, piece{d.counted(earlier), dim})
	}
	d.table(shown)
	d.lines = append(d.lines, patterns...)
}

// notes returns the anomalies, in at most the given number of rows.
func (d *drawing) notes(rows int) []string {
	var lines []string
	for _, o := range d.odd[max(0, len(d.odd)-max(0, rows)):] {
		text := humanize.Clock(o.at, d.Now) + "  " + d.clean(o.Code) + ": " + d.clean(o.Message)
		lines = append(lines, d.line(piece{padded("Also", d.label()), bold}, piece{text, yellow}))
	}
	return lines
}

func (d *drawing) counted(earlier int) string {
	text := fmt.Sprint(d.episodes)
	if earlier > 0 {
		text += fmt.Sprintf("; %d earlier are not shown", earlier)
	}
	return text
}

// table writes a row for each episode: number, time, kind, how long it lasted,
// attempts, and what happened.
func (d *drawing) table(shown []watch.Episode) {
	var cells [][]string
	var widest [5]int
	for _, e := range shown {
		row := d.episode(e)
		for i := range widest {
			widest[i] = max(widest[i], report.Width(row[i]))
		}
		cells = append(cells, row)
	}
	for i, row := range cells {
		var pieces []piece
		for c := range widest {
			if widest[c] > 0 {
				pieces = append(pieces, piece{padded(row[c], widest[c]) + "  ", ""})
			}
		}
		what := piece{row[5], ""}
		if e := shown[i]; e.Permanent {
			what.ink = red
		} else if e.Ended.IsZero() {
			what.ink = yellow
		}
		d.row(append(pieces, what)...)
	}
}

func (d *drawing) episode(e watch.Episode) []string {
	lasted := "not ended"
	switch {
	case !e.Ended.IsZero():
		lasted = d.lasting(e.Ended.Sub(e.Began))
	case !e.Permanent:
		lasted = d.lasting(max(0, d.Now.Sub(e.Began))) + " so far"
	}
	code := d.clean(e.Finding.Code)
	if d.columns < narrow {
		return []string{fmt.Sprintf("#%d", e.N), humanize.Clock(e.Began, d.Now), "", strings.TrimSuffix(lasted, " so far"), "", code}
	}
	kind, tries := string(e.Kind), humanize.Count(e.Attempts, "attempt")
	if d.columns < wide {
		kind, tries = "", ""
	}
	if message := d.clean(e.Finding.Message); message != "" {
		code += ": " + message
	}
	return []string{fmt.Sprintf("#%d", e.N), humanize.Clock(e.Began, d.Now), kind, lasted, tries, code}
}

// lasting is a duration, on a narrow screen rounded to its largest unit.
func (d *drawing) lasting(t time.Duration) string {
	if d.columns < narrow {
		for _, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute} {
			if t >= unit {
				t = t.Round(unit)
				break
			}
		}
	}
	return humanize.Duration(t)
}

// patterns returns what several episodes have in common, with the first thing
// to do about each, in at most the given number of rows.
func (d *drawing) patterns(rows int) []string {
	var lines []string
	for i, p := range d.Patterns {
		p := report.NewPattern(p, d.Meta)
		more := []string{d.line(piece{padded("Pattern", d.label()), bold},
			piece{p.Finding.Code + ": " + p.Finding.Title, yellow}, piece{" (" + numbers(p.Episodes) + ")", dim})}
		indent := piece{strings.Repeat(" ", d.label()), ""}
		for _, text := range report.Wrap("First: "+p.Finding.Fix.Steps[0].Do, min(100, d.columns)-d.label()) {
			more = append(more, d.line(indent, piece{text, ""}))
		}
		room := rows - len(lines) - (len(d.Patterns) - i - 1)
		if room < len(more) {
			more = more[:min(max(0, room), 1)] // no part of a sentence
		}
		lines = append(lines, more...)
	}
	return lines
}

// numbers names episodes: "#1, #2 and 5 more".
func numbers(of []int) string {
	var names []string
	for i, n := range of {
		if i == 3 && len(of) > 4 {
			return strings.Join(names, ", ") + fmt.Sprintf(" and %d more", len(of)-i)
		}
		names = append(names, fmt.Sprintf("#%d", n))
	}
	return strings.Join(names, ", ")
}
