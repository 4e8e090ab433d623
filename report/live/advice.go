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
func (l *layout) advice(rows int) []string {
	finding, ok := l.finding()
	if !ok || rows < 2 {
		return nil
	}
	head := "What to do: "
	if l.columns < narrow {
		head = "Do: "
	}
	lines := []string{l.line(span{head, bold}, span{finding.Title, bold})}
	if l.rows >= minWide {
		lines = slices.Insert(lines, 0, "")
	}
	more := span{"More: " + report.Call("upstox-doctor explain "+finding.Code, l.Meta), cyan}
	if report.Width(more.text) > l.columns {
		more.text = "More: see the end"
	}
	for i, step := range finding.Fix.Steps {
		next := l.step(i+1, step)
		room := rows - len(lines)
		if i < len(finding.Fix.Steps)-1 {
			room-- // for the command that shows the rest
		}
		if next == nil || len(next) > room {
			if rows > len(lines) {
				lines = append(lines, l.line(more))
			}
			break
		}
		lines = append(lines, next...)
	}
	return lines[:min(len(lines), rows)]
}

// finding is what to act on: the newest episode that lasts, or better a
// pattern that it belongs to.
func (l *layout) finding() (report.Cause, bool) {
	if len(l.Episodes) == 0 {
		return report.Cause{}, false
	}
	last := l.Episodes[len(l.Episodes)-1]
	if !last.Permanent && !last.Ended.IsZero() {
		return report.Cause{}, false
	}
	of := func(p watch.Pattern) bool { return slices.Contains(p.Episodes, last.N) }
	if i := slices.IndexFunc(l.Patterns, of); i >= 0 && !last.Permanent {
		return report.NewPattern(l.Patterns[i], l.Meta).Finding, true
	}
	return report.NewEpisode(last, l.Meta).Finding, true
}

// step returns nil if its command does not fit into one line, since part of a
// command must not be shown.
func (l *layout) step(n int, s report.Step) []string {
	var lines []string
	head := fmt.Sprintf("%2d. ", n)
	for _, text := range report.Wrap(s.Do, min(100, l.columns)-len(head)) {
		lines = append(lines, l.line(span{head, bold}, span{text, ""}))
		head = "    "
	}
	if s.Run == "" {
		return lines
	}
	if report.Width(head+s.Run) > l.columns {
		return nil
	}
	return append(lines, l.line(span{head, ""}, span{s.Run, cyan}))
}
