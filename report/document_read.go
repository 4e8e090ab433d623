package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/files"
)

// maxReportSize bounds a report that is read, in bytes.
const maxReportSize = 16 << 20

// maxReportChecks bounds its checks. A run has two dozen.
const maxReportChecks = 1000

// ReadDocument reads a report back from its JSON form. Fields that it does not
// know are ignored, since later versions add some.
func ReadDocument(r io.Reader) (Document, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxReportSize+1))
	switch {
	case err != nil:
		return Document{}, err
	case len(data) > maxReportSize:
		return Document{}, fmt.Errorf("longer than %d MiB", maxReportSize>>20)
	case files.TooManyValues(data):
		return Document{}, fmt.Errorf("a report does not have more than %d values", files.MaxJSONValues)
	}
	var head struct {
		Schema any `json:"schema"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return Document{}, fmt.Errorf("not one JSON document: %w", err)
	}
	name, _ := head.Schema.(string)
	switch family, _, _ := strings.Cut(SchemaName, "/v"); {
	case name == SchemaName:
	case strings.HasPrefix(name, family+"/v"):
		return Document{}, fmt.Errorf("a report of version %q, and only %s is known here", name[len(family)+1:], SchemaName)
	case name != "":
		return Document{}, fmt.Errorf("schema %q, not %s", name, SchemaName)
	default:
		return Document{}, errors.New("JSON, but no report")
	}
	var d Document
	if err := json.Unmarshal(data, &d); err != nil {
		return Document{}, fmt.Errorf("a damaged report: %w", err)
	}
	return d, d.whole()
}

// whole reports whether the results are such as a run has.
func (d Document) whole() error {
	if len(d.Checks) == 0 {
		return errors.New("a report without checks")
	}
	if n := len(d.Checks); n > maxReportChecks {
		return fmt.Errorf("a damaged report: it has %d checks", n)
	}
	seen, found := map[[2]string]bool{}, map[[2]string]bool{}
	for i, c := range d.Checks {
		known := slices.Contains([]doctor.Status{doctor.Pass, doctor.Warn, doctor.Fail, doctor.Skip}, c.Status)
		if c.ID == "" || !known || seen[[2]string{c.ID, c.Target}] {
			return fmt.Errorf("a damaged report: check %d is %q with status %q", i+1, c.ID, c.Status)
		}
		seen[[2]string{c.ID, c.Target}], found[[2]string{c.ID, c.Code}] = true, true
	}
	for _, c := range d.RootCauses {
		if !found[[2]string{c.Check, c.Code}] {
			return fmt.Errorf("a damaged report: no check found the root cause %q", c.Code)
		}
	}
	return nil
}
