package command

import (
	"context"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
)

// TokenCheck holds the options of Token.
type TokenCheck struct {
	Style
	Place
	Offline           bool   // send no request
	FailOn            string // fail or warn
	Timeout, Deadline time.Duration
	TokenTTL          time.Duration
}

// Token examines the access token and writes its status.
func (d Desk) Token(ctx context.Context, o TokenCheck) error {
	words := Diagnosis{Style: o.Style, FailOn: o.FailOn, Timeout: o.Timeout, Deadline: o.Deadline}
	if err := words.parse(); err != nil {
		return err
	}
	w, session, err := d.open(o.Place, sim.Options{})
	if err != nil {
		return err
	}
	defer session.Close()
	w.TokenTTL = o.TokenTTL
	defer d.within(o.Style, time.Now(), o.Deadline, "the check of the token")()
	ctx, cancel := context.WithTimeout(ctx, o.Deadline)
	defer cancel()
	progress := report.NewProgress(d.Errs, !o.Quiet && report.IsTerminal(d.Errs))
	found := w.TokenStatus(ctx, checks.TokenOptions{Offline: o.Offline, Timeout: o.Timeout, Observe: progress.Observe})
	progress.Done()
	meta := d.meta(w.Secrets.String)
	meta.ExitCode = report.ExitCode(found.Report, o.FailOn == "warn")
	if err := d.write(words.Style, report.NewTokenStatus(found, meta, time.Local)); err != nil {
		return err
	}
	return exit(meta.ExitCode)
}
