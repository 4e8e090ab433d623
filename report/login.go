package report

import (
	"cmp"
	"io"
	"slices"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
)

// A LoginReport is how a guided login ended. Its JSON form is for scripts.
type LoginReport struct {
	Schema    string   `json:"schema"`
	Status    string   `json:"status"` // pass, warn if the new token was not tried, or fail, also if another one still wins
	ExitCode  int      `json:"exit_code"`
	Message   string   `json:"message"`
	Target    string   `json:"target"`          // host, variable or file that a failure concerns; empty for the login itself
	Kind      string   `json:"kind"`            // of the token; empty if there is none
	ExpiresAt string   `json:"expires_at"`      // RFC 3339 in IST; empty if unknown
	Price     float64  `json:"price,omitempty"` // of NIFTY 50, by the new token
	Saved     []string `json:"saved"`           // files that hold the new token
	// Of the token, masked: "AB**34". AccountBefore is that of the token before it, if it
	// is another.
	Account       string      `json:"account,omitempty"`
	AccountBefore string      `json:"account_before,omitempty"`
	OtherLogin    bool        `json:"other_login,omitempty"` // the token is that of another login, which was later
	Diagnoses     []Diagnosis `json:"diagnoses"`             // of the failure or the warning
	Next          []Step      `json:"next"`                  // what to do after a login that ended well

	Simulated string `json:"simulated,omitempty"` // the scenario, if this was not the real Upstox
	Kept      string `json:"kept,omitempty"`      // file that holds what the next command in the scenario begins with

	notes []string
	kept  Kept
}

// A LoginResult is what the page is made from.
type LoginResult struct {
	Kind    string
	Expires time.Time // zero if unknown
	Price   float64   // of NIFTY 50; zero if unknown
	Saved   []string
	Finding *catalog.Entry // what failed or is to be warned of, or nil
	Seen    string         // of the finding; without one, why the login failed
	Target  string         // of the finding
	Failed  bool

	Account       string // of the token, masked; empty if unknown
	AccountBefore string // of the token before it, masked, if it is another
	OtherLogin    bool   // the token is that of another login, which was later

	Evidence  doctor.Evidence // of the finding, from which its steps are made
	Simulated string          // the scenario, if this was not the real Upstox
	Kept      Kept            // of a simulated login
}

// Kept is what a simulated login leaves to the next command in its scenario. The
// zero value is of one that has changed nothing there.
type Kept struct {
	File  string    // that holds it; empty if nothing is kept
	Until time.Time // when it is forgotten
	Unset []string  // variables that count as unset from now on
	None  string    // why nothing is kept, if there was something
}

// loginWords are the first words about a login that ended well. The guide's
// sentence is only said of a token that Upstox accepts and no other one hides.
func loginWords(finding *catalog.Entry) string {
	switch finding {
	case nil:
		return "Token is valid and working!"
	case catalog.TokenShadowed:
		return "The new token works, but another one hides it."
	}
	return "The new token is saved, but could not be tried."
}

// NewLoginReport makes the page. Of m it uses Scrub, OS and ExitCode.
func NewLoginReport(r LoginResult, m Meta) LoginReport {
	b := newBuilder(m)
	out := LoginReport{
		Schema: "upstox-doctor/login/v1", Status: "pass", ExitCode: m.ExitCode, Saved: []string{}, Diagnoses: []Diagnosis{}, Next: []Step{},
		Message: loginWords(r.Finding), Target: b.clean.text(r.Target, maxName), Kind: r.Kind, Price: r.Price, Simulated: r.Simulated,
	}
	for _, name := range r.Saved {
		out.Saved = append(out.Saved, b.clean.text(name, maxName))
	}
	if r.Finding != nil {
		out.Status = "warn"
		if r.Finding == catalog.TokenShadowed {
			out.Status = "fail"
		}
		d := b.diagnosis(catalog.Match{Entry: r.Finding, Text: r.Seen})
		d.Fix = b.fix(r.Finding, Check{Code: r.Finding.Code, Target: out.Target, Evidence: b.clean.evidence(r.Evidence)})
		out.Diagnoses = append(out.Diagnoses, d)
	}
	if r.Failed {
		out.Status, out.Message = "fail", "Login failed."
		if r.Finding == nil {
			out.Message = "Login failed: " + b.clean.text(r.Seen, maxMessage) + "."
		}
		return out
	}
	if r.Price > 0 {
		out.notes = append(out.notes, "NIFTY 50 stands at "+humanize.Price("", r.Price)+".")
	}
	if !r.Expires.IsZero() {
		out.ExpiresAt = inIndia(r.Expires)
		out.notes = append(out.notes, "The token lasts until "+humanize.Date(r.Expires)+".")
	}
	out.saved(r)
	if r.Finding == nil {
		out.Next = b.fix(&catalog.Entry{Steps: catalog.AfterLogin}, Check{}).Steps
	}
	out.kept, out.Kept = r.Kept, b.clean.text(r.Kept.File, maxName)
	return out
}

// saved notes where the token is and whose it is.
func (l *LoginReport) saved(r LoginResult) {
	note := "It is saved in " + join(l.Saved) + "."
	if r.OtherLogin {
		note = "Another login has ended after this one. Its token is the newer one, and stays in " + join(l.Saved) + "."
	}
	l.notes = append(l.notes, note)
	if r.AccountBefore != "" {
		l.notes = append(l.notes, "It is a token of the account "+r.Account+". The token before it was of another account, "+r.AccountBefore+".")
	}
	l.Account, l.AccountBefore, l.OtherLogin = r.Account, r.AccountBefore, r.OtherLogin
}

// words say what the next simulated command finds.
func (k Kept) words() string {
	found := "Until " + humanize.Moment(k.Until) + " its next commands find the token"
	switch {
	case k.None != "":
		return " Its next commands do not find the token: " + k.None + "."
	case k.File == "":
		return ""
	case len(k.Unset) > 0:
		return " " + found + ", and take " + join(k.Unset) + " as unset, which your shell cannot do there. It is kept in"
	}
	return " " + found + ", kept in"
}

// failed reports whether there is no new token. One that another token hides fails
// the command and is there.
func (l LoginReport) failed() bool {
	hidden := func(d Diagnosis) bool { return d.Code == catalog.TokenShadowed.Code }
	return l.Status == "fail" && !slices.ContainsFunc(l.Diagnoses, hidden)
}

// JSON writes the page for scripts.
func (l LoginReport) JSON(w io.Writer) error { return writeJSON(w, l) }

// Table writes the page for people: what the login came to, what is left to do,
// and last the verdict with the next command.
func (l LoginReport) Table(w io.Writer, o Options) error {
	if o.Quiet && l.Status == "pass" && l.AccountBefore == "" {
		return nil
	}
	p := newPage(o)
	if !l.failed() {
		for _, n := range l.notes {
			p.prose("", n, "")
		}
	}
	if l.Simulated != "" {
		p.prose("", "Simulated: token and price are those of the built-in Upstox, in the scenario "+l.Simulated+"."+l.kept.words(), yellow)
		if l.Kept != "" {
			p.unwrapped(l.Kept)
		}
	}
	next := nextCommand{}
	for _, d := range l.Diagnoses {
		p.blank()
		next = p.loginDiagnosis(d)
	}
	for _, s := range l.Next {
		next.run = cmp.Or(next.run, s.Run)
	}
	p.withoutCommand(l.Next)
	p.blank()
	p.loginVerdict(l)
	p.nextCommand(next, true)
	return p.send(w)
}

// withoutCommand writes the steps that only a person can do.
func (p *page) withoutCommand(steps []Step) {
	for _, s := range steps {
		if s.Run == "" {
			p.prose("", s.Do, "")
		}
	}
}

// loginDiagnosis writes what went wrong, and returns what to run.
func (p *page) loginDiagnosis(d Diagnosis) nextCommand {
	c := Cause{Code: d.Code, Title: d.Title, Cause: d.Cause, Fix: d.Fix}
	if p.Verbose {
		p.diagnosis(d, "")
	} else {
		p.firstCause(c, d.Text, maxRows)
	}
	return c.next()
}

func (p *page) loginVerdict(l LoginReport) {
	st := map[string]style{"pass": green, "warn": yellow, "fail": red}[l.Status]
	if !l.failed() {
		p.prose("", l.Message, st)
	}
	for _, d := range l.Diagnoses {
		p.say(word(doctor.Status(l.Status)), st, d.Code+": "+d.Title)
	}
}
