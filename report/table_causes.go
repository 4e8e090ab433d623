package report

import (
	"fmt"
	"slices"
	"strings"

	"upstox-doctor/checks/doctor"
)

// maxEvidence is the most lines of evidence under one cause.
const maxEvidence = 12

// allCauses writes every finding with all that is known of it.
func (p *page) allCauses(d Document) {
	for i := range d.RootCauses {
		p.blank()
		p.cause(d, i)
	}
	p.otherFindings(d)
}

// cause writes the root cause of that index with what to do about it.
func (p *page) cause(d Document, i int) {
	c, of := d.RootCauses[i], len(d.RootCauses)
	head := "Root cause"
	if d.Summary.Fail == 0 {
		head = "Warning"
	}
	if of > 1 {
		head += fmt.Sprintf(" %d of %d", i+1, of)
	}
	p.prose("", head+": "+c.Title+" ("+c.Code+")", bold)
	p.labelled("Why", c.Cause)
	p.labelled("Where", where(c))
	p.labelled("Seen", evidenceOfTargets(d, c))
	p.evidence(c.Evidence)
	p.labelled("Confidence", confidenceText(c.Confidence))
	p.labelled("Who acts", ownerText(c.Owner))
	p.steps(c.Fix)
}

func where(c Cause) string {
	if len(c.Targets) == 0 {
		return c.Check
	}
	return c.Check + ", " + join(c.Targets)
}

// evidenceOfTargets is what was seen on each target.
func evidenceOfTargets(d Document, c Cause) string {
	var f rowGroup
	for _, check := range d.Checks {
		if isOf(c, check) {
			f = append(f, check)
		}
	}
	return f.seen(d.Checks)
}

func confidenceText(c doctor.Confidence) string {
	switch c {
	case doctor.Likely:
		return "likely, but not proved"
	case doctor.Possible:
		return "possible; other causes look the same"
	}
	return "certain"
}

// evidence writes names and values in two columns under "Seen".
func (p *page) evidence(e evidence) {
	widest := 0
	var lines [][2]string
	for _, it := range e {
		name, value := evidenceText(it)
		if value == "" {
			continue
		}
		name = shorten(name, p.Width*3/8)
		widest = max(widest, width(name))
		lines = append(lines, [2]string{name, value})
	}
	if more := len(lines) - maxEvidence; more > 0 && !p.Verbose {
		lines = append(lines[:maxEvidence], [2]string{"more", fmt.Sprintf("%d, shown with --verbose", more)})
	}
	for _, l := range lines {
		gap := strings.Repeat(" ", widest-width(l[0]))
		p.prose(strings.Repeat(" ", labels)+l[0]+": "+gap, l[1], "")
	}
}

// otherFindings lists the findings that are not root causes. Solving the root
// causes often solves them too.
func (p *page) otherFindings(d Document) {
	rest := otherFindings(d)
	if len(rest) == 0 {
		return
	}
	p.blank()
	p.line(p.paint(bold, "Also"))
	for _, c := range rest {
		w := word(c.Status)
		text := c.Code + ": " + c.Message
		if c.CausedBy != "" {
			text += " (a consequence of " + c.CausedBy + ")"
		}
		p.prose(w+"  ", text, "")
		if c.CausedBy == "" {
			p.unwrapped(p.call("upstox-doctor explain " + c.Code))
		}
	}
}

// otherFindings are the findings that are no root cause, each once.
func otherFindings(d Document) []Check {
	var rest []Check
	for _, c := range d.Checks {
		alike := func(x Check) bool { return x.ID == c.ID && x.Code == c.Code }
		if c.Fix != nil && !isRoot(d, c) && !slices.ContainsFunc(rest, alike) {
			rest = append(rest, c)
		}
	}
	return rest
}

func isRoot(d Document, c Check) bool {
	return slices.ContainsFunc(d.RootCauses, func(r Cause) bool { return isOf(r, c) })
}

// isOf reports whether the result is one of those that make the root cause.
func isOf(r Cause, c Check) bool {
	return c.Fix != nil && c.CausedBy == "" && r.Check == c.ID && r.Code == c.Code
}
