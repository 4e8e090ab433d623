package report

import (
	"fmt"
	"io"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/humanize"
)

// A LoginReport is how a guided login ended. Its JSON form is for scripts.
type LoginReport struct {
	Schema    string      `json:"schema"`
	Status    string      `json:"status"` // pass, warn if another token still wins or the new one was not tried, or fail
	ExitCode  int         `json:"exit_code"`
	Message   string      `json:"message"`
	Target    string      `json:"target"`          // host, variable or file that a failure concerns; empty for the login itself
	Kind      string      `json:"kind"`            // of the token; empty if there is none
	ExpiresAt string      `json:"expires_at"`      // RFC 3339 in IST; empty if unknown
	Price     float64     `json:"price,omitempty"` // of NIFTY 50, by the new token
	Saved     []string    `json:"saved"`           // files that hold the new token
	Diagnoses []Diagnosis `json:"diagnoses"`       // of the failure or the warning
	Next      []Step      `json:"next"`            // what to do after a login that ended well

	notes []string
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
		Message: loginWords(r.Finding), Target: b.clean.text(r.Target, maxName), Kind: r.Kind, Price: r.Price,
	}
	for _, name := range r.Saved {
		out.Saved = append(out.Saved, b.clean.text(name, maxName))
	}
	if r.Finding != nil {
		out.Status = "warn"
		out.Diagnoses = append(out.Diagnoses, b.diagnosis(catalog.Match{Entry: r.Finding, Text: r.Seen}))
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
	out.notes = append(out.notes, "It is saved in "+join(out.Saved)+".")
	if r.Finding == nil {
		out.Next = b.fix(&catalog.Entry{Steps: catalog.AfterLogin}, Check{}).Steps
	}
	return out
}

// JSON writes the page for scripts.
func (l LoginReport) JSON(w io.Writer) error { return writeJSON(w, l) }

// Table writes the page for people.
func (l LoginReport) Table(w io.Writer, o Options) error {
	p := newPage(o)
	if l.Status == "fail" {
		for _, d := range l.Diagnoses {
			p.diagnosis(d, "")
		}
		return p.send(w)
	}
	if o.Quiet && l.Status == "pass" {
		return nil
	}
	st := green
	if l.Status == "warn" {
		st = yellow
	}
	p.prose("", l.Message, st)
	for _, n := range l.notes {
		p.prose("", n, "")
	}
	for _, d := range l.Diagnoses {
		p.blank()
		p.diagnosis(d, "")
	}
	p.next(l.Next)
	return p.send(w)
}

// next writes what to do after a login that ended well.
func (p *page) next(steps []Step) {
	for i, s := range steps {
		if i == 0 {
			p.blank()
			p.line(p.paint(bold, "Next"))
		}
		p.step(fmt.Sprintf("%2d. ", i+1), s)
	}
}
