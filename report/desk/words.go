package desk

import (
	"errors"
	"fmt"
	"io"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/redact"
	"upstox-doctor/report"
)

// mostLog is how much of standard input Explain reads, in bytes.
const mostLog = 64 << 20

// Explain names the diagnoses behind the text, or behind standard input if the
// text is empty or "-".
func (d Desk) Explain(s Style, text string) error {
	if err := s.parse(); err != nil {
		return err
	}
	if text == "" || text == "-" {
		log, err := io.ReadAll(io.LimitReader(d.In, mostLog))
		if err != nil {
			return fault(fmt.Errorf("read standard input: %w", err))
		}
		text = string(log)
	}
	matches := catalog.Explain(text)
	if len(matches) == 0 {
		return Exit{Unknown, errors.New("nothing in this text is known; run upstox-doctor to find out by checks")}
	}
	return d.write(s, report.Explain(matches, report.Meta{Scrub: new(redact.Set).String}))
}

// List shows the checks and the diagnoses.
func (d Desk) List(s Style) error {
	if err := s.parse(); err != nil {
		return err
	}
	all := checks.All(checks.Machine(""))
	return d.write(s, report.List{Checks: report.ChecksOf(all), Diagnoses: catalog.All()})
}

// Schema prints the JSON Schema of the report.
func (d Desk) Schema() error {
	if _, err := d.Out.Write(report.Schema()); err != nil {
		return fault(err)
	}
	return nil
}
