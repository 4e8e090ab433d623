package report

import (
	"cmp"

	"upstox-doctor/checks/doctor"
)

// htmlRow is one check, on one target.
type htmlRow struct {
	Class, Word   string
	Check, Target string
	Began, Took   string // empty if the check did not run
	Code, Seen    string
	CausedBy      string
}

// htmlRows has every check by its stage, each target in a row of its own.
func (d Document) htmlRows() map[string][]htmlRow {
	all := map[string][]htmlRow{}
	for _, c := range d.Checks {
		row := htmlRow{
			Class: class(c.Status), Word: word(c.Status), Check: c.ID, Target: c.Target,
			Code: c.Code, Seen: c.Message, CausedBy: c.CausedBy,
		}
		if c.Status == doctor.Pass {
			row.Seen = cmp.Or(c.Message, c.Title)
		}
		if c.StartedMS != nil {
			row.Began, row.Took = "+"+offset(*c.StartedMS), elapsed(c.DurationMS)
		} else if c.Status != doctor.Skip {
			row.Took = elapsed(c.DurationMS)
		}
		all[c.Stage] = append(all[c.Stage], row)
	}
	return all
}

// offset tells milliseconds since the start of the run.
func offset(ms int64) string {
	if ms < 1 {
		return "0 ms"
	}
	return elapsed(ms)
}
