package desk

import (
	"context"
	"runtime"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
)

// TokenCheck is how to judge the access token.
type TokenCheck struct {
	Style
	Place
	Offline           bool   // ask nobody
	FailOn            string // fail or warn
	Timeout, Deadline time.Duration
	TokenTTL          time.Duration
}

// Token judges the access token and writes its status.
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
	ctx, cancel := context.WithTimeout(ctx, o.Deadline)
	defer cancel()
	progress := report.NewProgress(d.Errs, !o.Quiet && report.IsTerminal(d.Errs))
	found := w.TokenStatus(ctx, checks.TokenOptions{Offline: o.Offline, Timeout: o.Timeout, Observe: progress.Observe})
	progress.Done()
	status := report.ExitCode(found.Report, o.FailOn == "warn")
	page := report.NewTokenStatus(found, report.Meta{
		Tool:     report.Tool{Name: "upstox-doctor", Version: d.Version, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH},
		ExitCode: status, Scrub: w.Secrets.String,
	}, time.Local)
	if err := d.write(words.Style, page); err != nil || status == 0 {
		return err
	}
	return Exit{Status: status}
}
