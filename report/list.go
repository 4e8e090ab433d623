package report

import (
	"io"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
)

// A List is what the doctor knows: checks, diagnoses, scenarios. What is nil
// is not shown.
type List struct {
	Checks    []CheckInfo
	Diagnoses []*catalog.Entry
	Scenarios []ScenarioInfo
}

// CheckInfo is a check with all its targets.
type CheckInfo struct {
	ID      string   `json:"id"`
	Stage   string   `json:"stage"`
	Title   string   `json:"title"`
	Targets []string `json:"targets"`
}

type listedDiagnosis struct {
	Code   string `json:"code"`
	Stage  string `json:"stage"`
	Grade  string `json:"severity"`
	Title  string `json:"title"`
	Cause  string `json:"cause"`
	Owner  string `json:"owner"`
	Guide  string `json:"guide"`
	Repair string `json:"repair"`
}

// JSON writes one document with a member for each part that is not nil.
func (l List) JSON(w io.Writer) error {
	d := struct {
		Schema    string            `json:"schema"`
		Checks    []CheckInfo       `json:"checks,omitempty"`
		Diagnoses []listedDiagnosis `json:"diagnoses,omitempty"`
		Scenarios []ScenarioInfo    `json:"scenarios,omitempty"`
	}{Schema: "upstox-doctor/list/v1", Scenarios: l.Scenarios}
	for _, c := range l.Checks {
		if c.Targets == nil {
			c.Targets = []string{}
		}
		d.Checks = append(d.Checks, c)
	}
	for _, e := range l.Diagnoses {
		d.Diagnoses = append(d.Diagnoses, listedDiagnosis{
			e.Code, e.Stage, string(e.Grade), e.Title, e.Cause, string(e.Owner), e.Guide, e.Repair,
		})
	}
	return writeJSON(w, d)
}

// Table writes the parts as tables, one below the other.
func (l List) Table(w io.Writer, o Options) error {
	p := newPage(o)
	if l.Checks != nil {
		p.checks(l.Checks)
	}
	if l.Diagnoses != nil {
		p.gap()
		p.diagnoses(l.Diagnoses)
	}
	if l.Scenarios != nil {
		p.gap()
		p.scenarios(l.Scenarios)
	}
	return p.send(w)
}

// gap separates two tables.
func (p *page) gap() {
	if p.buf.Len() > 0 {
		p.blank()
	}
}

func (p *page) checks(checks []CheckInfo) {
	var rows [][]string
	for _, c := range checks {
		healthy := c.Title
		if len(c.Targets) > 0 {
			healthy += " (" + strings.Join(c.Targets, ", ") + ")"
		}
		rows = append(rows, []string{c.ID, healthy})
	}
	p.table([]column{{head: "Check", maxWidth: p.Width / 2}, {head: "Healthy when"}}, rows, 0)
}

func (p *page) diagnoses(entries []*catalog.Entry) {
	columns := []column{{head: "Code", maxWidth: 26}, {head: "Result", maxWidth: 12}, {head: "Who", maxWidth: 8}, {head: "Diagnosis"}}
	var rows [][]string
	for _, e := range entries {
		row := []string{e.Code, string(e.Grade), string(e.Owner), e.Title}
		if p.Width < minWideTable {
			row = []string{e.Code, e.Title}
		}
		rows = append(rows, row)
	}
	if p.Width < minWideTable {
		columns = []column{columns[0], columns[3]}
	}
	p.table(columns, rows, 0)
}

// ChecksOf lists checks by ID, each with all its targets.
func ChecksOf(all []doctor.Check) []CheckInfo {
	var infos []CheckInfo
	for _, c := range all {
		if n := len(infos); n == 0 || infos[n-1].ID != c.ID {
			infos = append(infos, CheckInfo{ID: c.ID, Stage: c.Stage(), Title: c.Title})
		}
		if c.Target != "" {
			last := &infos[len(infos)-1]
			last.Targets = append(last.Targets, c.Target)
		}
	}
	return infos
}
