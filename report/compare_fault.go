package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
)

// A Fault says on which side the fault is. It depends only on what the two
// reports found.
type Fault struct {
	// Side is a or b for a failure that the other side does not have; neither
	// for one that both have and that lies in what they share; both if each has
	// its own, or both are set up alike with the same; none if nothing fails;
	// unknown if one of them did not run what fails on the other.
	Side    string       `json:"side"`
	Message string       `json:"message"`
	Causes  []SidedCause `json:"causes"`
	// Differs is the evidence that differs up to the check that fails on only
	// one side. It is what to look at, and no proof.
	Differs []Difference `json:"differences"`
}

// A SidedCause is a root cause that fails, and where.
type SidedCause struct {
	Side   string `json:"side"` // a, b or both
	Check  string `json:"check"`
	Code   string `json:"code"`
	Target string `json:"target"`
	Title  string `json:"title"`
	Owner  string `json:"owner"`
}

// sameHour is how far runs may lie apart to be of one hour of Upstox and of one
// token.
const sameHour = time.Hour

func (c Comparison) findFault() Fault {
	f := Fault{Causes: sidedRootCauses(c.A.doc, c.B.doc), Differs: []Difference{}}
	on := func(side string) []SidedCause {
		return slices.DeleteFunc(slices.Clone(f.Causes), func(s SidedCause) bool { return s.Side != side && s.Side != "both" })
	}
	a, b := on("a"), on("b")
	switch {
	case len(f.Causes) == 0 && (unended(c.A.doc) || unended(c.B.doc)):
		f.Side, f.Message = "unknown", "Nothing fails in what was run, but "+c.unfinishedRuns()+" did not come to its end."
	case len(f.Causes) == 0:
		f.Side, f.Message = "none", "Nothing fails on either side."
	case len(a) == 0:
		c.oneSided(&f, "b", b[0], c.B.doc, c.A.doc)
	case len(b) == 0:
		c.oneSided(&f, "a", a[0], c.A.doc, c.B.doc)
	case len(a) == len(f.Causes) && len(b) == len(f.Causes):
		f.shared(a[0])
	default:
		f.Side = "both"
		f.Message = fmt.Sprintf("Both fail, and differently: A at %s, B at %s.", places(a), places(b))
	}
	return f
}

// oneSided returns the Fault for a failure that only one side has.
func (c Comparison) oneSided(f *Fault, side string, cause SidedCause, own, others Document) {
	here, there := strings.ToUpper(side), "A"
	if side == "a" {
		there = "B"
	}
	at := slices.IndexFunc(own.Checks, func(k Check) bool {
		return k.ID == cause.Check && k.Code == cause.Code && k.Status == doctor.Fail
	})
	other, found := counterpart(own.Checks[at], own.Checks, others.Checks)
	if !found || other.Status == doctor.Skip {
		f.Side = "unknown"
		f.Message = fmt.Sprintf("Only %s fails, at %s, and %s did not run that check: the two do not tell which side is at fault.",
			here, place(cause), there)
		return
	}
	f.Side = side
	f.Message = fmt.Sprintf("The fault is on %s's side, at %s. On %s the same check does not fail.", here, place(cause), there)
	if side == "b" { // differences are in the order of A
		at = slices.IndexFunc(others.Checks, func(k Check) bool { return k.ID == other.ID && k.Target == other.Target })
	}
	for _, d := range c.Differences {
		if d.Kind == "evidence" && d.order <= at {
			f.Differs = append(f.Differs, d)
		}
	}
	if gap := c.B.began.Sub(c.A.began).Abs(); !c.A.began.IsZero() && !c.B.began.IsZero() && gap > sameHour {
		f.Message += fmt.Sprintf(" The runs lie %s apart, so it may also lie in the time between.", humanize.Duration(gap))
	}
}

// shared fills f for failures that both sides have.
func (f *Fault) shared(first SidedCause) {
	f.Side = "neither"
	alike := "Both fail alike, at " + place(first) + ": "
	switch stage := (doctor.Result{ID: first.Check}).Stage(); {
	case stage == catalog.StageEnvironment, first.Check == checks.IDTokenPresent, stage == catalog.StageNetwork && first.Owner == string(catalog.You):
		f.Side, f.Message = "both", alike+"both are set up with the same fault."
	case stage == catalog.StageNetwork:
		f.Message = alike + "the fault is in neither machine, but in what lies between both of them and Upstox, or in Upstox."
	default:
		f.Message = alike + "the fault is in neither machine, but in what they share: the account, the token or Upstox."
	}
}

// unfinishedRuns names the runs that did not end.
func (c Comparison) unfinishedRuns() string {
	switch {
	case !unended(c.B.doc):
		return "A"
	case !unended(c.A.doc):
		return "B"
	}
	return "each of them"
}

func unended(d Document) bool { return cmp.Or(d.End, doctor.Complete) != doctor.Complete }

// sidedRootCauses merges the root causes of both sides that fail, A's first.
func sidedRootCauses(a, b Document) []SidedCause {
	all := []SidedCause{}
	add := func(side string, own, others Document) {
		for _, r := range own.RootCauses {
			if !fails(own, r) {
				continue
			}
			s := SidedCause{side, r.Check, r.Code, r.Target, r.Title, r.Owner}
			if slices.ContainsFunc(others.RootCauses, func(o Cause) bool { return sameCause(r, own, o, others) }) {
				s.Side = "both"
			}
			if s.Side != "both" || side == "a" {
				all = append(all, s)
			}
		}
	}
	add("a", a, b)
	add("b", b, a)
	return all
}

func fails(d Document, r Cause) bool {
	return slices.ContainsFunc(d.Checks, func(c Check) bool { return c.ID == r.Check && c.Code == r.Code && c.Status == doctor.Fail })
}

// sameCauses reports whether both sides have the same root causes, warnings
// where nothing fails.
func sameCauses(a, b Document) bool {
	in := func(own, others Document) bool {
		return !slices.ContainsFunc(own.RootCauses, func(r Cause) bool {
			return !slices.ContainsFunc(others.RootCauses, func(o Cause) bool { return sameCause(r, own, o, others) })
		})
	}
	return in(a, b) && in(b, a)
}

// sameCause reports whether the two are the same finding. Targets count where
// the check is put to several of them.
func sameCause(r Cause, own Document, o Cause, others Document) bool {
	if r.Check != o.Check || r.Code != o.Code {
		return false
	}
	several := func(d Document) bool { return alike(Check{ID: r.Check}, d.Checks) > 1 }
	targets := func(c Cause) []string { return slices.Sorted(slices.Values(append(slices.Clone(c.Targets), c.Target))) }
	return !several(own) && !several(others) || slices.Equal(slices.Compact(targets(r)), slices.Compact(targets(o)))
}

// place is where a root cause was found, and what it is.
func place(s SidedCause) string { return s.Check + " (" + s.Code + ")" }

func places(all []SidedCause) string {
	var names []string
	for _, s := range all {
		names = append(names, place(s))
	}
	return join(names)
}
