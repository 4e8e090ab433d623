package desk

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/redact"
	"upstox-doctor/report"
	"upstox-doctor/report/schema"
)

// mostLog is how much of standard input Explain reads, in bytes.
const mostLog = 64 << 20

// Explain names the diagnoses behind the text, on the tape of that name, or
// behind standard input if the text is empty or "-".
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
	} else if isTape(text) {
		return d.explainTape(s, text)
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

// Schema prints the JSON Schema of what is named: by default the report, the
// lines of --output jsonl, which are those of a run (jsonl) or of a watch, or
// what the command of that name writes as JSON.
func (d Desk) Schema(of string) error {
	text, known := schema.Of(cmp.Or(of, "report"))
	if !known {
		return Wrong("no schema is called %q: choose one of %s", of, strings.Join(schema.Names(), ", "))
	}
	if _, err := d.Out.Write(text); err != nil {
		return fault(err)
	}
	return nil
}
