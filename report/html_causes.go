package report

import (
	"cmp"
	"fmt"
	"time"

	"upstox-doctor/checks/doctor"
)

// webCause is one finding with what to do about it.
type webCause struct {
	Class, Word, Title, Code string
	Why, Where, Seen         string
	Confidence, Owner, Guide string
	Evidence                 []webFact
	Steps                    []Step
}

// webOther is a finding that is not a root cause.
type webOther struct {
	webCause
	CausedBy string
}

func (d Document) webCauses() []webCause {
	var all []webCause
	for _, c := range d.RootCauses {
		w := webCause{
			Class: "fail", Word: "FAIL", Title: c.Title, Code: c.Code,
			Why: c.Cause, Where: where(c), Seen: cmp.Or(seen(d, c), c.Message),
			Confidence: sure(c.Confidence), Owner: who(c.Owner), Evidence: d.webEvidence(c.Evidence),
		}
		if d.Summary.Fail == 0 {
			w.Class, w.Word = "warn", "WARN"
		}
		w.Guide, w.Steps = c.Fix.web()
		all = append(all, w)
	}
	return all
}

// web is the row of the guide and the steps.
func (f Fix) web() (guide string, steps []Step) {
	if f.Guide != "" {
		guide = "the row " + quoted(f.Guide)
	}
	return guide, f.Steps
}

// webEvidence tells times as seen from the run too.
func (d Document) webEvidence(e evidence) []webFact {
	var fs []webFact
	for _, it := range e {
		name, value := human(it)
		if value == "" {
			continue
		}
		f := webFact{Name: name, Value: value}
		if s, ok := it.Value.(string); ok {
			if t, err := time.Parse(time.RFC3339, s); err == nil {
				f.At = t.Format(stamp)
				if rel := d.relative(t); rel != "" {
					f.Value += fmt.Sprintf(" (%s)", rel)
				}
			}
		}
		fs = append(fs, f)
	}
	return fs
}

// webOthers are the findings that are no root cause. One that another explains
// has no steps: it goes with that.
func (d Document) webOthers() []webOther {
	var all []webOther
	for _, c := range others(d) {
		w := webOther{CausedBy: c.CausedBy}
		w.Class, w.Word, w.Title, w.Code, w.Where = class(c.Status), word(c.Status), c.Message, c.Code, c.ID
		if c.Target != "" {
			w.Where += ", " + c.Target
		}
		if c.CausedBy == "" {
			w.Guide, w.Steps = c.Fix.web()
		}
		all = append(all, w)
	}
	return all
}

// webLogin is how the login ended.
type webLogin struct {
	Class, Word, Message string
	Notes                []string
	Causes               []webCause
}

func (d Document) webLogin() *webLogin {
	if d.Login == nil {
		return nil
	}
	s := doctor.Status(d.Login.Status)
	w := &webLogin{Class: class(s), Word: word(s), Message: d.Login.Message, Notes: d.Login.notes}
	for _, it := range d.Login.Diagnoses {
		c := webCause{Class: w.Class, Word: w.Word, Title: it.Title, Code: it.Code, Why: it.Cause, Where: it.Stage, Seen: it.Text, Owner: who(it.Owner)}
		c.Guide, c.Steps = it.Fix.web()
		w.Causes = append(w.Causes, c)
	}
	return w
}
