package report

import (
	"cmp"
	"runtime"
	"slices"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
)

// Bounds of text from outside, in characters.
const (
	maxName    = 200 // of an ID, a code, a target
	maxMessage = 400
	maxValue   = 1000 // of one string in the evidence
)

// Meta is what a Document says beside the results.
type Meta struct {
	Tool     Tool
	Market   Market
	ExitCode int                 // as told by the function ExitCode
	Scrub    func(string) string // redacts a text; nil finds secrets by their shape only
	OS       string              // whose commands to show, named as in runtime.GOOS, which it is if empty
	Caller   Caller              // how the program was called
}

// ExitCode is the status with which the program ends after this report.
func ExitCode(r doctor.Report, failOnWarn bool) int {
	switch {
	case r.End == doctor.Interrupted:
		return 130
	case r.End == doctor.OutOfTime, r.End == doctor.Faulty:
		return 4
	case r.Status() == doctor.Fail:
		return 1
	case r.Status() == doctor.Warn && failOnWarn:
		return 3
	}
	return 0
}

// New joins the results with what the catalog knows about them.
func New(r doctor.Report, m Meta) Document {
	return newBuilder(m).document(r, m)
}

type builder struct {
	lookup func(code string) *catalog.Entry
	clean  cleaner
	goos   string
	caller Caller
	passed func(id, target string) bool
}

// newBuilder makes the builder of what has been found. The values of flags, such
// as a token in the place of a file's name, are shown without secrets.
func newBuilder(m Meta) builder {
	clean, caller := cleaner{m.Scrub}, m.Caller
	caller.Flags = slices.Clone(caller.Flags)
	for i := range caller.Flags {
		caller.Flags[i] = clean.secrets(caller.Flags[i])
	}
	return builder{catalog.Lookup, clean, cmp.Or(m.OS, runtime.GOOS), caller, nil}
}

func (b builder) document(r doctor.Report, m Meta) Document {
	r.Results = slices.Clone(r.Results)
	for i, res := range r.Results {
		if !r.Explained(res) {
			r.Results[i].CausedBy = ""
		}
	}
	b.passed = func(id, target string) bool {
		return slices.ContainsFunc(r.Results, func(res doctor.Result) bool {
			return res.ID == id && res.Target == target && res.Status == doctor.Pass
		})
	}
	causes := r.RootCauses()
	if len(causes) == 0 {
		// Findings that only explain each other would hide all of them.
		for i := range r.Results {
			r.Results[i].CausedBy = ""
		}
		causes = r.RootCauses()
	}
	d := Document{
		Schema:     SchemaName,
		Tool:       m.Tool,
		StartedAt:  r.Started.Format(timeLayout),
		DurationMS: milliseconds(r.Duration),
		Status:     string(r.Status()),
		ExitCode:   m.ExitCode,
		End:        r.End,
		Summary:    Summary{r.Count(doctor.Pass), r.Count(doctor.Warn), r.Count(doctor.Fail), r.Count(doctor.Skip)},
		Market:     m.Market,
		RootCauses: []Cause{},
		Checks:     []Check{},
	}
	d.End = cmp.Or(d.End, doctor.Complete)
	if d.End != doctor.Complete {
		d.Status = "error"
	}
	for _, res := range r.Results {
		c := b.check(res)
		if !res.Began.Before(r.Started) { // what was found by an earlier run stands without its beginning
			c.StartedMS = new(milliseconds(res.Began.Sub(r.Started)))
		}
		d.Checks = append(d.Checks, c)
	}
	for _, c := range causes {
		d.RootCauses = append(d.RootCauses, b.cause(c))
	}
	if len(d.RootCauses) > 0 {
		d.RootCause = &d.RootCauses[0]
	}
	d.following = b.following(d)
	return d
}

func (b builder) check(res doctor.Result) Check {
	c := Check{
		ID:         b.clean.text(res.ID, maxName),
		Stage:      b.clean.text(res.Stage(), maxName),
		Title:      b.clean.text(res.Title, maxName),
		Status:     res.Status,
		Code:       b.clean.text(res.Code, maxName),
		Target:     b.clean.text(res.Target, maxName),
		Message:    b.clean.text(res.Message, maxMessage),
		Evidence:   b.clean.evidence(res.Evidence),
		BlockedBy:  b.clean.text(res.BlockedBy, maxName),
		CausedBy:   b.clean.text(res.CausedBy, maxName),
		DurationMS: milliseconds(res.Duration),
	}
	if c.Status != doctor.Warn && c.Status != doctor.Fail {
		return c
	}
	c.Code = cmp.Or(c.Code, doctor.CodeFault)
	e := b.entry(c.Code)
	c.Message = cmp.Or(c.Message, e.Title)
	c.Fix = new(b.fix(e, c))
	return c
}

func (b builder) cause(c doctor.RootCause) Cause {
	check := b.check(c.Result)
	e := b.entry(check.Code)
	out := Cause{
		Check:      check.ID,
		Stage:      check.Stage,
		Code:       check.Code,
		Target:     check.Target,
		Targets:    []string{},
		Title:      e.Title,
		Cause:      e.CauseOf(b.seen(check, nil)),
		Owner:      string(e.Owner),
		Confidence: c.Confidence,
		Message:    check.Message,
		Evidence:   check.Evidence,
	}
	out.Confidence = cmp.Or(out.Confidence, doctor.Certain)
	for _, t := range c.Targets {
		if t = b.clean.text(t, maxName); t != "" {
			out.Targets = append(out.Targets, t)
		}
	}
	out.Fix = b.fix(e, check, out.Targets...)
	out.more = b.call(catalog.Step{Run: "upstox-doctor explain " + check.Code})
	return out
}

// Title returns what the finding with the code is called.
func Title(code string) string { return newBuilder(Meta{}).entry(code).Title }

// entry never returns nil: a code without an entry is a mistake in our own source,
// and the entry returned says so.
func (b builder) entry(code string) *catalog.Entry {
	for _, c := range []string{code, doctor.CodeFault} {
		if e := b.lookup(c); e != nil {
			return e
		}
	}
	return &catalog.Entry{
		Code:  code,
		Title: "The doctor found something that it has no words for",
		Cause: "The catalog of diagnoses lacks this code. That is a mistake in the doctor, not in your setup.",
		Owner: catalog.You,
		Steps: []catalog.Step{{
			Do:  "Run the doctor again with all it has seen, and send the report to whoever maintains it.",
			Run: "upstox-doctor --output json=report.json",
		}},
	}
}

// milliseconds rounds to whole milliseconds and never below zero: a clock that
// is set back during a run must not break the document.
func milliseconds(d time.Duration) int64 {
	return max(0, d.Round(time.Millisecond).Milliseconds())
}
