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

// A watchOutputs is all that is written while a watch goes on, and after it.
type watchOutputs struct {
	app     App
	options WatchOptions
	meta    report.Meta
	stop    func() // ends the watch, because its output cannot be written

	live   []watchOutput
	screen *live.Screen
	atEnd  []report.Output // what is written only then
}

// A watchOutput is one output of a watch that goes on.
type watchOutput struct {
	out  report.Output
	w    io.Writer
	file *os.File // nil for standard output
	sink errSink
}

// reportOptions is how the summary looks; the window may have another size by
// then.
func (o WatchOptions) reportOptions(one watchOutput) report.Options {
	options := report.Options{Verbose: o.Verbose}
	if one.file != nil {
		return options
	}
	options.Quiet = o.Quiet || o.brief
	return report.TerminalOptions(one.w, o.Color, options)
}

type errSink interface {
	watch.Sink
	Err() error // the first of its writer
}

// open makes a view of each output. The error is a file that cannot be
// written.
func (v *watchOutputs) open() error {
	outputs := v.options.outputs
	if len(outputs) == 0 {
		outputs = []report.Output{{Format: "table"}}
	}
	for _, out := range outputs {
		if out.Format != "table" && out.Format != "jsonl" {
			v.atEnd = append(v.atEnd, out)
			continue
		}
		one := watchOutput{out: out, w: v.app.Out}
		if out.Path != "" {
			f, err := files.OpenGrowing(out.Path)
			if err != nil {
				v.close()
				return fmt.Errorf("write output %s: %w", out, err)
			}
			one.file, one.w = f, f
		}
		one.sink = v.sink(one)
		v.live = append(v.live, one)
	}
	return nil
}

// sink shows the watch as JSON lines, on the screen of a terminal, or as a
// line for each event.
func (v *watchOutputs) sink(one watchOutput) errSink {
	o := v.options
	switch {
	case one.out.Format == "jsonl":
		return live.NewJSONLSink(rawio.Writer(one.w), v.meta, v.stop)
	case one.file == nil && report.IsTerminal(one.w) && !o.Plain && !o.Quiet:
		v.screen = live.NewScreen(one.w, live.ScreenOptions{
			Color: o.reportOptions(one).Color, ASCII: report.ASCII(os.LookupEnv), Meta: v.meta, Size: live.TerminalSize(one.w),
		}, v.stop)
		return v.screen
	}
	lines := live.NewPlainSink(one.w, v.meta, o.Quiet, v.stop)
	if o.brief && one.file == nil && report.IsTerminal(one.w) {
		columns, _ := live.TerminalSize(one.w)()
		lines.Every, lines.InPlace = time.Second, columns-1
	}
	return lines
}

// begin says what is watched, and returns what is to be told the rest.
func (v *watchOutputs) begin(at time.Time, keys []string, mode string) watch.Sink {
	var all live.MultiSink
	for _, one := range v.live {
		if l, ok := one.sink.(*live.JSONLSink); ok {
			l.Begin(at, keys, mode)
		}
		all = append(all, one.sink)
	}
	return all
}

// closeScreen gives the terminal back. It may be called again.
func (v *watchOutputs) closeScreen() {
	if v.screen != nil {
		v.screen.Close()
	}
}

// finish writes what the watch came to and ends the command with its status;
// unrecorded is what kept it from being recorded whole, or nil.
func (v *watchOutputs) finish(s watch.Summary, unrecorded error) error {
	meta := v.meta
	meta.ExitCode = report.WatchExit(s, v.options.FailOn == "warn")
	if err := errors.Join(v.end(report.NewWatchSummary(s, meta)), unrecorded); err != nil {
		return fault(err)
	}
	return exit(meta.ExitCode)
}

// end writes the summary to every output that still takes something. The error
// names each that failed.
func (v *watchOutputs) end(w report.WatchSummary) error {
	var errs []error
	for i := range v.live {
		one := &v.live[i]
		err := one.sink.Err()
		if l, ok := one.sink.(*live.JSONLSink); ok {
			l.End(w)
			err = l.Err()
		} else if err == nil {
			err = w.Table(one.w, v.options.reportOptions(*one))
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
		errs = append(errs, report.Write(v.atEnd, v.app.Out, w, report.Options{}))
	}
	return errors.Join(errs...)
}

// close closes what end has not.
func (v *watchOutputs) close() {
	v.closeScreen()
	for _, one := range v.live {
		if one.file != nil {
			one.file.Close()
		}
	}
}
