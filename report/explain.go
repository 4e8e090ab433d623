package report

import (
	"fmt"
	"io"

	"upstox-doctor/checks/catalog"
)

// An Explanation is what a code, an error or a log points to, most likely
// first. Its JSON form is for scripts.
type Explanation struct {
	Schema    string      `json:"schema"`
	Diagnoses []Diagnosis `json:"diagnoses"`
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
	out := Explanation{Schema: "upstox-doctor/explain/v1", Diagnoses: []Diagnosis{}}
	for _, it := range matches {
		e := it.Entry
		out.Diagnoses = append(out.Diagnoses, Diagnosis{
			Code: e.Code, Stage: e.Stage, Title: e.Title, Cause: e.Cause, Owner: string(e.Owner),
			Line:    it.Line,
			Text:    b.clean.text(it.Text, mostMessage),
			Meaning: b.clean.text(it.Meaning, mostMessage),
			Fix:     b.fix(e, Check{Code: e.Code}),
		})
	}
	return out
}

// JSON writes the explanation for scripts.
func (x Explanation) JSON(w io.Writer) error { return writeJSON(w, x) }

// Table writes the explanation for people.
func (x Explanation) Table(w io.Writer, o Options) error {
	p := newPage(o)
	p.explain(x)
	return p.send(w)
}

// explain writes each diagnosis with what to do.
func (p *page) explain(x Explanation) {
	for i, d := range x.Diagnoses {
		if i > 0 {
			p.blank()
		}
		head := d.Title + " (" + d.Code + ")"
		if len(x.Diagnoses) > 1 {
			head = fmt.Sprintf("%d of %d: %s", i+1, len(x.Diagnoses), head)
		}
		p.prose("", head, bold)
		switch {
		case d.Text == d.Code: // which was asked for
		case d.Line == 0:
			p.labelled("Found", d.Text)
		default:
			p.labelled("Found", fmt.Sprintf("line %d: %s", d.Line, d.Text))
		}
		p.labelled("Meaning", d.Meaning)
		p.labelled("Why", d.Cause)
		p.labelled("Stage", d.Stage)
		p.labelled("Who acts", who(d.Owner))
		p.steps(d.Fix)
	}
}
