package report

import (
	"cmp"
	"io"
	"slices"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
)

// CompareSchema is the name and version of the document of a comparison;
// within a version, fields are only added.
const CompareSchema = "upstox-doctor/compare/v1"

// A Comparison is what tells two reports apart, and on which side the fault
// lies. Its JSON form is for scripts.
type Comparison struct {
	Schema      string       `json:"schema"`
	Same        bool         `json:"same"`      // the same status and root causes
	ExitCode    int          `json:"exit_code"` // 0 if Same, otherwise 1
	A           Side         `json:"a"`
	B           Side         `json:"b"`
	Fault       Fault        `json:"fault"`
	Differences []Difference `json:"differences"`
}

// A Side is one of the two reports.
type Side struct {
	Name      string  `json:"name"` // as it was given: a file, or - for standard input
	Tool      Tool    `json:"tool"`
	StartedAt string  `json:"started_at"`
	Status    string  `json:"status"`
	Summary   Summary `json:"summary"`
	Market    string  `json:"market"`

	doc   Document
	began time.Time // zero if the report does not tell
}

// A Difference is one thing that the two reports tell differently.
type Difference struct {
	Kind   string `json:"kind"`  // result, evidence, duration, run (the program, its machine and its hour)
	Check  string `json:"check"` // empty for a run
	Target string `json:"target"`
	Name   string `json:"name"` // of the evidence, or what of the run
	A      any    `json:"a"`    // null where there is none
	B      any    `json:"b"`

	order int // of the check in its report
}

// Compare tells the two reports apart. What they hold comes from outside and
// is cleaned like anything else.
func Compare(nameA string, a Document, nameB string, b Document) Comparison {
	builder := newBuilder(Meta{})
	a, b = builder.sanitizeDocument(a), builder.sanitizeDocument(b)
	c := Comparison{
		Schema: CompareSchema,
		A:      builder.side(nameA, a), B: builder.side(nameB, b),
		Differences: append([]Difference{}, slices.Concat(runs(a, b), endings(a, b), evidences(a, b), durations(a, b))...),
	}
	c.Same = a.Status == b.Status && sameCauses(a, b)
	if !c.Same {
		c.ExitCode = 1
	}
	c.Fault = c.findFault()
	return c
}

func (b builder) side(name string, d Document) Side {
	began, _ := time.Parse(time.RFC3339, d.StartedAt)
	return Side{
		Name: b.clean.text(name, maxName), Tool: d.Tool, StartedAt: d.StartedAt, Status: d.Status,
		Summary: d.Summary, Market: cmp.Or(d.Market.State, "unknown"), doc: d, began: began,
	}
}

// sanitizeDocument cleans what a comparison shows of a document that somebody
// else wrote.
func (b builder) sanitizeDocument(d Document) Document {
	text := func(s string) string { return b.clean.text(s, maxName) }
	d.Tool = Tool{text(d.Tool.Name), text(d.Tool.Version), text(d.Tool.Go), text(d.Tool.OS), text(d.Tool.Arch)}
	d.StartedAt, d.Status, d.Market.State = text(d.StartedAt), text(d.Status), text(d.Market.State)
	d.Checks, d.RootCauses = slices.Clone(d.Checks), slices.Clone(d.RootCauses)
	for i := range d.Checks {
		c := &d.Checks[i]
		c.ID, c.Stage, c.Code, c.Target = text(c.ID), text(doctor.Result{ID: c.ID}.Stage()), text(c.Code), text(c.Target)
		c.Evidence = b.clean.evidence(doctor.Evidence(c.Evidence))
	}
	for i := range d.RootCauses {
		c := &d.RootCauses[i]
		c.Check, c.Code, c.Target, c.Title, c.Owner = text(c.Check), text(c.Code), text(c.Target), text(c.Title), text(c.Owner)
		c.Stage = doctor.Result{ID: c.Check}.Stage()
		c.Targets = slices.Clone(c.Targets)
		for j := range c.Targets {
			c.Targets[j] = text(c.Targets[j])
		}
		if e := catalog.Lookup(c.Code); e != nil {
			c.Title, c.Owner = e.Title, string(e.Owner)
		}
	}
	return d
}

// runs tells apart the programs, their machines and the state of the market.
func runs(a, b Document) []Difference {
	var all []Difference
	for _, it := range []struct{ name, a, b string }{
		{"version", a.Tool.Version, b.Tool.Version},
		{"go", a.Tool.Go, b.Tool.Go},
		{"os", a.Tool.OS + "/" + a.Tool.Arch, b.Tool.OS + "/" + b.Tool.Arch},
		{"market", cmp.Or(a.Market.State, "unknown"), cmp.Or(b.Market.State, "unknown")},
	} {
		if it.a != it.b {
			all = append(all, Difference{Kind: "run", Name: it.name, A: it.a, B: it.b})
		}
	}
	return all
}

// endings are the checks that ended otherwise, or stand in one report only.
func endings(a, b Document) []Difference {
	var all []Difference
	for i, c := range a.Checks {
		if other, found := counterpart(c, a.Checks, b.Checks); !found {
			all = append(all, Difference{"result", c.ID, c.Target, "", ending(c, true), nil, i})
		} else if other.Status != c.Status || other.Code != c.Code {
			all = append(all, Difference{"result", c.ID, c.Target, "", ending(c, true), ending(other, true), i})
		}
	}
	for i, c := range b.Checks {
		if _, found := counterpart(c, b.Checks, a.Checks); !found {
			all = append(all, Difference{"result", c.ID, c.Target, "", nil, ending(c, true), i})
		}
	}
	return all
}

// JSON writes the comparison for scripts.
func (c Comparison) JSON(w io.Writer) error { return writeJSON(w, c) }
