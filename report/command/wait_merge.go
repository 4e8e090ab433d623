package command

import (
	"slices"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
)

// checksToRepeat names the checks to run once more: what failed, and what was
// skipped for it. Nothing means all, where the run before did not come to its
// end.
func (v *retrier) checksToRepeat(r doctor.Report) []string {
	if r.End != doctor.Complete {
		return nil
	}
	var only []string
	for _, res := range r.Results {
		bad := res.Status == doctor.Fail || v.failOnWarn && res.Status == doctor.Warn
		if (bad || res.Status == doctor.Skip && res.BlockedBy != "") && !slices.Contains(only, res.ID) {
			only = append(only, res.ID)
		}
	}
	return only
}

// mergeReports is the run before with the results that came anew. A check that
// may have named another target is the same check all the same.
func mergeReports(before, now checks.Report) checks.Report {
	if now.End != doctor.Complete && len(now.Results) < len(before.Results) {
		before.End = now.End
		return before // an interrupted run of a part adds nothing
	}
	out := now
	out.Results = nil
	ids := func(results []doctor.Result) map[string]bool {
		all := map[string]bool{}
		for _, r := range results {
			all[r.ID] = true
		}
		return all
	}
	anew, told := ids(now.Results), map[string]bool{}
	for _, r := range before.Results {
		switch {
		case !anew[r.ID]:
			out.Results = append(out.Results, r)
		case !told[r.ID]:
			told[r.ID] = true
			out.Results = append(out.Results, slices.DeleteFunc(slices.Clone(now.Results), func(n doctor.Result) bool { return n.ID != r.ID })...)
		}
	}
	if now.Market.State == "" || now.Market.State == "unknown" {
		out.Market = before.Market
	}
	return out
}
