package desk

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
)

// Diagnosis is what to examine and how.
type Diagnosis struct {
	Style
	Place
	Only, Skip        []string // check or stage IDs
	NoStream          bool     // stop before a socket is opened
	FailOn            string   // fail or warn
	Timeout, Deadline time.Duration
	TokenTTL          time.Duration
	Instrument, Mode  string // empty for the usual, or what the scenario wants
}

// Diagnose runs the checks and writes what they found.
func (d Desk) Diagnose(ctx context.Context, o Diagnosis) error {
	if err := o.parse(); err != nil {
		return err
	}
	w, session, err := d.open(o.Place, sim.Options{})
	if err != nil {
		return err
	}
	defer session.Close()
	if o.Instrument != "" {
		w.Instrument = o.Instrument
	}
	if o.Mode != "" {
		w.Mode = o.Mode
	}
	w.TokenTTL = o.TokenTTL
	if o.NoStream {
		o.Skip = append(o.Skip, "handshake", "ticks")
	}
	ctx, cancel := context.WithTimeout(ctx, o.Deadline)
	defer cancel()
	progress := report.NewProgress(d.Errs, !o.Quiet && report.IsTerminal(d.Errs))
	found, err := checks.Diagnose(ctx, w, checks.Options{Only: o.Only, Skip: o.Skip, Timeout: o.Timeout, Observe: progress.Observe})
	progress.Done()
	if err != nil {
		return Exit{Usage, err}
	}
	status := report.ExitCode(found.Report, o.FailOn == "warn")
	err = d.write(o.Style, report.New(found.Report, report.Meta{
		Tool:     report.Tool{Name: "upstox-doctor", Version: d.Version, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH},
		Market:   report.Market{State: string(found.Market.State), NextOpen: found.Market.NextOpen},
		ExitCode: status, Scrub: w.Secrets.String,
	}))
	if err != nil || status == 0 {
		return err
	}
	return Exit{Status: status}
}

// parse looks at the words before any work is done.
func (o *Diagnosis) parse() error {
	switch {
	case !slices.Contains([]string{"fail", "warn"}, o.FailOn):
		return Wrong("--fail-on %q is neither fail nor warn", o.FailOn)
	case o.Mode != "" && !slices.Contains(Modes, o.Mode):
		return Wrong("--mode %q is none of %s", o.Mode, modes())
	case o.Instrument != "" && !strings.Contains(o.Instrument, "|"):
		return Wrong("--instrument %q is no instrument key such as %s", o.Instrument, checks.ControlKey)
	case o.Timeout <= 0:
		return Wrong("--timeout %s is not above zero", o.Timeout)
	case o.Deadline <= 0:
		return Wrong("--deadline %s is not above zero", o.Deadline)
	}
	return o.Style.parse()
}
