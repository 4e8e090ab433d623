package report

import (
	"cmp"

	"upstox-doctor/checks/doctor"
)

// htmlStage is the results of one stage.
type htmlStage struct {
	Name string
	Rows []htmlRow
}

type htmlRow struct {
	Class, Word   string
	Check, Target string
	Began, Took   string // empty if the check did not run
	Code, Seen    string
	CausedBy      string
}

// htmlStages has every check, each target in a row of its own.
func (d Document) htmlStages() []htmlStage {
	var all []htmlStage
	for _, c := range d.Checks {
		if n := len(all); n == 0 || all[n-1].Name != c.Stage {
			all = append(all, htmlStage{Name: c.Stage})
		}
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
		last := &all[len(all)-1]
		last.Rows = append(last.Rows, row)
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
