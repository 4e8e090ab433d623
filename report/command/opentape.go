package command

import (
	"os"

	"upstox-doctor/checks"
	"upstox-doctor/checks/tape"
)

// record begins a recording in the file at path; none, and no error, if that is
// empty.
func (d Desk) record(path, kind, failOn string, w checks.World, p Place) (*tape.Writer, error) {
	if path == "" {
		return nil, nil
	}
	head := tape.Header{
		Tool: tape.Tool{Name: "upstox-doctor", Version: d.Version}, StartedAt: w.Now(), Kind: kind,
		FailOn: failOn, Simulated: p.Simulate,
	}
	host, _ := os.Hostname()
	return tape.Open(path, head, tape.Options{Secrets: w.Secrets, Private: []string{host}})
}
