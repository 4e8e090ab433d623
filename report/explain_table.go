package report

import (
	"fmt"
	"io"
	"strconv"
)

// Table writes the explanation for people: one verdict with what to do, and all
// else in a line each. Where several causes fit, so much of it is shown as one
// screen takes, or with Verbose all.
func (x Explanation) Table(w io.Writer, o Options) error {
	p := newPage(o)
	causes, later, other := x.placed("cause"), x.placed("later"), x.placed("other")
	switch {
	case x.Decide != "":
		p.several(x.Decide, causes, later, other)
	case len(causes) == 0 && len(other) > 0:
		p.prose("", "Nothing in this text is about Upstox", bold)
		p.others(other, "Not about Upstox")
		p.run("To see how it stands with Upstox, run", p.call("upstox-doctor"))
	default:
		for i, d := range causes {
			if i > 0 {
				p.blank()
			}
			p.diagnosis(d.Diagnosis, d.Confidence)
		}
		p.others(later, laterHead(causes, later))
		p.others(other, "Not about Upstox")
	}
	return p.send(w)
}

// placed are the diagnoses of that place, without the line and the text of words
// that the reader has typed.
func (x Explanation) placed(place string) (all []Explained) {
	for _, d := range x.Diagnoses {
		if d.Place != place {
			continue
		}
		if x.Typed {
			d.Line, d.Text = 0, ""
		}
		all = append(all, d)
	}
	return all
}

func laterHead(causes, later []Explained) string {
	if len(later) > 0 && later[0].Line == causes[0].Line {
		return "Also possible"
	}
	return "Later in the text"
}

// several writes the causes that fit equally well, what tells them apart, the
// steps of the first, and last the command that decides.
func (p *page) several(decide string, causes, later, other []Explained) {
	rest, end := newPage(p.Options), newPage(p.Options)
	end.run("To know which it is, run", decide)
	if p.Verbose {
		rest.others(later, laterHead(causes, later))
		rest.others(other, "Not about Upstox")
	} else {
		rest.named(later, laterHead(causes, later))
		rest.named(other, "Not about Upstox")
	}
	p.prose("", fmt.Sprintf("%d causes fit, most likely first", len(causes)), bold)
	p.found(causes[0].Diagnosis)
	p.labelled("Meaning", causes[0].Meaning)
	for i, d := range causes {
		p.prose(fmt.Sprintf("%2d. ", i+1), d.Title+" ("+d.Code+")", bold)
		if d.Tell != "" {
			p.prose("    ", "if "+d.Tell, "")
		}
	}
	p.add(rest)
	p.blank()
	p.prose("", "If it is the first", bold)
	p.ifFirst(causes[0], maxRows-p.rows()-end.rows())
	p.add(end)
}

// ifFirst writes the steps of the first of several causes that so many rows
// take, or all with Verbose, and before them why if there is room.
func (p *page) ifFirst(d Explained, room int) {
	if p.Verbose {
		p.labelled("Why", d.Cause)
		p.labelled("Who acts", ownerText(d.Owner))
		p.steps(d.Fix)
		return
	}
	why, steps := newPage(p.Options), newPage(p.Options)
	why.whole("Why: ", d.Cause, maxWhy)
	steps.firstSteps(d.Fix.Steps, room)
	if why.rows()+steps.rows() <= room {
		p.add(why)
	}
	p.add(steps)
}

// named names diagnoses in one line, as many as it takes.
func (p *page) named(all []Explained, head string) {
	for shown := len(all); shown > 0; shown-- {
		text := head + ": "
		for i, d := range all[:shown] {
			if i > 0 {
				text += ", "
			}
			text += d.Code
		}
		if more := len(all) - shown; more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		if text += ". Shown with --verbose."; width(text) <= p.Width || shown == 1 {
			p.prose("", text, "")
			return
		}
	}
}

// run writes a command with what it is for.
func (p *page) run(head, command string) {
	p.blank()
	p.prose("", head, bold)
	p.unwrapped(command)
}

// diagnosis writes one entry with what to do; the confidence may be empty.
func (p *page) diagnosis(d Diagnosis, confidence string) {
	p.prose("", d.Title+" ("+d.Code+")", bold)
	p.found(d)
	p.labelled("Meaning", d.Meaning)
	p.labelled("Why", d.Cause)
	p.labelled("Confidence", confidence)
	p.labelled("Stage", d.Stage)
	p.labelled("Who acts", ownerText(d.Owner))
	p.steps(d.Fix)
}

// found writes where it stands, unless the reader has typed that.
func (p *page) found(d Diagnosis) {
	switch {
	case d.Text == d.Code || d.Text == "":
	case d.Line == 0:
		p.labelled("Found", d.Text)
	default:
		p.labelled("Found", fmt.Sprintf("line %d: %s", d.Line, d.Text))
	}
}

// others writes diagnoses in one line each.
func (p *page) others(all []Explained, head string) {
	if len(all) == 0 {
		return
	}
	p.blank()
	p.prose("", head, bold)
	for _, d := range all {
		say := d.Title + " (" + d.Code + ")"
		if d.Place == "other" && d.Meaning != "" {
			say = d.Meaning + " (" + d.Code + ")"
		}
		where := ""
		if d.Line > 0 {
			where = "line " + strconv.Itoa(d.Line)
		}
		p.labelled(where, say)
	}
}
