// Package login runs Upstox's login, an OAuth authorization code flow, and saves
// the access token after Upstox has accepted it. It shows and asks only through
// the Dialogue that it is given.
package login

import (
	"context"
	"errors"
	"fmt"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/network"
	"upstox-doctor/checks/redact"
	"upstox-doctor/checks/token"
	"upstox-doctor/checks/upstox"
)

// An App is what is registered with Upstox.
type App struct{ Key, Secret, Redirect string }

// A Dialogue is the login's user interface.
type Dialogue struct {
	Say  func(line string)
	Show func(line string) // a page to open or a command to run, whole and alone on its line
	// Run shows a command as the user called the program. Nil shows it as it is.
	Run func(command string)
	// QR draws a page as a QR code. Nil where nothing can be drawn.
	QR func(url string)
	// Ask waits for one line, such as the address that the browser landed on.
	// The end of the input is io.EOF. Optional.
	Ask func(ctx context.Context, prompt string) (string, error)
	// Once says that a file or a script answers, which cannot be asked again.
	Once bool
	// Wait redraws the one line that says what is waited for, and clears it if
	// it is empty. Nil where no line can be redrawn.
	Wait func(line string)
	// Open shows a page in the browser; nil leaves that to the user. It may
	// take as long as the browser runs.
	Open func(url string) error
}

// A Flow is one login.
type Flow struct {
	App      App
	Upstox   *upstox.Client
	Page     string // scheme and host of the login page, as the browser reaches it
	Dialogue Dialogue
	Store    token.Store
	Secrets  *redact.Set
	Probe    string   // instrument key whose price shows that the token works
	Landing  *Landing // the page that the browser lands on, which the caller ends; nil is a plain one
	Place    Place
	QR       bool // show the page as a QR code without being asked
	// ByHand asks for the code instead of listening for it.
	ByHand bool
}

// A Failure is a login that did not lead to a saved and working token, with
// its diagnosis. What was seen is safe to show.
type Failure struct {
	Entry  *catalog.Entry
	Seen   string
	Target string // host, variable or file that it concerns; empty for the login itself

	Evidence doctor.Evidence // of where the values stand that are at fault; optional
}

func (f *Failure) Error() string { return fmt.Sprintf("log in: %s (%s)", f.Seen, f.Entry.Code) }

func failed(e *catalog.Entry, format string, args ...any) *Failure {
	return &Failure{Entry: e, Seen: fmt.Sprintf(format, args...)}
}

// ErrNoTerminal means that the code can come neither by a listener nor by hand.
var ErrNoTerminal = errors.New("the redirect URI does not lead to this machine, and there is no terminal to ask for the address")

// exchangeWait bounds the calls that follow the user's part, each, and probeWait
// the one that the login can do without.
const (
	exchangeWait = 30 * time.Second
	probeWait    = 10 * time.Second
)

// A Result is what a login came to.
type Result struct {
	Token   token.Token
	Price   float64  // of the Probe, by the new token; zero if it is not known
	Untried *Failure // why Upstox could not be asked about the token; nil if it accepts it
	// OfOtherLogin means that another login has ended while this one went on, and its
	// token is the newer one: it is the one here and in the file.
	OfOtherLogin bool
}

// Run logs in, and returns the token when it is saved. Errors are a *Failure,
// ErrNoTerminal, a *token.FileError if the token cannot be saved, or the
// context's if it was cancelled; its deadline is a Failure. A login that is
// cancelled after Upstox has given a token returns that too, and has saved it.
func Run(ctx context.Context, f Flow) (Result, error) {
	f.Secrets.Add(f.App.Secret)
	if f.Landing == nil {
		f.Landing = NewLanding("", "")
		defer f.Landing.End(ctx, "")
	}
	if err := f.Store.Check(); err != nil {
		return Result{}, err
	}
	old := f.Store.Token()
	t, err := f.getToken(ctx)
	if err != nil {
		return Result{}, beforeDeadline(ctx, err)
	}
	r, refusal := f.tryToken(ctx, t)
	if refusal != nil {
		if later, saved := f.later(ctx, t, old); saved {
			return later, nil
		}
		refusal.Seen = "Upstox refuses the new token, which is not saved: " + refusal.Seen
		return Result{}, beforeDeadline(ctx, refusal)
	}
	// Without a price the login has succeeded nevertheless, and has ended the
	// previous token.
	if r, err = f.Save(ctx, r, f.Store, old); err != nil {
		return Result{}, err
	}
	return r, r.stopped(ctx)
}

// Save puts the token of the result into a file in the place of the old one, which it
// held before the login. Another token that has come into it meanwhile stays and is
// the result, unless this one is known to be newer or Upstox refuses that.
func (f Flow) Save(ctx context.Context, r Result, in token.Store, old token.Token) (Result, error) {
	for {
		other, err := in.SaveOver(old, r.Token)
		if err != nil || other.Value() == "" {
			return r, err
		}
		f.Secrets.Add(other.Value())
		theirs, refusal := f.tryToken(ctx, other)
		if refusal == nil {
			theirs.OfOtherLogin = true
			return theirs, nil
		}
		old = other
	}
}

// later is the result of another login that has ended the token, and has saved its own
// in the place of the old one.
func (f Flow) later(ctx context.Context, t, old token.Token) (r Result, saved bool) {
	other := f.Store.Token()
	if other.Value() == old.Value() || !t.MayBeEndedBy(other) {
		return r, false
	}
	f.Secrets.Add(other.Value())
	r, refusal := f.tryToken(ctx, other)
	r.OfOtherLogin = true
	return r, refusal == nil && r.Untried == nil
}

// stopped is the user's wish to stop, if that has ended the trial of the token.
func (r Result) stopped(ctx context.Context) error {
	if r.Untried != nil && errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	return nil
}

// beforeDeadline turns the end of the context into what it means.
func beforeDeadline(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	if _, diagnosed := errors.AsType[*Failure](err); !diagnosed && ctx.Err() != nil {
		return failed(catalog.LoginTimeout, "no answer came back before the deadline")
	}
	return err
}

// checkPage asks for the login page as a browser would. Upstox's own word
// about key and redirect counts, and so does a way that is cut; what else a
// page answers to a program says nothing about what it shows to a browser.
func (f Flow) checkPage(ctx context.Context, state string) error {
	if f.ByHand {
		return nil // the code may be there already, and ages
	}
	ctx, cancel := context.WithTimeout(ctx, exchangeWait)
	defer cancel()
	a := f.Upstox.Dialog(ctx, f.App.Key, f.App.Redirect, state)
	if a.Status != 0 && (a.Symptom().Upstox == "" || a.Status >= 500) {
		return nil
	}
	return f.failure(a)
}

// failure is the failure of a call. What failed on the way names its own host.
func (f Flow) failure(a upstox.Response) *Failure {
	failure := failed(catalog.Classify(a.Symptom(), catalog.NotKnown), "%s", f.Secrets.String(a.String()))
	failure.Target = f.Upstox.Host()
	if hop, ok := errors.AsType[*network.Error](a.Err); ok {
		failure.Target = hop.Host
	}
	return failure
}

// exchange uses the code at once, since it is valid for a minute or two.
func (f Flow) exchange(ctx context.Context, code string) (token.Token, error) {
	ctx, cancel := context.WithTimeout(ctx, exchangeWait)
	defer cancel()
	got, a := f.Upstox.Exchange(ctx, upstox.Code{Code: code, Key: f.App.Key, Secret: f.App.Secret, Redirect: f.App.Redirect})
	f.Secrets.Add(got.Token)
	if !a.OK() || got.Token == "" {
		return token.Token{}, f.failure(a)
	}
	if !got.Active {
		failure := failed(catalog.AccountInactive, "the login's answer says that the account is not active")
		failure.Target = f.Upstox.Host()
		return token.Token{}, failure
	}
	t := token.Parse(got.Token)
	if t.Form == token.Malformed {
		return token.Token{}, failed(catalog.APIUnexpectedResponse, "the login's answer holds an access token that is none: %s", t.Malformation)
	}
	return t, nil
}

// tryToken asks for a price with the token. Only a refusal by Upstox itself means that
// the token is bad.
func (f Flow) tryToken(ctx context.Context, t token.Token) (r Result, refusal *Failure) {
	asking, cancel := context.WithTimeout(ctx, probeWait)
	defer cancel()
	r.Token = t
	price, a := f.Upstox.LTP(asking, t.Value(), f.Probe)
	if a.OK() {
		r.Price = price
		return r, nil
	}
	failure := f.failure(a)
	if failure.Entry == catalog.TokenRejected && t.Expired(a.Date) {
		failure.Entry = catalog.TokenExpired
	}
	if a.Responder == catalog.ResponderUpstox && a.Status/100 == 4 && a.Status != 429 {
		return r, failure
	}
	r.Untried = failure
	return r, nil
}
