package command

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"

	"upstox-doctor/checks/files"
	"upstox-doctor/report"
)

// plugin reports whether a system of monitoring called the doctor, which knows
// other exit statuses.
func (s OutputOptions) plugin() bool { return s.shows("nagios") }

// shows reports whether the format goes to standard output.
func (s OutputOptions) shows(format string) bool {
	return slices.Contains(s.outputs, report.Output{Format: format})
}

// writeResult writes the report of a run to every output and ends the command
// with its status. Outputs that have grown, if there are any, get their last
// lines.
func (a App) writeResult(s OutputOptions, doc report.Document, grown *jsonlOutputs) error {
	rest := s
	var err error
	if grown != nil {
		rest.outputs = slices.DeleteFunc(slices.Clone(s.outputs), isJSONL)
		err = grown.end(doc)
	}
	if len(rest.outputs) > 0 || len(s.outputs) == 0 {
		err = errors.Join(err, a.write(rest, doc))
	}
	if s.shows("github") {
		err = errors.Join(err, summarize(os.Getenv("GITHUB_STEP_SUMMARY"), doc))
	}
	switch {
	case err != nil:
		return s.asPlugin(fault(err))
	case s.plugin():
		return exit(report.NagiosExit(doc))
	}
	return exit(doc.ExitCode)
}

// summarize adds the report to the page that GitHub shows of the workflow run.
// The runner names a file for each step, which earlier commands of the step
// may have written to.
func summarize(path string, doc report.Document) error {
	if path == "" {
		return nil
	}
	var text bytes.Buffer
	text.WriteByte('\n')
	if err := report.Write([]report.Output{{Format: "markdown"}}, &text, doc, report.Options{}); err != nil {
		return err
	}
	file, err := files.OpenOutput(path, os.O_CREATE|os.O_APPEND)
	if err == nil {
		_, err = files.Bounded(file).Write(text.Bytes())
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		return fmt.Errorf("write the step summary: %w", err)
	}
	return nil
}

// asPlugin is how a command ends that a system of monitoring called and that
// has no report: its state is not known.
func (s OutputOptions) asPlugin(err error) error {
	if e, ok := errors.AsType[ExitError](err); ok && e.Err != nil && s.plugin() {
		return ExitError{3, e.Err}
	}
	return err
}

// errorText is the error behind the end of a command; nil if the report has
// said it all.
func errorText(err error) error {
	if e, ok := errors.AsType[ExitError](err); ok {
		return e.Err
	}
	return err
}
