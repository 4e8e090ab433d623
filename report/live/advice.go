package live

import (
	"fmt"
	"slices"

	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
)

// advice returns what to do about the newest episode while it lasts, in at most
// the given number of rows: whole steps only, so that no command is cut, and the
// command that shows the rest.
func (d *drawing) advice(rows int) []string {
	finding, ok := d.finding()
	if !ok || rows < 2 {
		return nil
	}
	head := "What to do: "
	if d.columns < narrow {
		head = "Do: "
	}
	lines := []string{d.line(piece{head, bold}, piece{finding.Title, bold})}
	if d.rows >= roomy {
		lines = slices.Insert(lines, 0, "")
	}
	more := piece{"More: upstox-doctor explain " + finding.Code, cyan}
	if report.Width(more.text) > d.columns {
		more.text = "More: see the end"
	}
	for i, step := range finding.Fix.Steps {
		next := d.step(i+1, step)
		room := rows - len(lines)
		if i < len(finding.Fix.Steps)-1 {
			room-- // for the command that shows the rest
		}
		if next == nil || len(next) > room {
			if rows > len(lines) {
				lines = append(lines, d.line(more))
			}
			break
		}
		lines = append(lines, next...)
	}
	return lines[:min(len(lines), rows)]
}

// finding is what to act on: the newest episode that lasts, or better a
// pattern that it belongs to.
func (d *drawing) finding() (report.Cause, bool) {
	if len(d.Episodes) == 0 {
		return report.Cause{}, false
	}
	last := d.Episodes[len(d.Episodes)-1]
	if !last.Permanent && !last.Ended.IsZero() {
		return report.Cause{}, false
	}
	of := func(p watch.Pattern) bool { return slices.Contains(p.Episodes, last.N) }
	if i := slices.IndexFunc(d.Patterns, of); i >= 0 && !last.Permanent {
		return report.NewPattern(d.Patterns[i], d.Meta).Finding, true
	}
	return report.NewEpisode(last, d.Meta).Finding, true
}

// step returns nil if its command does not fit into one line, since part of a
// command must not be shown.
func (d *drawing) step(n int, s report.Step) []string {
	var lines []string
	head := fmt.Sprintf("%2d. ", n)
	for _, text := range report.Wrap(s.Do, min(100, d.columns)-len(head)) {
		lines = append(lines, d.line(piece{head, bold}, piece{text, ""}))
		head = "    "
	}
	if s.Run == "" {
		return lines
	}
	if report.Width(head+s.Run) > d.columns {
		return nil
	}
	return append(lines, d.line(piece{head, ""}, piece{s.Run, cyan}))
}
