package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/cli/browser"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/files"
	"upstox-doctor/checks/login"
	"upstox-doctor/checks/token"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
)

// Login is how to log in.
type Login struct {
	Style
	Place
	Deadline  time.Duration
	NoBrowser bool   // only print the address
	CodeFrom  string // file that holds the landing address or its code; "-" for standard input
	WriteEnv  bool   // put the token into .env too
	Request   bool   // have the token sent to the app's notifier URL, and wait for it in the token file
}

// LogIn runs the login and writes how it ended.
func (d Desk) LogIn(ctx context.Context, o Login) error {
	if err := o.parse(); err != nil {
		return err
	}
	if o.Deadline <= 0 {
		return Wrong("--deadline %s is not above zero", o.Deadline)
	}
	if o.Request && (o.NoBrowser || o.CodeFrom != "") {
		return Wrong("--request needs neither browser nor code, so that --no-browser and --code-from contradict it")
	}
	w, session, err := d.open(o.Place, sim.Options{Redirect: o.Credentials["UPSTOX_REDIRECT_URI"]})
	if err != nil {
		return err
	}
	defer session.Close()
	options, end, err := d.way(o, session, w)
	if err != nil {
		return err
	}
	defer end()
	defer d.within(o.Style, time.Now(), o.Deadline, "the login")()
	ctx, cancel := context.WithTimeout(ctx, o.Deadline)
	defer cancel()
	done, err := w.LogIn(ctx, options)
	result, status := loginResult(done, err)
	if result == nil {
		return Exit{status, fmt.Errorf("login: %w", err)}
	}
	if err := d.write(o.Style, report.NewLoginReport(*result, report.Meta{ExitCode: status, Scrub: w.Secrets.String})); err != nil {
		return err
	}
	return exit(status)
}

// way returns the login's options, with the terminal, the browser and the reader
// of the code.
func (d Desk) way(o Login, session *sim.Session, w checks.World) (l checks.LoginOptions, end func(), err error) {
	talk, end := report.NewPrompter(d.In, d.Errs, w.Secrets.String), func() {}
	l = checks.LoginOptions{WriteEnv: o.WriteEnv, ByHand: o.CodeFrom != ""}
	l.Dialogue = login.Dialogue{Say: talk.Say, Show: talk.Page}
	if talk.Possible() {
		l.AskFor, l.Confirm, l.Dialogue.Ask = talk.AskFor, talk.Confirm, talk.Ask
	}
	if o.Request {
		return d.requesting(o, l, talk, session, w), end, nil
	}
	switch o.CodeFrom {
	case "":
	case "-":
		l.Dialogue.Ask = talk.Ask
	default:
		file, err := files.Lazy(o.CodeFrom)
		if err != nil {
			return l, nil, Wrong("--code-from: %w", err)
		}
		l.Dialogue.Ask, end = report.NewPrompter(file, d.Errs, w.Secrets.String).Ask, func() { file.Close() }
	}
	if !o.NoBrowser && !l.ByHand {
		browser.Stdout, browser.Stderr = io.Discard, io.Discard
		l.Dialogue.Open = browser.OpenURL
	}
	if session != nil {
		if l.Page, err = session.LoginPage(); err != nil {
			return l, nil, fault(fmt.Errorf("open the simulated login page: %w", err))
		}
	}
	return l, end, nil
}

// requesting is the way of a token request. In a simulation it plays the
// program behind the notifier URL too, which saves what Upstox posts there.
func (d Desk) requesting(o Login, l checks.LoginOptions, talk *report.Prompter, session *sim.Session, w checks.World) checks.LoginOptions {
	l.Request = true
	if !o.Quiet && report.IsTerminal(d.Errs) {
		l.Dialogue.Wait = talk.Wait
	}
	if session != nil {
		session.Notify(func(message []byte) {
			var said struct {
				Token string `json:"access_token"`
			}
			// A token that is not saved never comes, as with a broken notifier.
			if json.Unmarshal(message, &said) == nil {
				token.Store{Path: w.TokenPath()}.Save(said.Token)
			}
		})
	}
	return l
}

// loginResult is what to report of a login, or nil if only the error says it,
// and the exit status.
func loginResult(done checks.LoggedIn, err error) (*report.LoginResult, int) {
	result := report.LoginResult{Kind: done.Token.Kind(), Expires: done.Token.Expires, Saved: done.Saved}
	failure, diagnosed := errors.AsType[*login.Failure](err)
	_, missing := errors.AsType[*checks.MissingError](err)
	switch {
	case diagnosed:
		result.Finding, result.Seen, result.Target, result.Failed = failure.Entry, failure.Seen, failure.Target, true
		return &result, 1
	case errors.Is(err, context.Canceled):
		return nil, Interrupted
	case missing || errors.Is(err, login.ErrNoTerminal):
		return nil, Usage
	case err != nil:
		return nil, Fault
	case len(done.Shadows) > 0:
		result.Finding, result.Seen = catalog.TokenShadowed, "still wins over the new token: "+strings.Join(done.Shadows, ", ")
	}
	return &result, 0
}
