package command

import (
	"context"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
)

// TokenOptions holds the options of Token.
type TokenOptions struct {
	OutputOptions
	WorldOptions
	LimitOptions
	Offline bool // send no request
}

// Token examines the access token and writes its status.
func (a App) Token(ctx context.Context, o TokenOptions) error {
	if err := o.OutputOptions.parse(); err != nil {
		return err
	}
	if err := checkWords(o.FailOn, ""); err != nil {
		return err
	}
	if err := o.LimitOptions.parse(); err != nil {
		return err
	}
	w, session, err := a.openWorld(o.WorldOptions, sim.Options{})
	if err != nil {
		return err
	}
	defer session.Close()
	w.TokenTTL = o.TokenTTL
	defer a.within(o.OutputOptions, time.Now(), o.Deadline, "the check of the token")()
	ctx, cancel := context.WithTimeout(ctx, o.Deadline)
	defer cancel()
	progress := a.progress(o.Quiet)
	found := w.TokenStatus(ctx, checks.TokenOptions{Offline: o.Offline, Timeout: o.Timeout, Observe: progress.Observe})
	progress.Done()
	meta := a.reportMeta(w.Secrets.String, o.WorldOptions)
	meta.ExitCode = report.ExitCode(found.Report, o.FailOn == "warn")
	if err := a.write(o.OutputOptions, report.NewTokenStatus(found, meta, time.Local)); err != nil {
		return err
	}
	return exit(meta.ExitCode)
}
