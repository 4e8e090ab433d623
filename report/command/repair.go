package command

import (
	"context"
	"slices"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/report"
)

// loginOptions is that of the login, opened before the first run so that wrong
// usage ends the command before any work. What a login would ask, it asks only
// where people read the report.
func (e runner) loginOptions() (checks.LoginOptions, func(), error) {
	if e.options.Login == nil {
		return checks.LoginOptions{}, func() {}, nil
	}
	way, end, err := e.app.loginOptions(*e.options.Login, e.session, e.world)
	if e.scripted() {
		way.AskFor, way.Confirm = nil, nil
		if e.options.Login.CodeFrom == "" {
			way.Dialogue.Ask = nil
		}
	}
	return way, end, err
}

// scripted reports whether standard output is for a program.
func (e runner) scripted() bool {
	return slices.ContainsFunc(e.options.outputs, func(o report.Output) bool {
		return o.Path == "" && o.Format != report.Formats()[0]
	})
}

// repair runs the login that solves what was found, if the user wants to, and then
// runs the same checks again, with new connections, since those of the first run
// may have ended during the login. The document is that of the last run.
func (e runner) repair(ctx context.Context, way checks.LoginOptions, first checks.Report) report.Document {
	before := e.document(first)
	wanted := e.offer(ctx, way, before)
	var login report.LoginReport
	saved := false
	if wanted && ctx.Err() == nil {
		login, saved = e.logIn(ctx, way)
	}
	if ctx.Err() != nil && !saved {
		first.End = doctor.Interrupted
		before = e.document(first)
	}
	if login.Schema != "" {
		before.Login = &login
	}
	if !saved {
		return before
	}
	way.Dialogue.Say("The new token is saved. Running the checks again.")
	before.Login = nil
	e.lines.login(before, login)
	second, err := e.run(ctx)
	if err != nil {
		return before // the same choice of checks was good before
	}
	now := e.document(second)
	now.Before, now.Login = &before, &login
	return now
}

// offer reports whether to log in. It says what was found, so that the user
// knows what the question is about.
func (e runner) offer(ctx context.Context, way checks.LoginOptions, found report.Document) bool {
	if way.Confirm == nil && !e.options.Yes {
		return false
	}
	if !e.scripted() && !(e.options.Yes && e.options.Quiet) {
		done := e.app.within(e.options.OutputOptions, time.Now(), e.options.Deadline, "writing what was found")
		found.Verdict(e.app.Errs, report.TerminalOptions(e.app.Errs, e.options.Color, report.Options{}))
		done()
	}
	if e.options.Yes {
		return true
	}
	yes, err := way.Confirm(ctx, "Log in to Upstox now, and run the checks again?")
	return yes && err == nil
}

// logIn logs in within its own time, and reports how that ended and whether a
// new token is saved.
func (e runner) logIn(ctx context.Context, way checks.LoginOptions) (report.LoginReport, bool) {
	defer e.app.within(e.options.OutputOptions, time.Now(), e.options.Login.Deadline, "the login")()
	within, cancel := context.WithTimeout(ctx, e.options.Login.Deadline)
	defer cancel()
	done, err := e.world.LogIn(within, way)
	ended, _ := e.app.loginReport(*e.options.Login, e.world, loginEnd{done, err, e.app.keep(e.options.WorldOptions, e.session, done)})
	return ended, len(done.Saved) > 0
}
