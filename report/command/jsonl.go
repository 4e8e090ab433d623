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

// jsonlOutputs are the outputs of a run that are written while it goes on.
type jsonlOutputs struct {
	app  App
	meta report.Meta
	now  func() time.Time
	all  []*jsonlOutput
}

// jsonlOutput is one of them. A file is opened when the first check begins, so
// that wrong usage leaves it as it was.
type jsonlOutput struct {
	out   report.Output
	lines *report.JSONLWriter // nil before the first check begins, or if the file cannot be opened
	file  *os.File            // nil for standard output
	err   error
}

// newJSONLOutputs finds the outputs that grow.
func (a App) newJSONLOutputs(s OutputOptions, meta report.Meta, now func() time.Time) *jsonlOutputs {
	g := &jsonlOutputs{app: a, meta: meta, now: now}
	for _, out := range s.outputs {
		if isJSONL(out) {
			g.all = append(g.all, &jsonlOutput{out: out})
		}
	}
	return g
}

func isJSONL(o report.Output) bool { return o.Format == "jsonl" }

// observe takes one event of the run.
func (o *jsonlOutputs) observe(e doctor.Event) {
	for _, one := range o.all {
		one.open(o)
		if one.lines != nil {
			one.lines.Begin(o.now())
			one.lines.Observe(e)
		}
	}
}

func (o *jsonlOutput) open(g *jsonlOutputs) {
	if o.lines != nil || o.err != nil {
		return
	}
	if o.out.Path == "" {
		o.lines = report.NewJSONLWriter(g.app.Out, g.meta)
		return
	}
	if o.file, o.err = files.OpenGrowing(o.out.Path); o.err == nil {
		o.lines = report.NewJSONLWriter(files.Bounded(o.file), g.meta)
	}
}

// login ends the first run and tells of the login that led to the second.
func (o *jsonlOutputs) login(first report.Document, l report.LoginReport) {
	for _, one := range o.all {
		if one.lines != nil {
			one.lines.End(first)
			one.lines.Login(l)
		}
	}
}

// end writes the last lines. The error names each output that failed.
func (o *jsonlOutputs) end(d report.Document) error {
	var errs []error
	for _, one := range o.all {
		one.open(o)
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
func (o *jsonlOutputs) close() {
	for _, one := range o.all {
		if one.file != nil {
			one.file.Close()
		}
	}
}
