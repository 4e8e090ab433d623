package command

import (
	"errors"
	"fmt"
	"os"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/files"
	"upstox-doctor/report"
)

// growing are the outputs of a run that are written while it goes on.
type growing struct {
	desk Desk
	meta report.Meta
	now  func() time.Time
	all  []*growth
}

// growth is one of them. A file is opened when the first check begins, so that
// wrong usage leaves it as it was.
type growth struct {
	out   report.Output
	lines *report.JSONLWriter // nil before the first check begins, or if the file cannot be opened
	file  *os.File            // nil for standard output
	err   error
}

// newGrowing finds the outputs that grow.
func (d Desk) newGrowing(s Style, meta report.Meta, now func() time.Time) *growing {
	g := &growing{desk: d, meta: meta, now: now}
	for _, out := range s.outputs {
		if grows(out) {
			g.all = append(g.all, &growth{out: out})
		}
	}
	return g
}

func grows(o report.Output) bool { return o.Format == "jsonl" }

// observe takes one event of the run.
func (g *growing) observe(e doctor.Event) {
	for _, one := range g.all {
		one.open(g)
		if one.lines != nil {
			one.lines.Begin(g.now())
			one.lines.Observe(e)
		}
	}
}

func (o *growth) open(g *growing) {
	if o.lines != nil || o.err != nil {
		return
	}
	if o.out.Path == "" {
		o.lines = report.NewJSONLWriter(g.desk.Out, g.meta)
		return
	}
	if o.file, o.err = files.OpenOutput(o.out.Path, os.O_CREATE|os.O_TRUNC); o.err == nil {
		o.lines = report.NewJSONLWriter(files.Bounded(o.file), g.meta)
	}
}

// login ends the first run and tells of the login that led to the second.
func (g *growing) login(first report.Document, l report.LoginReport) {
	for _, one := range g.all {
		if one.lines != nil {
			one.lines.End(first)
			one.lines.Login(l)
		}
	}
}

// end writes the last lines. The error names each output that failed.
func (g *growing) end(d report.Document) error {
	var errs []error
	for _, one := range g.all {
		one.open(g)
		if one.lines != nil {
			one.lines.End(d)
			one.err = one.lines.Err()
		}
		if one.file != nil {
			one.err = errors.Join(one.err, one.file.Close())
		}
		if one.err != nil {
			errs = append(errs, fmt.Errorf("write output %s: %w", one.out, one.err))
		}
	}
	return errors.Join(errs...)
}

// close closes the files of a run that did not come to its end.
func (g *growing) close() {
	for _, one := range g.all {
		if one.file != nil {
			one.file.Close()
		}
	}
}
