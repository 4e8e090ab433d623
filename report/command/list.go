package command

import (
	"cmp"
	"strings"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/report"
	"upstox-doctor/report/schema"
)

// List shows the checks and the diagnoses.
func (a App) List(s OutputOptions) error {
	if err := s.parse(); err != nil {
		return err
	}
	all := checks.All(everyCheck())
	return a.write(s, report.List{Checks: report.ChecksOf(all), Diagnoses: catalog.All()})
}

// everyCheck is a world with the checks that are off unless asked for.
func everyCheck() checks.World {
	w := checks.Machine("")
	w.Portfolio = true
	return w
}

// Schema prints the JSON Schema of what is named: by default the report, the
// lines of --output jsonl, which are those of a run (jsonl) or of a watch, or
// what the command of that name writes as JSON.
func (a App) Schema(of string) error {
	text, known := schema.Of(cmp.Or(of, "report"))
	if !known {
		return UsageError("no schema is called %q: choose one of %s", of, strings.Join(schema.Names(), ", "))
	}
	if _, err := a.Out.Write(text); err != nil {
		return fault(err)
	}
	return nil
}
