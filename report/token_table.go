package report

import (
	"io"
	"slices"
	"strings"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
)

// Table writes the page for people: what is known of the token, each finding
// with what to do about it, and last the verdict with the next command.
func (s TokenStatus) Table(w io.Writer, o Options) error {
	if o.Quiet && s.Status == string(doctor.Pass) {
		return nil
	}
	p, end := newPage(o), newPage(o)
	end.tokenEnding(s)
	p.tokenSources(s)
	p.tokenLife(s)
	p.labelled("Token file", s.File.words())
	p.labelled("Online", s.Online.Message)
	if p.Verbose {
		p.allCauses(s.document)
	} else {
		p.causes(s.document, s.told(), rowsFor(s.document)-p.rows()-end.rows())
	}
	p.add(end)
	return p.send(w)
}

// told is what was seen of the token's end, which the rows of the page say.
func (s TokenStatus) told() (said []string) {
	for _, c := range s.document.RootCauses {
		if c.Check == checks.IDTokenExpiry && s.winner != nil {
			said = append(said, printable(evidenceOfTargets(s.document, c)))
		}
	}
	return said
}

// tokenEnding writes what stands last.
func (p *page) tokenEnding(s TokenStatus) {
	p.line("")
	if p.Verbose {
		p.closing(s.document)
	}
	p.tokenVerdict(s)
	p.nextCommand(s.document.next(), len(s.document.RootCauses) < 2)
}

// tokenVerdict writes what matters most. A fault that is not the token's must
// not send anybody to log in, so it is followed by what is known of the token.
func (p *page) tokenVerdict(s TokenStatus) {
	d := s.document
	if d.Summary.Fail > 0 || d.End != doctor.Complete {
		p.verdict(d)
		if note := s.note(); note != "" {
			p.prose("", note, "")
		}
		return
	}
	for _, c := range d.RootCauses {
		p.say("WARN", yellow, c.Code+": "+c.Title)
	}
	st := green
	if s.Accepted == nil {
		st = yellow
	}
	p.prose("", s.Message, st)
}

// note is what the findings leave open.
func (s TokenStatus) note() string {
	mine := func(c Cause) bool { return c.Stage == catalog.StageEnvironment }
	switch {
	case s.winner == nil || s.Accepted == nil && (s.offline || slices.ContainsFunc(s.RootCauses, mine)):
		return ""
	case s.Accepted == nil && s.Online.Asked:
		return "That says nothing against the token itself: Upstox has not judged it."
	case s.Accepted == nil:
		return "That says nothing against the token itself: Upstox could not be asked."
	case *s.Accepted:
		return "Upstox accepts the token itself."
	case s.Expired != nil && *s.Expired && s.Clock == "local":
		for _, src := range s.sources {
			if src.Role == checks.Shadowed && src.Expires.After(s.now) {
				return "Another token has not ended: that in " + src.Source + ". Nobody was asked whether Upstox accepts it."
			}
		}
	}
	return ""
}

func (p *page) tokenSources(s TokenStatus) {
	others := "Also in"
	if s.winner == nil {
		p.labelled("Token", "none")
		others = "Instead"
	} else {
		p.labelled("Token", s.Source+map[bool]string{true: ", which wins"}[len(s.sources) > 1])
	}
	for i := range s.sources {
		if src := &s.sources[i]; src != s.winner {
			p.labelled(others, src.Source+": "+s.standing(*src))
			others = ""
		}
	}
}

// standing says what another source holds.
func (s TokenStatus) standing(src checks.TokenSource) string {
	switch {
	case src.Role == checks.Placeholder:
		return "sample text"
	case src.Role == checks.Duplicate:
		return "the same token"
	case src.Kind == "":
		return "another text, which has not the form of a token"
	case src.Expires.IsZero():
		return "another token, which does not tell its end"
	case src.Expires.After(s.now):
		return "another token, which ends " + humanize.Date(src.Expires)
	}
	return "another token, which ended " + humanize.Date(src.Expires)
}

var kinds = map[string]string{
	"oauth":     "OAuth, from a login",
	"analytics": "Analytics, read only",
	"extended":  "extended, read only",
	"opaque":    "opaque: it tells neither its kind nor its end",
}

// tokenLife writes what the winning token says of itself.
func (p *page) tokenLife(s TokenStatus) {
	w := s.winner
	if w == nil {
		return
	}
	if w.Kind == "" {
		p.labelled("Kind", "none: "+w.Why)
		return
	}
	p.labelled("Kind", kinds[w.Kind])
	if w.Plus != nil {
		p.labelled("Plan", map[bool]string{true: "Plus", false: "not Plus"}[*w.Plus])
	}
	p.labelled("Issued", s.moment(w.Issued))
	p.labelled("Ends", s.moment(w.Expires))
	p.labelled("Left", s.left())
}

// moment tells a time in India, and here if that differs.
func (s TokenStatus) moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	text := humanize.Date(t)
	if s.local == nil {
		return text
	}
	here := t.In(s.local)
	if isIndian(here) {
		return text
	}
	return text + ", here " + here.Format("Mon 2 Jan 15:04 (UTC-07:00)")
}

// left tells the time that is left, drawn as the share of the whole life where
// the token tells that too.
func (s TokenStatus) left() string {
	if s.LeftSeconds == nil {
		return "not known: only Upstox knows when this token ends"
	}
	left := time.Duration(*s.LeftSeconds) * time.Second
	text := humanize.Duration(left.Abs())
	if *s.Expired {
		text = "ended " + text + " ago"
	} else {
		text += " left"
	}
	if life := s.winner.Expires.Sub(s.winner.Issued); !s.winner.Issued.IsZero() && life > 0 {
		text = bar(left.Seconds()/life.Seconds()) + " " + text
	}
	if s.Clock == "local" {
		text += ", by this machine's clock"
	}
	return text
}

// bar draws a share. A bar is full only for the whole and empty only for
// nothing.
func bar(share float64) string {
	const cells = 20
	n := int(share*cells + 0.5)
	switch {
	case share <= 0:
		n = 0
	case share >= 1:
		n = cells
	default:
		n = min(max(n, 1), cells-1)
	}
	return "[" + strings.Repeat("#", n) + strings.Repeat("-", cells-n) + "]"
}

// words says what file there is, how open and how old.
func (f TokenFile) words() string {
	if !f.Exists {
		return "there is no " + f.Name
	}
	text := f.Name
	if f.Mode != "" {
		text += ", mode " + f.Mode
	}
	if age := *f.AgeSeconds; age >= 0 {
		text += ", written " + humanize.Duration(time.Duration(age)*time.Second) + " ago"
	} else { // the clock was set back since
		text += ", written " + humanize.Date(f.modified)
	}
	if f.empty {
		text += ", without a token"
	}
	return text
}
