package command

import (
	"fmt"

	"upstox-doctor/checks/files"
	"upstox-doctor/report"
)

// Compare tells two JSON reports apart, each in a file or, as -, on standard
// input. The status is 1 if their verdicts differ.
func (a App) Compare(s OutputOptions, files []string) error {
	if err := s.parse(); err != nil {
		return err
	}
	switch {
	case len(files) != 2:
		return UsageError("compare takes two JSON reports, got %d", len(files))
	case files[0] == "-" && files[1] == "-":
		return UsageError("compare: only one report can come from standard input")
	}
	var docs [2]report.Document
	for i, name := range files {
		var err error
		if docs[i], err = a.readReport(name); err != nil {
			return ExitError{ExitUsage, err}
		}
	}
	c := report.Compare(files[0], docs[0], files[1], docs[1])
	if err := a.write(s, c); err != nil {
		return err
	}
	return exit(c.ExitCode)
}

func (a App) readReport(name string) (doc report.Document, err error) {
	in := a.In
	if name != "-" {
		file, err := files.Lazy(name)
		if err != nil {
			return doc, err
		}
		defer file.Close()
		in = file
	}
	if doc, err = report.ReadDocument(in); err != nil {
		return doc, fmt.Errorf("read %s: %w", name, err)
	}
	return doc, nil
}
