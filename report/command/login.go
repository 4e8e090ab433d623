package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/files"
	"upstox-doctor/checks/login"
	"upstox-doctor/checks/token"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
)

// LoginOptions is how to log in.
type LoginOptions struct {
	OutputOptions
	WorldOptions
	Deadline  time.Duration
	NoBrowser bool   // only print the address
	QR        bool   // and show it as a QR code
	CodeFrom  string // file that holds the landing address or its code; "-" for standard input
	WriteEnv  bool   // put the token into .env too
	Request   bool   // have the token sent to the app's notifier URL, and wait for it in the token file

	followed bool // something else follows at once, so that the page names no next command
}

// LogIn runs the login and writes how it ended.
func (a App) LogIn(ctx context.Context, o LoginOptions) error {
	if err := o.parse(); err != nil {
		return err
	}
	if o.Deadline <= 0 {
		return UsageError("--deadline %s is not above zero", o.Deadline)
	}
	if err := o.checkRequest(); err != nil {
		return err
	}
	w, session, err := a.openWorld(o.WorldOptions, sim.Options{Redirect: o.Credentials["UPSTOX_REDIRECT_URI"]})
	if err != nil {
		return err
	}
	defer session.Close()
	return a.logInTo(ctx, o, w, session)
}

// checkRequest refuses a token request with what belongs to another way.
func (o LoginOptions) checkRequest() error {
	if o.Request && (o.NoBrowser || o.CodeFrom != "") {
		return UsageError("--request needs neither browser nor code, so that --no-browser and --code-from contradict it")
	}
	return nil
}

// logInTo is LogIn in a world that is open already; the options are parsed.
func (a App) logInTo(ctx context.Context, o LoginOptions, w checks.World, session *sim.Session) error {
	options, end, err := a.loginOptions(o, session, w)
	if err != nil {
		return err
	}
	defer end()
	defer a.within(o.OutputOptions, time.Now(), o.Deadline, "the login")()
	ctx, cancel := context.WithTimeout(ctx, o.Deadline)
	defer cancel()
	done, err := w.LogIn(ctx, options)
	return a.loginEnd(o, w, loginEnd{done, err, a.keep(o.WorldOptions, session, done)})
}

// A loginEnd is how a login ended.
type loginEnd struct {
	done checks.LoggedIn
	err  error
	kept report.Kept // what a simulated one leaves
}

// loginEnd writes how a login ended, and ends the command with its status.
func (a App) loginEnd(o LoginOptions, w checks.World, e loginEnd) error {
	ended, said := a.loginReport(o, w, e)
	if !said {
		return ExitError{ended.ExitCode, loginError(e.done, e.err)}
	}
	if o.followed {
		ended.Next = ended.Next[:0]
	}
	if err := a.write(o.OutputOptions, ended); err != nil {
		return err
	}
	return exit(ended.ExitCode)
}

// loginReport is how a login ended, and whether that says all: the error of a
// login that a command line or a signal has ended says more.
func (a App) loginReport(o LoginOptions, w checks.World, e loginEnd) (report.LoginReport, bool) {
	result, status := loginResult(e.done, e.err)
	said := result != nil
	if !said {
		result = &report.LoginResult{Failed: true, Saved: e.done.Saved, Seen: e.err.Error()}
		if errors.Is(e.err, context.Canceled) {
			result.Seen = "interrupted"
		}
	}
	result.Simulated, result.Kept = o.Simulate, e.kept
	meta := a.reportMeta(w.Secrets.String, o.WorldOptions)
	meta.ExitCode = status
	return report.NewLoginReport(*result, meta), said
}

// newPrompter is the dialogue with the user, or the one that goes on already:
// another would not see what the first has read ahead.
func (a App) newPrompter(w checks.World) *report.Prompter {
	if a.prompter != nil {
		return a.prompter
	}
	return report.NewPrompter(a.In, a.Errs, w.Secrets.String)
}

// loginOptions returns the login's options, with the terminal, the browser and
// the reader of the code.
func (a App) loginOptions(o LoginOptions, session *sim.Session, w checks.World) (l checks.LoginOptions, end func(), err error) {
	prompter, end := a.newPrompter(w), func() {}
	l = checks.LoginOptions{WriteEnv: o.WriteEnv, ByHand: o.CodeFrom != ""}
	meta := a.reportMeta(w.Secrets.String, o.WorldOptions)
	l.Dialogue = login.Dialogue{Say: prompter.Say, Show: prompter.Page, Run: func(command string) {
		prompter.Page("    " + report.Call(command, meta))
	}}
	switch {
	case prompter.Possible():
		l.AskFor, l.Confirm, l.Dialogue.Ask = prompter.AskFor, prompter.Confirm, prompter.Ask
	case w.Place.Kind == catalog.OverSSH && isPipe(a.In):
		l.Dialogue.Ask = prompter.Ask // of a person behind an ssh that runs one command
	}
	if report.IsTerminal(a.Errs) {
		l.Dialogue.QR, l.QR = prompter.QR, o.QR
	} else if o.QR {
		return l, nil, UsageError("--qr draws on a terminal, and standard error is none")
	}
	l.Landing.Begin, l.Landing.StyleSource = report.LandingBegin()
	l.Landing.End = func(done checks.LoggedIn, err error) string {
		ended, _ := a.loginReport(o, w, loginEnd{done: done, err: err})
		return ended.LandingEnd()
	}
	if o.Request {
		return a.tokenRequest(o, l, prompter, session, w), end, nil
	}
	switch o.CodeFrom {
	case "":
	case "-":
		l.Dialogue.Ask, l.Dialogue.Once = prompter.Ask, !prompter.Possible()
	default:
		file, err := files.Lazy(o.CodeFrom)
		if err != nil {
			return l, nil, UsageError("--code-from: %w", err)
		}
		l.Dialogue.Once = true
		l.Dialogue.Ask, end = report.NewPrompter(file, a.Errs, w.Secrets.String).Ask, func() { file.Close() }
	}
	if !o.NoBrowser && !l.ByHand && !w.Place.NoBrowser {
		opens := new(opener)
		l.Dialogue.Open, end = opens.openLogin(w.Place), opens.close
	}
	if session != nil {
		if l.Page, err = session.LoginPage(); err != nil {
			return l, nil, fault(fmt.Errorf("open the simulated login page: %w", err))
		}
	}
	return l, end, nil
}

// isPipe reports whether something may be written to r by another program.
func isPipe(r io.Reader) bool {
	f, ok := r.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&(fs.ModeNamedPipe|fs.ModeSocket) != 0
}

// tokenRequest is the way of a token request. In a simulation it plays the
// program behind the notifier URL too, which saves what Upstox posts there.
func (a App) tokenRequest(o LoginOptions, l checks.LoginOptions, prompter *report.Prompter, session *sim.Session, w checks.World) checks.LoginOptions {
	l.Request = true
	switch {
	case o.Quiet: // cron mails whatever is said
		l.Dialogue.Say = func(string) {}
	case report.IsTerminal(a.Errs):
		l.Dialogue.Wait = prompter.Wait
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

// loginError says why a login ended, where no report does.
func loginError(done checks.LoggedIn, err error) error {
	switch {
	case !errors.Is(err, context.Canceled):
		return fmt.Errorf("login: %w", err)
	case done.Token.Value() != "":
		return errors.New("the login was interrupted; the new token is saved, but was not tried")
	}
	return errors.New("the login was interrupted; no new token is saved")
}

// loginResult is what to report of a login, or nil if only the error says it,
// and the exit status.
func loginResult(done checks.LoggedIn, err error) (*report.LoginResult, int) {
	result := report.LoginResult{Kind: done.Token.Kind(), Expires: done.Token.Expires, Price: done.Price, Saved: done.Saved, Account: done.Token.Account(), OtherLogin: done.OfOtherLogin}
	if before := done.Replaced; before.User != "" && done.Token.User != "" && before.User != done.Token.User {
		result.AccountBefore = before.Account()
	}
	failure, diagnosed := errors.AsType[*login.Failure](err)
	_, missing := errors.AsType[*checks.MissingError](err)
	switch {
	case diagnosed:
		result.Finding, result.Seen, result.Target, result.Failed = failure.Entry, failure.Seen, failure.Target, true
		result.Evidence = append(done.Evidence, failure.Evidence...)
		if failure.Entry == catalog.TokenFileUnwritable {
			return &result, ExitFault
		}
		return &result, 1
	case errors.Is(err, login.ErrNoTerminal):
		result.Finding, result.Seen, result.Failed = catalog.LoginNoTerminal, err.Error(), true
		return &result, ExitUsage
	case errors.Is(err, context.Canceled):
		return nil, ExitInterrupted
	case missing:
		return nil, ExitUsage
	case err != nil:
		return nil, ExitFault
	case len(done.Shadows) > 0:
		result.Finding, result.Seen = catalog.TokenShadowed, "still wins over the new token: "+strings.Join(done.Shadows, ", ")
		result.Evidence = done.Evidence
		return &result, 1
	case done.Untried != nil:
		result.Finding, result.Seen, result.Target = done.Untried.Entry, done.Untried.Seen, done.Untried.Target
	}
	return &result, 0
}
