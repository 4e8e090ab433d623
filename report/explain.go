package report

import (
	"fmt"
	"io"
	"strconv"

	"upstox-doctor/checks/catalog"
)

// An Explanation is what a code, an error or a log points to, the first cause
// first. Its JSON form is for scripts.
type Explanation struct {
	Schema    string      `json:"schema"`
	Diagnoses []Explained `json:"diagnoses"`
	Decide    string      `json:"decide"` // the command that tells which cause it is, where several fit; else empty
}

// An Explained is a diagnosis that explain has found.
type Explained struct {
	Diagnosis
	Place      string `json:"place"`      // cause, later or other
	Confidence string `json:"confidence"` // of a cause that a text tells of: likely or possible; else empty
	Tell       string `json:"tell"`       // what shows that it is this one, or empty
}

// A Diagnosis is one entry of the catalog as it is shown.
type Diagnosis struct {
	Code    string `json:"code"`
	Stage   string `json:"stage"`
	Title   string `json:"title"`
	Cause   string `json:"cause"`
	Owner   string `json:"owner"`
	Line    int    `json:"line"`    // of the text that was given, from 1; 0 if none was
	Text    string `json:"text"`    // of that line
	Meaning string `json:"meaning"` // what that very line says beyond the title, or empty
	Fix     Fix    `json:"fix"`
}

// Explain builds the explanation. Of m it uses Scrub and OS.
func Explain(matches []catalog.Match, m Meta) Explanation {
	b := newBuilder(m)
	out := Explanation{Schema: "upstox-doctor/explain/v1", Diagnoses: []Explained{}}
	var causes []*catalog.Entry
	for _, it := range matches {
		if it.Place == catalog.First && fromText(it) {
			causes = append(causes, it.Entry)
		}
	}
	if len(causes) > 1 {
		out.Decide = catalog.Decides(causes)
	}
	for _, it := range matches {
		e := it.Entry
		d := Explained{Diagnosis: b.diagnosis(it), Place: placeNames[it.Place], Tell: e.Tell()}
		switch {
		case d.Place != "cause" || !fromText(it) || e == catalog.NotKnown:
		case len(causes) == 1:
			d.Confidence = "likely"
		default:
			d.Confidence = "possible"
		}
		out.Diagnoses = append(out.Diagnoses, d)
	}
	return out
}

// diagnosis is the entry of the match as it is shown.
func (b builder) diagnosis(m catalog.Match) Diagnosis {
	e := m.Entry
	return Diagnosis{
		Code: e.Code, Stage: e.Stage, Title: e.Title, Cause: e.Cause, Owner: string(e.Owner),
		Line:    m.Line,
		Text:    b.clean.text(m.Text, maxMessage),
		Meaning: b.clean.text(m.Meaning, maxMessage),
		Fix:     b.fix(e, Check{Code: e.Code}),
	}
}

var placeNames = map[catalog.Place]string{catalog.First: "cause", catalog.Later: "later", catalog.Aside: "other"}

// fromText reports whether the match was read from a text, and was not asked for by
// its code or found by a check.
func fromText(m catalog.Match) bool { return m.Line > 0 && m.Text != m.Entry.Code }

// JSON writes the explanation for scripts.
func (x Explanation) JSON(w io.Writer) error { return writeJSON(w, x) }

// Table writes the explanation for people.
func (x Explanation) Table(w io.Writer, o Options) error {
	p := newPage(o)
	p.explain(x)
	return p.send(w)
}

// explain writes one verdict with what to do, and all else in one line each.
func (p *page) explain(x Explanation) {
	var causes, later, other []Explained
	for _, d := range x.Diagnoses {
		switch d.Place {
		case "later":
			later = append(later, d)
		case "other":
			other = append(other, d)
		default:
			causes = append(causes, d)
		}
	}
	if x.Decide != "" {
		p.several(causes)
	} else {
		for i, d := range causes {
			if i > 0 {
				p.blank()
			}
			p.diagnosis(d.Diagnosis, d.Confidence)
		}
	}
	if len(causes) == 0 && len(other) > 0 {
		p.prose("", "Nothing in this text is about Upstox", bold)
	}
	head := "Later in the text"
	if len(later) > 0 && later[0].Line == causes[0].Line {
		head = "Also possible"
	}
	p.others(head, later)
	p.others("Not about Upstox", other)
	switch {
	case len(causes) > 1 && x.Decide != "":
		p.run("To know which it is, run", x.Decide)
	case len(causes) == 0 && len(other) > 0:
		p.run("To see how it stands with Upstox, run", "upstox-doctor")
	}
}

// run writes a command with what it is for.
func (p *page) run(head, command string) {
	p.blank()
	p.prose("", head, bold)
	p.blank()
	p.unwrapped(command)
}

// several writes the causes that fit equally well, what tells them apart, and
// the steps of the first.
func (p *page) several(causes []Explained) {
	first := causes[0]
	p.prose("", fmt.Sprintf("%d causes fit, most likely first", len(causes)), bold)
	p.found(first.Diagnosis)
	p.labelled("Meaning", first.Meaning)
	for i, d := range causes {
		p.blank()
		p.prose(fmt.Sprintf("%2d. ", i+1), d.Title+" ("+d.Code+")", bold)
		if d.Tell != "" {
			p.prose("    ", "It is this one if "+d.Tell+".", "")
		}
	}
	p.blank()
	p.prose("", "If it is the first", bold)
	p.labelled("Why", first.Cause)
	p.labelled("Who acts", ownerText(first.Owner))
	p.steps(first.Fix)
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

// found writes where it stands, unless it was asked for by its code.
func (p *page) found(d Diagnosis) {
	switch {
	case d.Text == d.Code:
	case d.Line == 0:
		p.labelled("Found", d.Text)
	default:
		p.labelled("Found", fmt.Sprintf("line %d: %s", d.Line, d.Text))
	}
}

// others writes diagnoses in one line each.
func (p *page) others(head string, all []Explained) {
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
