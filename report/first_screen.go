package report

import (
	"fmt"
	"slices"
	"strings"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/lazyregexp"
)

// Bounds of the first screen, in rows.
const (
	maxRows      = 22 // with one root cause
	maxRowsOfTwo = 40 // with more
	maxTold      = 2  // root causes with their steps
	maxWhy       = 2
	maxSeen      = 3
)

// rowsFor is how many rows the first screen may have.
func rowsFor(d Document) int {
	if len(d.RootCauses) > 1 {
		return maxRowsOfTwo
	}
	return maxRows
}

// causes writes the root causes in so many rows. Said is what the rows of the
// stages say.
func (p *page) causes(d Document, said []string, room int) {
	also := p.also(d)
	room -= also.rows()
	told := d.RootCauses[:min(len(d.RootCauses), maxTold)]
	for i, c := range told {
		one := newPage(p.Options)
		one.blank()
		seen := evidenceOfTargets(d, c)
		if slices.Contains(said, printable(seen)) {
			seen = ""
		}
		if len(told) > 1 {
			one.prose("", c.Title+" ("+c.Code+")", bold)
		}
		one.firstCause(c, seen, room/(len(told)-i))
		room -= one.rows()
		p.add(one)
	}
	p.add(also)
}

// firstCause writes a cause in so many rows. What was seen gives way to the step of
// the next command, which would else stand at the end without its words.
func (p *page) firstCause(c Cause, seen string, room int) {
	room -= p.rows()
	one := newPage(p.Options)
	one.causeIn(c, seen, room)
	if one.shown > 0 && one.shown <= c.next().after && seen != "" {
		one = newPage(p.Options)
		one.causeIn(c, "", room)
	}
	p.add(one)
}

// causeIn writes why, what was seen unless a row above says it, the steps that
// fit, and the row of the guide.
func (p *page) causeIn(c Cause, seen string, room int) {
	p.whole(unproved(c.Confidence), c.Cause, maxWhy)
	if seen != "" {
		p.whole("Seen: ", seen, maxSeen)
	}
	guide := newPage(p.Options)
	if c.Fix.Guide != "" {
		guide.prose("", "Guide: the row "+quoted(c.Fix.Guide), dim)
	}
	p.firstSteps(c.Fix.Steps, room-p.rows()-guide.rows())
	p.add(guide)
}

// unproved goes before a diagnosis that is not certain.
func unproved(c doctor.Confidence) string {
	switch c {
	case doctor.Likely:
		return "Likely: "
	case doctor.Possible:
		return "Possibly: "
	}
	return ""
}

// whole writes as many whole sentences as so many rows take, or as many clauses
// of the first.
func (p *page) whole(head, text string, rows int) {
	for _, part := range append(sentences(text), clauses(text)...) {
		one := newPage(p.Options)
		one.prose("", head+part, "")
		if one.rows() <= rows {
			p.add(one)
			return
		}
	}
}

var sentenceEnd = lazyregexp.New(`[.?!] `)

// sentences are a text without its last sentences, one less each time.
func sentences(s string) []string {
	all := []string{s}
	for {
		ends := sentenceEnd.FindAllStringIndex(s, -1)
		if len(ends) == 0 {
			return all
		}
		s = s[:ends[len(ends)-1][0]+1]
		all = append(all, s)
	}
}

// firstSteps writes the steps that so many rows take, and how many there are
// more. The first is always among them.
func (p *page) firstSteps(steps []Step, room int) {
	for i, s := range steps {
		one := newPage(p.Options)
		one.step(fmt.Sprintf("%d. ", i+1), s)
		left := len(steps) - i - 1
		if i > 0 && one.rows()+min(left, 1) > room {
			p.line(furtherSteps(i+1, len(steps)))
			p.shown = i
			return
		}
		room -= one.rows()
		p.add(one)
	}
}

func furtherSteps(first, last int) string {
	if first == last {
		return fmt.Sprintf("Step %d is shown with --verbose.", first)
	}
	return fmt.Sprintf("Steps %d to %d are shown with --verbose.", first, last)
}

// also names the findings that are no root causes.
func (p *page) also(d Document) *page {
	out := newPage(p.Options)
	var names []string
	for _, c := range otherFindings(d) {
		names = append(names, word(c.Status)+" "+c.Code)
	}
	for _, c := range d.RootCauses[min(len(d.RootCauses), maxTold):] {
		names = append(names, c.Code)
	}
	if len(names) > 0 {
		out.prose("", "Also: "+strings.Join(names, ", ")+". Shown with --verbose.", "")
	}
	return out
}
