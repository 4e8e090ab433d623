package report

import (
	"io"

	"upstox-doctor/checks/catalog"
)

// An Explanation is what a code, an error or a log points to, the first cause
// first. Its JSON form is for scripts.
type Explanation struct {
	Schema    string      `json:"schema"`
	Diagnoses []Explained `json:"diagnoses"`
	Decide    string      `json:"decide"` // the command that tells which cause it is, where several fit; else empty

	// Typed says that the text was given as words, which need not be shown again.
	Typed bool `json:"-"`
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

// Explain builds the explanation. Of m it uses Scrub, OS and Caller.
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
		out.Decide = b.call(catalog.Step{Run: catalog.Decides(causes)})
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
