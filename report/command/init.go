package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/login"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
)

// firstWatch is how long the first run shows the stream.
const firstWatch = 10 * time.Second

// InitOptions is how the first run goes.
type InitOptions struct {
	OutputOptions
	WorldOptions
	Deadline  time.Duration // for the login
	NoBrowser bool          // only print the address of the login page
}

// Init leads a user from an empty directory to live prices: it asks for what the
// app has at Upstox, writes it into .env, logs in unless a token works already, and
// shows the stream. Nothing is written before the last answer.
func (a App) Init(ctx context.Context, o InitOptions) error {
	if err := o.parse(); err != nil {
		return err
	}
	if o.Deadline <= 0 {
		return UsageError("--deadline %s is not above zero", o.Deadline)
	}
	w, session, err := a.openWorld(o.WorldOptions, sim.Options{Redirect: o.Credentials["UPSTOX_REDIRECT_URI"]})
	if err != nil {
		return err
	}
	defer session.Close()
	way := LoginOptions{OutputOptions: o.OutputOptions, WorldOptions: o.WorldOptions, Deadline: o.Deadline, NoBrowser: o.NoBrowser}
	setup, err := w.Setup()
	if err != nil {
		return a.loginEnd(way, w, loginEnd{err: err})
	}
	a.prompter = a.newPrompter(w)
	a.prompter.Blank = true
	q := &questions{prompter: a.prompter, setup: setup, secrets: w.Secrets, session: session}
	if err := q.askAll(ctx); err != nil {
		return err
	}
	if err := q.save(); err != nil {
		return err
	}
	if source := workingToken(ctx, w, o.Deadline); source != "" {
		a.prompter.Say(source + " holds a token that Upstox accepts. Nobody logs in, since a login may end the tokens before it.")
		return a.firstPrices(ctx, o, w)
	}
	// Who gives the answers without a terminal gives the address of the landing
	// page as the last one.
	if !a.prompter.Possible() && !login.Lands(q.redirect) {
		way.CodeFrom = "-"
	}
	way.followed = true
	if err := a.logInTo(ctx, way, w, session); err != nil {
		return err
	}
	return a.firstPrices(ctx, o, w)
}

// workingToken returns the source of a token with which there is nothing wrong, or
// nothing. Upstox is asked only about one that is there and has not ended.
func workingToken(ctx context.Context, w checks.World, deadline time.Duration) string {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	wrong := func(r doctor.Result) bool {
		return r.Stage() == catalog.StageToken && (r.Status == doctor.Fail || r.Status == doctor.Warn)
	}
	for _, offline := range []bool{true, false} {
		found := w.TokenStatus(ctx, checks.TokenOptions{Offline: offline})
		switch {
		case len(found.Sources) == 0, slices.ContainsFunc(found.Results, wrong):
			return ""
		case found.Accepted != nil && *found.Accepted:
			return found.Sources[0].Source
		}
	}
	return ""
}

// firstPrices shows the stream for a moment, and what to run next.
func (a App) firstPrices(ctx context.Context, o InitOptions, w checks.World) error {
	a.prompter.Say(fmt.Sprintf("Now the live prices of NIFTY 50 for %d seconds.", int(firstWatch.Seconds())))
	show := WatchOptions{
		OutputOptions: o.OutputOptions, WorldOptions: o.WorldOptions, FailOn: "fail", For: firstWatch, Plain: true, brief: true,
	}
	if err := show.parse(); err != nil {
		return err
	}
	defer a.within(o.OutputOptions, time.Now(), firstWatch+o.Deadline, "the show of the prices")()
	if err := a.watchWorld(ctx, show, w); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ExitError{ExitInterrupted, errors.New("interrupted; the credentials and the token are saved")}
	}
	meta := a.reportMeta(w.Secrets.String, o.WorldOptions)
	options := report.TerminalOptions(a.Out, o.Color, report.Options{})
	if err := report.WriteNext(a.Out, catalog.AfterSetup, meta, options); err != nil {
		return fault(err)
	}
	return nil
}

// save writes the answers.
func (q *questions) save() error {
	if len(q.ignore) > 0 {
		if err := q.setup.Ignore(q.ignore); err != nil {
			return fault(fmt.Errorf("nothing is written: %w", err))
		}
		q.prompter.Say("Added to .gitignore: " + strings.Join(q.ignore, ", ") + ".")
	}
	if len(q.settings) == 0 {
		return nil
	}
	if err := q.setup.Save(q.settings); err != nil {
		return fault(fmt.Errorf("the credentials are not written: %w", err))
	}
	var names []string
	for _, s := range q.settings {
		names = append(names, s.Name)
	}
	q.prompter.Say("Written to " + q.setup.Path + ": " + strings.Join(names, ", ") + ".")
	return nil
}
