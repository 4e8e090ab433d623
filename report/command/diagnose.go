package command

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/tape"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
)

// RunOptions is what to examine and how.
type RunOptions struct {
	OutputOptions
	WorldOptions
	LimitOptions
	Only, Skip       []string // check or stage IDs
	Portfolio        bool     // look at the portfolio feed too
	NoStream         bool     // stop before a socket is opened
	Instrument, Mode string   // empty for the usual, or what the scenario wants

	Login *LoginOptions // how to log in if that is the repair; its OutputOptions and WorldOptions are ignored; optional
	Yes   bool          // log in without a question

	TradingDay bool   // do nothing on a day without trading
	Notify     string // notify.Desktop or a command to tell of a failed run, or of any with a login; empty for none

	Record string // a tape to record on; empty for none

	Wait time.Duration // to run again until all is well, from the start of the first run; zero for one run
}

// Run runs the checks, repairs what a login repairs if that is wanted,
// and writes what they found.
func (a App) Run(ctx context.Context, o RunOptions) error {
	if err := o.parse(report.OfRun); err != nil {
		return o.asPlugin(err)
	}
	w, session, err := a.openWorld(o.WorldOptions, sim.Options{Redirect: o.Credentials["UPSTOX_REDIRECT_URI"]})
	if err != nil {
		return o.asPlugin(err)
	}
	defer session.Close()
	if o.Instrument, err = a.findInstrument(ctx, o.Instrument, w, o.Quiet); err != nil {
		return o.asPlugin(err)
	}
	w = o.world(w) // which changes the choice of checks too
	e := runner{app: a, options: o, world: w, session: session}
	if doc, none := e.noTrading(ctx); none {
		return a.writeResult(o.OutputOptions, doc, nil)
	}
	// A tape that cannot be written does not keep anything else from being done.
	var unrecorded error
	opening, cancel := context.WithTimeout(ctx, min(o.Timeout, o.Deadline)) // a long tape takes no more than a check
	defer cancel()
	e.world.Tape, unrecorded = a.openTape(opening, o.Record, tape.Run, o.FailOn, e.world, o.WorldOptions)
	defer e.world.Tape.Close()
	way, end, err := e.loginOptions()
	if err != nil {
		return o.asPlugin(err)
	}
	defer end()
	e.lines = a.newJSONLOutputs(o.OutputOptions, e.meta(), e.world.Now)
	defer e.lines.close()
	begun := time.Now()
	found, err := e.run(ctx)
	if err != nil {
		return o.asPlugin(choiceError(err))
	}
	doc := e.document(found)
	if o.Wait > 0 {
		doc = e.wait(ctx, begun, found)
	}
	if o.Login != nil && doc.Repairable() {
		doc = e.repair(ctx, way, found)
	}
	e.notify(ctx, doc)
	defer a.within(o.OutputOptions, begun, o.Deadline, "writing the report")()
	err = a.writeResult(o.OutputOptions, doc, e.lines)
	if unrecorded = errors.Join(unrecorded, e.world.Tape.Close()); unrecorded != nil {
		return o.asPlugin(fault(errors.Join(errorText(err), unrecorded)))
	}
	return err
}

// world is the one to examine, with what was asked for.
func (o *RunOptions) world(w checks.World) checks.World {
	w.Instrument = cmp.Or(o.Instrument, w.Instrument)
	w.Mode = cmp.Or(o.Mode, w.Mode)
	w.TokenTTL = o.TokenTTL
	w.Portfolio = w.Portfolio || o.Portfolio || slices.Contains(o.Only, checks.IDPortfolio)
	if o.NoStream {
		o.Skip = append(o.Skip, checks.IDHandshake, catalog.StageTicks)
	}
	return w
}

// A runner is the same checks in the same world, as often as they are
// run.
type runner struct {
	app     App
	options RunOptions
	world   checks.World
	session *sim.Session // nil unless simulated
	lines   *jsonlOutputs
	observe func(doctor.Event) // optional
}

// run runs the checks. The error is a choice of checks that cannot be.
func (e runner) run(ctx context.Context) (checks.Report, error) {
	o := e.options
	defer e.app.within(o.OutputOptions, time.Now(), o.Deadline, "the run")()
	ctx, cancel := context.WithTimeout(ctx, o.Deadline)
	defer cancel()
	progress := e.app.progress(o.Quiet)
	defer progress.Done()
	return checks.Run(ctx, e.world, checks.Options{Only: o.Only, Skip: o.Skip, Timeout: o.Timeout, Observe: func(event doctor.Event) {
		progress.Observe(event)
		e.lines.observe(event)
		if e.observe != nil {
			e.observe(event)
		}
	}})
}

// meta is what every report of this world says beside its results.
func (e runner) meta() report.Meta {
	return e.app.reportMeta(e.world.Secrets.String, e.options.WorldOptions)
}

func (e runner) document(found checks.Report) report.Document {
	return reportPage(found, e.meta(), e.options.FailOn)
}

// reportPage is what was found, as a page that ends with the status that failOn
// asks for.
func reportPage(found checks.Report, m report.Meta, failOn string) report.Document {
	m.Market = report.Market{State: string(found.Market.State), NextOpen: found.Market.NextOpen}
	m.ExitCode = report.ExitCode(found.Report, failOn == "warn")
	return report.New(found.Report, m)
}

// parse checks the options before any work is done.
func (o *RunOptions) parse(kinds ...report.Kind) error {
	if err := o.OutputOptions.parse(kinds...); err != nil {
		return err
	}
	if err := checkWords(o.FailOn, o.Mode); err != nil {
		return err
	}
	if err := o.LimitOptions.parse(); err != nil {
		return err
	}
	switch {
	case o.Login != nil && o.Login.Deadline <= 0:
		return UsageError("--login-deadline %s is not above zero", o.Login.Deadline)
	case o.Wait < 0:
		return UsageError("--wait %s is below zero", o.Wait)
	case o.Wait > 0 && o.Login != nil:
		return UsageError("--wait and --login: waiting cannot cure what a login mends; choose one")
	case o.Login == nil && o.Yes:
		return UsageError("--yes answers the question of --login, which is not given")
	case o.Login != nil:
		return o.Login.checkRequest()
	}
	return nil
}
