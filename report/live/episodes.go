package live

import (
	"fmt"
	"strings"
	"time"

	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
)

// episodeLines writes the episodes, the newest last, and the patterns in them,
// in at most the given number of rows.
func (l *layout) episodeLines(rows int) {
	if rows < 1 {
		return
	}
	if l.episodes == 0 {
		text := "none: the stream has not broken"
		if l.Link != watch.LinkUp {
			text = "none so far"
		}
		l.row(span{padded("Episodes", l.label()), dim}, span{text, ""})
		return
	}
	patterns := l.patterns(rows - 1 - min(len(l.Episodes), 3))
	rows -= len(patterns)
	shown := l.Episodes[max(0, len(l.Episodes)-max(1, rows-1)):]
	earlier := l.episodes - len(shown)
	if heads := rows-len(shown) > 1; heads || earlier > 0 && rows > 1 {
		l.row(span{padded("Episodes", l.label()), bold}, span{l.counted(earlier), dim})
	}
	l.table(shown)
	l.lines = append(l.lines, patterns...)
}

// notes returns the anomalies, in at most the given number of rows.
func (l *layout) notes(rows int) []string {
	var lines []string
	for _, o := range l.anomalies[max(0, len(l.anomalies)-max(0, rows)):] {
		text := humanize.Clock(o.at, l.Now) + "  " + l.clean(o.Code) + ": " + l.clean(o.Message)
		lines = append(lines, l.line(span{padded("Also", l.label()), bold}, span{text, yellow}))
	}
	return lines
}

func (l *layout) counted(earlier int) string {
	text := fmt.Sprint(l.episodes)
	if earlier > 0 {
		text += fmt.Sprintf("; %d earlier are not shown", earlier)
	}
	return text
}

// table writes a row for each episode: number, time, kind, how long it lasted,
// attempts, and what happened.
func (l *layout) table(shown []watch.Episode) {
	var cells [][]string
	var widest [5]int
	for _, e := range shown {
		row := l.episode(e)
		for i := range widest {
			widest[i] = max(widest[i], report.Width(row[i]))
		}
		cells = append(cells, row)
	}
	for i, row := range cells {
		var pieces []span
		for c := range widest {
			if widest[c] > 0 {
				pieces = append(pieces, span{padded(row[c], widest[c]) + "  ", ""})
			}
		}
		what := span{row[5], ""}
		if e := shown[i]; e.Permanent {
			what.color = red
		} else if e.Ended.IsZero() {
			what.color = yellow
		}
		l.row(append(pieces, what)...)
	}
}

func (l *layout) episode(e watch.Episode) []string {
	lasted := "not ended"
	switch {
	case !e.Ended.IsZero():
		lasted = l.lasting(e.Ended.Sub(e.Began))
	case !e.Permanent:
		lasted = l.lasting(max(0, l.Now.Sub(e.Began))) + " so far"
	}
	code := l.clean(e.Finding.Code)
	if l.columns < narrow {
		return []string{fmt.Sprintf("#%d", e.N), humanize.Clock(e.Began, l.Now), "", strings.TrimSuffix(lasted, " so far"), "", code}
	}
	kind, tries := string(e.Kind), humanize.Count(e.Attempts, "attempt")
	if l.columns < wide {
		kind, tries = "", ""
	}
	if message := l.clean(e.Finding.Message); message != "" {
		code += ": " + message
	}
	return []string{fmt.Sprintf("#%d", e.N), humanize.Clock(e.Began, l.Now), kind, lasted, tries, code}
}

// lasting is a duration, on a narrow screen rounded to its largest unit.
func (l *layout) lasting(t time.Duration) string {
	if l.columns < narrow {
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
func (l *layout) patterns(rows int) []string {
	var lines []string
	for i, p := range l.Patterns {
		p := report.NewPattern(p, l.Meta)
		more := []string{l.line(span{padded("Pattern", l.label()), bold},
			span{p.Finding.Code + ": " + p.Finding.Title, yellow}, span{" (" + numbers(p.Episodes) + ")", dim})}
		indent := span{strings.Repeat(" ", l.label()), ""}
		for _, text := range report.Wrap("First: "+p.Finding.Fix.Steps[0].Do, min(100, l.columns)-l.label()) {
			more = append(more, l.line(indent, span{text, ""}))
		}
		room := rows - len(lines) - (len(l.Patterns) - i - 1)
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
