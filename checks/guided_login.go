package checks

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/login"
	"upstox-doctor/checks/token"
)

// LoginOptions are the options of a guided login.
type LoginOptions struct {
	Dialogue login.Dialogue
	// AskFor asks for a credential that is missing, without echo if it is a
	// secret, and Confirm a question. Both are optional.
	AskFor  func(ctx context.Context, name string, secret bool) (string, error)
	Confirm func(ctx context.Context, question string) (bool, error)

	Landing LandingPage

	Page     string // scheme and host of the login page, if it is not Upstox's own
	QR       bool   // show the page as a QR code too
	ByHand   bool   // ask for the code instead of listening for it
	Request  bool   // have the token sent to the app's notifier URL, and wait for it in the token file
	WriteEnv bool   // put the token into .env too, if it is not written there anyway
}

// A LandingPage is what the browser shows that comes back from Upstox, in HTML.
type LandingPage struct {
	Begin       string // at once
	StyleSource string // of its style, in the words of a Content-Security-Policy
	// End ends the page with how the login ended. Optional.
	End func(LoggedIn, error) string
}

// LoggedIn is the result of a login.
type LoggedIn struct {
	Token    token.Token
	Price    float64        // of NIFTY 50 by the new token; zero if it is not known
	Untried  *login.Failure // why Upstox could not be asked about the token, or nil
	Saved    []string       // names of the files that hold the token now
	Shadows  []string       // sources with another token that win over the new one
	Replaced token.Token    // that the first of Saved held before
	// OfOtherLogin means that another login was later, whose token this is.
	OfOtherLogin bool
	// Evidence is what a run would show of the first of Shadows, or of a failure.
	Evidence doctor.Evidence
}

// A MissingError names variables that a login needs and that are set nowhere.
type MissingError struct{ Names []string }

func (e *MissingError) Error() string {
	return strings.Join(e.Names, ", ") + ": not set, and there is no terminal to ask"
}

// LogIn leads the user to a new token. Errors are a *MissingError without a
// redirect URI, or those of login.Run, of which a file that cannot take the token
// is a *login.Failure too. With the context's error comes the token,
// if one is saved.
func (w World) LogIn(ctx context.Context, o LoginOptions) (LoggedIn, error) {
	landing, end := login.NewLanding(o.Landing.Begin, o.Landing.StyleSource), ""
	done, err := w.logIn(ctx, o, landing)
	if refused, ev := unsaved(err); refused != nil {
		err, done.Evidence = refused, ev
	} else if err != nil && o.Request {
		done.Evidence.Add("request", "sent")
	}
	if o.Landing.End != nil {
		end = o.Landing.End(done, err)
	}
	landing.End(ctx, end)
	return done, err
}

func (w World) logIn(ctx context.Context, o LoginOptions, landing *login.Landing) (LoggedIn, error) {
	creds, err := w.credentialsForLogin()
	if err != nil {
		return LoggedIn{}, err
	}
	app, err := w.app(ctx, creds, o)
	if err != nil {
		return LoggedIn{}, err
	}
	place, above := w.tokenPlace(creds)
	if len(above) > 0 {
		o.Dialogue.Say(hidden(place, above))
	}
	into := w.storesFor(place, o)
	for _, s := range into[1:] {
		if err := s.Check(); err != nil {
			return LoggedIn{}, err
		}
	}
	transport := w.apiTransport()
	defer transport.Close()
	o.Page = cmp.Or(o.Page, "https://"+APIHost)
	logIn := login.Run
	if o.Request {
		logIn = login.Request
	}
	flow := login.Flow{
		App: app, Upstox: w.apiOver(transport), Page: o.Page, Dialogue: o.Dialogue, ByHand: o.ByHand,
		Store: into[0].Store, Secrets: w.Secrets, Probe: ControlKey, Landing: landing, Place: w.Place, QR: o.QR,
	}
	got, err := logIn(ctx, flow)
	if err != nil {
		return LoggedIn{Token: got.Token}, w.explain(ctx, creds.locate(err))
	}
	saved := []string{into[0].name}
	for _, s := range into[1:] {
		if got, err = flow.Save(ctx, got, s.Store, s.old); err != nil {
			return loggedIn(got, saved), fmt.Errorf("the token is saved in %s: %w", strings.Join(saved, ", "), err)
		}
		if !slices.Contains(saved, s.name) {
			saved = append(saved, s.name)
		}
	}
	done := loggedIn(got, saved)
	done.Replaced = into[0].old
	done.Shadows, done.Evidence = w.shadows(done.Token)
	return done, nil
}

func loggedIn(got login.Result, saved []string) LoggedIn {
	return LoggedIn{Token: got.Token, Price: got.Price, Untried: got.Untried, OfOtherLogin: got.OfOtherLogin, Saved: saved}
}

// credentialsForLogin reads all sources. The error is a *login.Failure: a file
// that is there and cannot be read is one that a login cannot keep. One that was
// named and does not exist yet is one that it writes, and one in the home
// directory may be of another program.
func (w World) credentialsForLogin() (Credentials, error) {
	in := w.readFiles()
	for _, f := range in.broken() {
		if !errors.Is(f.err, fs.ErrNotExist) && !strings.HasPrefix(f.name, homePrefix) {
			return Credentials{}, &login.Failure{Entry: unreadable(f.err), Seen: f.err.Error(), Target: f.name, Evidence: unreadableEvidence(f.name, f.err)}
		}
	}
	return w.read(in), nil
}

// locate adds to a refusal of key and secret where they stand.
func (c Credentials) locate(err error) error {
	failure, failed := errors.AsType[*login.Failure](err)
	if !failed || failure.Entry != catalog.LoginCredentialsInvalid {
		return err
	}
	secret, known := c.Best(varSecret)
	key, both := c.Best(varKey)
	if !known || !both {
		return err // what was typed
	}
	located := *failure
	located.Evidence = secret.evidence()
	located.Evidence.Add("key_from", key.String())
	return &located
}

// explain finds the cause of a failed login if the error is ambiguous.
func (w World) explain(ctx context.Context, err error) error {
	failure, failed := errors.AsType[*login.Failure](err)
	if !failed || failure.Entry.Retry != catalog.Ask {
		return err
	}
	if res, found := w.examineAPI(ctx); found {
		return &login.Failure{Entry: catalog.Lookup(res.Code), Seen: res.Message + " (" + failure.Seen + ")", Target: res.Target}
	}
	return err
}

// TokenPath is where the token file stands.
func (w World) TokenPath() string { return w.tokenFile().path }

// app collects key, secret and redirect URI, and asks for what is missing.
func (w World) app(ctx context.Context, c Credentials, o LoginOptions) (login.App, error) {
	var app login.App
	var missing []string
	values := map[string]*string{varKey: &app.Key, varSecret: &app.Secret, varRedirect: &app.Redirect}
	needed := []string{varKey, varSecret, varRedirect}
	if o.Request {
		needed = needed[:2]
	}
	for _, name := range needed {
		if s, ok := c.Best(name); ok && !s.Sample {
			*values[name] = s.Value
		} else {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return app, nil
	}
	if o.AskFor == nil {
		return app, w.cannotLogIn(c, missing)
	}
	var given []token.Setting
	for _, name := range missing {
		value, err := o.AskFor(ctx, name, name == varSecret)
		if value = strings.TrimSpace(value); err != nil || value == "" {
			return app, unlessEnded(ctx, w.cannotLogIn(c, missing))
		}
		if name == varSecret {
			w.Secrets.Add(value)
		}
		*values[name] = value
		given = append(given, token.Setting{Name: name, Value: value})
	}
	return app, w.offerToSave(ctx, given, o)
}

// cannotLogIn is the error of a login without the variables. If only the redirect
// URI is missing it is not a diagnosis, since a run does not need it.
func (w World) cannotLogIn(c Credentials, missing []string) error {
	err := &MissingError{missing}
	for _, name := range missing {
		if s, found := c.Best(name); found && name != varRedirect {
			return &login.Failure{Entry: catalog.EnvPlaceholderValue, Seen: s.String() + " holds sample text", Target: s.Name}
		}
	}
	if none := strings.Join(c.missing(), ", "); none != "" {
		res := w.appElsewhere(c, fail(catalog.EnvMissingCredentials, none, err.Error(), nil))
		return &login.Failure{Entry: catalog.Lookup(res.Code), Seen: res.Message, Target: res.Target}
	}
	return err
}

// unlessEnded is err, or the user's wish to stop if that has caused it.
func unlessEnded(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	return err
}

// offerToSave saves what was typed, if the user wants to.
func (w World) offerToSave(ctx context.Context, given []token.Setting, o LoginOptions) error {
	file := w.envFile()
	if o.Confirm == nil {
		return nil
	}
	yes, err := o.Confirm(ctx, "Save them in "+file.name+" for the next time?")
	if err != nil || !yes {
		return unlessEnded(ctx, nil)
	}
	return token.SaveEnv(file.path, given...)
}
