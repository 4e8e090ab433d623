package doctor

import (
	"slices"
	"time"
)

// A Report is all results of one run, in the order in which the checks were
// listed.
type Report struct {
	Started  time.Time
	Duration time.Duration
	Results  []Result
	End      End

	facts map[Key]any
}

// End says how a run ended.
type End string

const (
	Complete    End = "complete"
	Interrupted End = "interrupted"       // the context was cancelled
	OutOfTime   End = "deadline-exceeded" // the deadline came before the last check
	Faulty      End = "internal-error"    // a check panicked or ignored its time-out
)

// CodeFault is the code of a check that panicked or ignored its time-out.
const CodeFault = "doctor-fault"

// Count tells how many results have the status.
func (r Report) Count(s Status) int {
	n := 0
	for _, res := range r.Results {
		if res.Status == s {
			n++
		}
	}
	return n
}

// Status is Fail if any check failed, else Warn if any warned, else Pass.
func (r Report) Status() Status {
	for _, s := range []Status{Fail, Warn} {
		if r.Count(s) > 0 {
			return s
		}
	}
	return Pass
}

// A RootCause is a finding that no other finding explains.
type RootCause struct {
	Result
	Targets []string // all targets with this finding, the first is Result.Target
}

// RootCauses returns the failures that are not consequences, first the one to
// fix first; if nothing failed, the warnings. The same finding of one check on
// several targets is one cause.
func (r Report) RootCauses() []RootCause {
	want := r.Status()
	if want == Pass {
		return nil
	}
	var causes []RootCause
	for _, res := range r.Results {
		if res.Status != want || r.Explained(res) {
			continue
		}
		same := func(c RootCause) bool { return c.ID == res.ID && c.Code == res.Code }
		if i := slices.IndexFunc(causes, same); i >= 0 {
			causes[i].Targets = append(causes[i].Targets, res.Target)
			continue
		}
		causes = append(causes, RootCause{res, []string{res.Target}})
	}
	return causes
}

// Explained reports whether another finding of this report explains the result.
func (r Report) Explained(res Result) bool {
	return res.CausedBy != "" && slices.ContainsFunc(r.Results, func(o Result) bool {
		return o.ID == res.CausedBy && (o.Status == Fail || o.Status == Warn)
	})
}
