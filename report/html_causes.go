package report

import (
	"cmp"
	"fmt"
	"time"

	"upstox-doctor/checks/doctor"
)

// htmlCause is one finding with what to do about it.
type htmlCause struct {
	Class, Word, Title, Code string
	Why, Where, Seen         string
	Confidence, Owner, Guide string
	Evidence                 []htmlFact
	Steps                    []Step
}

// htmlOther is a finding that is not a root cause.
type htmlOther struct {
	htmlCause
	CausedBy string
}

func (d Document) htmlCauses() []htmlCause {
	var all []htmlCause
	for _, c := range d.RootCauses {
		w := htmlCause{
			Class: "fail", Word: "FAIL", Title: c.Title, Code: c.Code,
			Why: c.Cause, Where: where(c), Seen: cmp.Or(evidenceOfTargets(d, c), c.Message),
			Confidence: confidenceText(c.Confidence), Owner: ownerText(c.Owner), Evidence: d.htmlEvidence(c.Evidence),
		}
		if d.Summary.Fail == 0 {
			w.Class, w.Word = "warn", "WARN"
		}
		w.Guide, w.Steps = c.Fix.htmlSteps()
		all = append(all, w)
	}
	return all
}

// htmlSteps is the row of the guide and the steps.
func (f Fix) htmlSteps() (guide string, steps []Step) {
	if f.Guide != "" {
		guide = "the row " + quoted(f.Guide)
	}
	return guide, f.Steps
}

// htmlEvidence tells times as seen from the run too.
func (d Document) htmlEvidence(e evidence) []htmlFact {
	var fs []htmlFact
	for _, it := range e {
		name, value := evidenceText(it)
		if value == "" {
			continue
		}
		f := htmlFact{Name: name, Value: value}
		if s, ok := it.Value.(string); ok {
			if t, err := time.Parse(time.RFC3339, s); err == nil {
				f.At = t.Format(timeLayout)
				if rel := d.relative(t); rel != "" {
					f.Value += fmt.Sprintf(" (%s)", rel)
				}
			}
		}
		fs = append(fs, f)
	}
	return fs
}

// htmlOthers are the findings that are no root cause. One that another explains
// has no steps: it goes with that.
func (d Document) htmlOthers() []htmlOther {
	var all []htmlOther
	for _, c := range otherFindings(d) {
		w := htmlOther{CausedBy: c.CausedBy}
		w.Class, w.Word, w.Title, w.Code, w.Where = class(c.Status), word(c.Status), c.Message, c.Code, c.ID
		if c.Target != "" {
			w.Where += ", " + c.Target
		}
		if c.CausedBy == "" {
			w.Guide, w.Steps = c.Fix.htmlSteps()
		}
		all = append(all, w)
	}
	return all
}

// htmlLogin is how the login ended.
type htmlLogin struct {
	Class, Word, Message string
	Notes                []string
	Causes               []htmlCause
	Next                 []Step
}

func (d Document) htmlLogin() *htmlLogin {
	if d.Login == nil {
		return nil
	}
	s := doctor.Status(d.Login.Status)
	w := &htmlLogin{Class: class(s), Word: word(s), Message: d.Login.Message, Notes: d.Login.notes, Next: d.Login.Next}
	for _, it := range d.Login.Diagnoses {
		c := htmlCause{Class: w.Class, Word: w.Word, Title: it.Title, Code: it.Code, Why: it.Cause, Where: it.Stage, Seen: it.Text, Owner: ownerText(it.Owner)}
		c.Guide, c.Steps = it.Fix.htmlSteps()
		w.Causes = append(w.Causes, c)
	}
	return w
}
