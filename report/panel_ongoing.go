package report

import (
	"slices"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
)

// An Ongoing is a run that goes on, as its panel shows it. It is told by
// doctor.Runner, one call at a time.
type Ongoing struct {
	meta    Meta
	checks  []doctor.Check // that were chosen
	ended   []*doctor.Result
	running []bool
	began   time.Time
}

// NewOngoing begins to follow a run of the checks. Of m it uses all but the exit
// code.
func NewOngoing(checks []doctor.Check, m Meta, began time.Time) *Ongoing {
	return &Ongoing{m, checks, make([]*doctor.Result, len(checks)), make([]bool, len(checks)), began}
}

// Observe takes one event of the run.
func (o *Ongoing) Observe(e doctor.Event) {
	i := slices.IndexFunc(o.checks, func(c doctor.Check) bool { return c.ID == e.Check.ID && c.Target == e.Check.Target })
	if i < 0 {
		return
	}
	o.running[i] = e.Result == nil
	if e.Result != nil {
		o.ended[i] = new(*e.Result)
	}
}

// Stages are the six stages as far as the run has come. One whose checks have
// not all ended says what the run before it said, if there was one.
func (o *Ongoing) Stages(before []PanelStage) []PanelStage {
	r := doctor.Report{Started: o.began, End: doctor.Complete}
	for _, res := range o.ended {
		if res != nil {
			r.Results = append(r.Results, *res)
		}
	}
	stages := New(r, o.meta).panelStages()
	for i, name := range catalog.Stages() {
		chosen, left, running := o.count(name)
		if chosen == 0 || left == 0 {
			continue
		}
		s := PanelStage{Name: name, Class: "waiting", Word: "wait", Mark: "·", Seen: "not examined yet"}
		if i < len(before) {
			s.Seen, s.Rows, s.Steps, s.Root, s.Old = before[i].Seen, before[i].Rows, before[i].Steps, before[i].Root, true
		}
		if running || left < chosen {
			s.Class, s.Word, s.Mark = "running", "now", "…"
		}
		stages[i] = s
	}
	return stages
}

func (o *Ongoing) count(stage string) (chosen, left int, running bool) {
	for i, c := range o.checks {
		if c.Stage() != stage {
			continue
		}
		chosen++
		if o.ended[i] == nil {
			left++
		}
		running = running || o.running[i]
	}
	return chosen, left, running
}

// Progress is how many checks have ended, and of how many.
func (o *Ongoing) Progress() (done, all int) {
	for _, res := range o.ended {
		if res != nil {
			done++
		}
	}
	return done, len(o.ended)
}
