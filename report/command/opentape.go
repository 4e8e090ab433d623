package command

import (
	"context"
	"os"

	"upstox-doctor/checks"
	"upstox-doctor/checks/tape"
)

// openTape begins a recording in the file at path; none, and no error, if that
// is empty.
func (a App) openTape(ctx context.Context, path, kind, failOn string, w checks.World, p WorldOptions) (*tape.Writer, error) {
	if path == "" {
		return nil, nil
	}
	head := tape.Header{
		Tool: tape.Tool{Name: "upstox-doctor", Version: a.Version}, StartedAt: w.Now(), Kind: kind,
		FailOn: failOn, Simulated: p.Simulate,
	}
	host, _ := os.Hostname()
	return tape.Open(ctx, path, head, tape.Options{Secrets: w.Secrets, Private: []string{host}})
}
