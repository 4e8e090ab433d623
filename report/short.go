package report

import (
	"fmt"
	"io"
	"strings"

	"upstox-doctor/checks/doctor"
)

// maxShownSteps is how many steps the short form shows of each root cause, by
// how many there are, so that all of it stays within a dozen lines.
var maxShownSteps = map[int][maxVerdicts]int{1: {3}, 2: {2, 1}, 3: {1, 1, 0}}

// short writes only what is wrong, in few lines that are not wrapped, since a
// chat wraps them itself: each root cause, the first steps, and what was seen.
func (d Document) short(w io.Writer, o Options) error {
	if o.Quiet && d.Status == string(doctor.Pass) && (d.Login == nil || d.Login.Status == "pass") {
		return nil
	}
	p := newPage(o)
	if text := unfinished(d.End); text != "" {
		p.line(p.paint(red, "STOP") + "  " + text)
	}
	for i, c := range d.RootCauses[:min(len(d.RootCauses), maxVerdicts)] {
		p.brief(d, c, maxShownSteps[min(len(d.RootCauses), maxVerdicts)][i])
	}
	if more := len(d.RootCauses) - maxVerdicts; more > 0 {
		p.line(fmt.Sprintf("and %d more", more))
	}
	if d.Summary.Fail == 0 && d.Summary.Warn == 0 {
		p.line("upstox-doctor: " + p.paint(green, allClear(d)))
	}
	if d.Login != nil {
		p.line("Login: " + d.Login.Message)
	}
	return p.send(w)
}

// allClear is the line for a report without findings.
func allClear(d Document) string {
	if d.End != doctor.Complete {
		return "Nothing has failed until then."
	}
	return healthy(d)
}

// brief writes one root cause with its first steps.
func (p *page) brief(d Document, c Cause, steps int) {
	head := p.paint(red, "FAIL")
	if d.Summary.Fail == 0 {
		head = p.paint(yellow, "WARN")
	}
	p.line(head + "  " + c.Code + ": " + c.Title)
	for i, s := range c.Fix.Steps[:min(steps, len(c.Fix.Steps))] {
		p.line(fmt.Sprintf("%d. %s", i+1, printable(s.Do)))
		for line := range strings.Lines(s.Run) {
			p.line("   " + p.paint(cyan, printable(line)))
		}
	}
	if text := evidenceOfTargets(d, c); text != "" {
		p.line("Seen: " + text)
	}
}
