package command

import (
	"cmp"
	"context"
	"errors"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/tape"
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

	Login *Login // how to log in if that is the repair; its Style and Place are ignored; optional
	Yes   bool   // log in without a question

	Record string // a tape to record on; empty for none

	Wait time.Duration // to run again until all is well, from the start of the first run; zero for one run
}

// Diagnose runs the checks, repairs what a login repairs if that is wanted,
// and writes what they found.
func (d Desk) Diagnose(ctx context.Context, o Diagnosis) error {
	if err := o.parse(report.OfRun); err != nil {
		return o.asPlugin(err)
	}
	w, session, err := d.open(o.Place, sim.Options{Redirect: o.Credentials["UPSTOX_REDIRECT_URI"]})
	if err != nil {
		return o.asPlugin(err)
	}
	defer session.Close()
	w = o.world(w) // which changes the choice of checks too
	e := examination{d, o, w, nil}
	// A tape that cannot be written does not keep anything else from being done.
	var unrecorded error
	e.world.Tape, unrecorded = d.record(o.Record, tape.Run, o.FailOn, e.world, o.Place)
	defer e.world.Tape.Close()
	way, end, err := e.way(session)
	if err != nil {
		return o.asPlugin(err)
	}
	defer end()
	e.lines = d.newGrowing(o.Style, e.meta(), e.world.Now)
	defer e.lines.close()
	begun := time.Now()
	found, err := e.run(ctx)
	if err != nil {
		return o.asPlugin(Exit{Usage, err})
	}
	doc := e.document(found)
	if o.Wait > 0 {
		doc = e.wait(ctx, begun, found)
	}
	if o.Login != nil && doc.Repairable() {
		doc = e.repair(ctx, way, found)
	}
	defer d.within(o.Style, begun, o.Deadline, "writing the report")()
	err = d.tell(o.Style, doc, e.lines)
	if unrecorded = errors.Join(unrecorded, e.world.Tape.Close()); unrecorded != nil {
		return o.asPlugin(fault(errors.Join(said(err), unrecorded)))
	}
	return err
}

// world is the one to examine, with what was asked for.
func (o *Diagnosis) world(w checks.World) checks.World {
	w.Instrument = cmp.Or(o.Instrument, w.Instrument)
	w.Mode = cmp.Or(o.Mode, w.Mode)
	w.TokenTTL = o.TokenTTL
	if o.NoStream {
		o.Skip = append(o.Skip, checks.IDHandshake, catalog.StageTicks)
	}
	return w
}

// An examination is the same checks in the same world, as often as they are
// run.
type examination struct {
	desk    Desk
	options Diagnosis
	world   checks.World
	lines   *growing
}

// run runs the checks. The error is a choice of checks that cannot be.
func (e examination) run(ctx context.Context) (checks.Report, error) {
	o := e.options
	defer e.desk.within(o.Style, time.Now(), o.Deadline, "the run")()
	ctx, cancel := context.WithTimeout(ctx, o.Deadline)
	defer cancel()
	progress := report.NewProgress(e.desk.Errs, !o.Quiet && report.IsTerminal(e.desk.Errs))
	defer progress.Done()
	return checks.Run(ctx, e.world, checks.Options{Only: o.Only, Skip: o.Skip, Timeout: o.Timeout, Observe: func(event doctor.Event) {
		progress.Observe(event)
		e.lines.observe(event)
	}})
}

// meta is what every report of this world says beside its results.
func (e examination) meta() report.Meta { return e.desk.meta(e.world.Secrets.String) }

func (e examination) document(found checks.Report) report.Document {
	return pageOf(found, e.meta(), e.options.FailOn)
}

// pageOf is what was found, as a page that ends with the status that failOn
// asks for.
func pageOf(found checks.Report, m report.Meta, failOn string) report.Document {
	m.Market = report.Market{State: string(found.Market.State), NextOpen: found.Market.NextOpen}
	m.ExitCode = report.ExitCode(found.Report, failOn == "warn")
	return report.New(found.Report, m)
}

// parse checks the options before any work is done.
func (o *Diagnosis) parse(kinds ...report.Kind) error {
	if err := o.Style.parse(kinds...); err != nil {
		return err
	}
	if err := known(o.FailOn, o.Mode); err != nil {
		return err
	}
	switch {
	case o.Instrument != "" && !market.IsKey(o.Instrument):
		return Wrong("--instrument %q is no instrument key such as %s", o.Instrument, checks.ControlKey)
	case o.Timeout <= 0:
		return Wrong("--timeout %s is not above zero", o.Timeout)
	case o.Deadline <= 0:
		return Wrong("--deadline %s is not above zero", o.Deadline)
	case o.Login != nil && o.Login.Deadline <= 0:
		return Wrong("--login-deadline %s is not above zero", o.Login.Deadline)
	case o.Wait < 0:
		return Wrong("--wait %s is below zero", o.Wait)
	case o.Wait > 0 && o.Login != nil:
		return Wrong("--wait and --login: waiting cannot cure what a login mends; choose one")
	case o.Login == nil && o.Yes:
		return Wrong("--yes answers the question of --login, which is not given")
	}
	return nil
}
