package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"upstox-doctor/checks/files"
	"upstox-doctor/checks/rawio"
	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
	"upstox-doctor/report/live"
)

// A viewing is all that is written while a watch goes on, and after it.
type viewing struct {
	desk    Desk
	options Watching
	meta    report.Meta
	stop    func() // ends the watch, because its output cannot be written

	views  []view
	screen *live.Screen
	atEnd  []report.Output // what is written only then
}

// A view is one output of a watch that goes on.
type view struct {
	out  report.Output
	w    io.Writer
	file *os.File // nil for standard output
	sink viewer
}

// look is how the summary looks; the window may have another size by then.
func (o Watching) look(one view) report.Options {
	look := report.Options{Verbose: o.Verbose}
	if one.file != nil {
		return look
	}
	look.Quiet = o.Quiet
	return report.TerminalOptions(one.w, o.Color, look)
}

type viewer interface {
	watch.Sink
	Err() error // the first of its writer
}

// open makes a view of each output. The error is a file that cannot be
// written.
func (v *viewing) open() error {
	outputs := v.options.outputs
	if len(outputs) == 0 {
		outputs = []report.Output{{Format: "table"}}
	}
	for _, out := range outputs {
		if out.Format != "table" && out.Format != "jsonl" {
			v.atEnd = append(v.atEnd, out)
			continue
		}
		one := view{out: out, w: v.desk.Out}
		if out.Path != "" {
			f, err := files.OpenOutput(out.Path, os.O_CREATE|os.O_TRUNC)
			if err != nil {
				v.close()
				return fmt.Errorf("write output %s: %w", out, err)
			}
			one.file, one.w = f, f
		}
		one.sink = v.sink(one)
		v.views = append(v.views, one)
	}
	return nil
}

// sink shows the watch as JSON lines, on the screen of a terminal, or as a
// line for each event.
func (v *viewing) sink(one view) viewer {
	o := v.options
	switch {
	case one.out.Format == "jsonl":
		return live.NewLines(rawio.Writer(one.w), v.meta, v.stop)
	case one.file == nil && report.IsTerminal(one.w) && !o.Plain && !o.Quiet:
		v.screen = live.NewScreen(one.w, live.Look{
			Color: o.look(one).Color, ASCII: live.ASCII(os.LookupEnv), Meta: v.meta, Size: live.TerminalSize(one.w),
		}, v.stop)
		return v.screen
	}
	return live.NewPlain(one.w, v.meta, o.Quiet, v.stop)
}

// begin says what is watched, and returns what is to be told the rest.
func (v *viewing) begin(at time.Time, keys []string, mode string) watch.Sink {
	var all live.Sinks
	for _, one := range v.views {
		if l, ok := one.sink.(*live.Lines); ok {
			l.Begin(at, keys, mode)
		}
		all = append(all, one.sink)
	}
	return all
}

// leave gives the terminal back. It may be called again.
func (v *viewing) leave() {
	if v.screen != nil {
		v.screen.Close()
	}
}

// finish writes what the watch came to and ends the command with its status;
// unrecorded is what kept it from being recorded whole, or nil.
func (v *viewing) finish(s watch.Summary, unrecorded error) error {
	meta := v.meta
	meta.ExitCode = report.WatchExit(s, v.options.FailOn == "warn")
	if err := errors.Join(v.end(report.NewWatchSummary(s, meta)), unrecorded); err != nil {
		return fault(err)
	}
	return exit(meta.ExitCode)
}

// end writes the summary to every output that still takes something. The error
// names each that failed.
func (v *viewing) end(w report.WatchSummary) error {
	var errs []error
	for i := range v.views {
		one := &v.views[i]
		err := one.sink.Err()
		if l, ok := one.sink.(*live.Lines); ok {
			l.End(w)
			err = l.Err()
		} else if err == nil {
			err = w.Table(one.w, v.options.look(*one))
		}
		if one.file != nil {
			err = errors.Join(err, one.file.Close())
			one.file = nil
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("write output %s: %w", one.out, err))
		}
	}
	if len(v.atEnd) > 0 {
		errs = append(errs, report.Write(v.atEnd, v.desk.Out, w, report.Options{}))
	}
	return errors.Join(errs...)
}

// close closes what end has not.
func (v *viewing) close() {
	v.leave()
	for _, one := range v.views {
		if one.file != nil {
			one.file.Close()
		}
	}
}
