package report

import (
	"fmt"
	"strings"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
)

// htmlVerdict is what the page says first.
type htmlVerdict struct {
	Class, Word string // of the badge
	Head        string
	Lead        string   // what else there is to say, or empty
	More        []string // titles of the other root causes
	Waited      string   // how it was waited for all to be well, or empty
}

// verdictOf says in two lines what the table's verdict says.
func verdictOf(d Document) htmlVerdict {
	v := htmlVerdict{Class: "pass", Word: "PASS"}
	switch {
	case d.Summary.Fail > 0:
		v.Class, v.Word = "fail", "FAIL"
	case d.Summary.Warn > 0:
		v.Class, v.Word = "warn", "WARN"
	}
	if len(d.RootCauses) > 0 {
		v.Head = d.RootCauses[0].Title
		for _, c := range d.RootCauses[1:] {
			v.More = append(v.More, c.Title)
		}
		if d.Summary.Fail == 0 {
			v.Lead = healthy(d)
		}
	} else {
		v.Head, v.Lead, _ = strings.Cut(healthy(d), ". ")
		v.Head = strings.TrimSuffix(v.Head, ".")
	}
	v.Waited = d.Wait.words()
	if text := unfinished(d.End); text != "" {
		if len(d.RootCauses) > 0 {
			v.More = append([]string{v.Head}, v.More...)
		}
		v.Class, v.Word, v.Head, v.Lead = "stop", "STOP", text, ""
	}
	return v
}

// htmlFact is one line about the whole run. At is the moment that it tells, in
// the form of RFC 3339, or empty.
type htmlFact struct{ Name, Value, At string }

// facts tells of the run itself.
func (d Document) facts() []htmlFact {
	s := d.Summary
	fs := []htmlFact{started(d.StartedAt), {Name: "Took", Value: elapsed(d.DurationMS)}}
	fs = append(fs, htmlFact{Name: "Checks", Value: fmt.Sprintf("%d pass, %d warn, %d fail, %d skip", s.Pass, s.Warn, s.Fail, s.Skip)})
	return append(fs, d.market(), htmlFact{Name: "Exit status", Value: fmt.Sprintf("%d: %s", d.ExitCode, meaning(d.ExitCode))})
}

// started tells the time of the run in India, and on the machine if its clock
// shows another.
func started(at string) htmlFact {
	f := htmlFact{Name: "Started", Value: at}
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return f
	}
	f.Value, f.At = humanize.Timestamp(t), at
	if !isIndian(t) {
		f.Value += t.Format(" (15:04:05 -07:00 on the machine)")
	}
	return f
}

// market says when a closed market opens.
func (d Document) market() htmlFact {
	f := htmlFact{Name: "Market", Value: "not known"}
	if d.Market.State != "" && d.Market.State != "unknown" {
		f.Value = d.Market.State
	}
	if next := d.Market.NextOpen; !next.IsZero() && f.Value != "open" {
		f.Value += ", opens " + humanize.Moment(next)
		if rel := d.relative(next); rel != "" {
			f.Value += ", " + rel
		}
		f.At = next.Format(timeLayout)
	}
	return f
}

// relative tells a time as it was seen from the start of the run.
func (d Document) relative(at time.Time) string {
	began, err := time.Parse(time.RFC3339, d.StartedAt)
	if err != nil {
		return ""
	}
	if wait := at.Sub(began); wait >= 0 {
		return "in " + humanize.Duration(wait)
	}
	return humanize.Duration(began.Sub(at)) + " before the run"
}

// class is the word by which the style sheet knows a status.
func class(s doctor.Status) string {
	switch s {
	case doctor.Pass, doctor.Warn, doctor.Fail:
		return string(s)
	}
	return "skip"
}
