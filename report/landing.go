package report

import (
	_ "embed"
	"html/template"
	"strings"
	"sync"

	"upstox-doctor/checks/doctor"
)

//go:embed landing.html
var landingText string

var landingPage = sync.OnceValue(func() *template.Template { return template.Must(HTMLParts().Parse(landingText)) })

// endedStyle comes with the end of the page and hides its first words. That needs
// no script, since a page is drawn while it arrives; a selector such as only-child
// does not do, since Chromium lets it match in whole elements only.
const endedStyle = "header.wait { display: none; }"

var landingStyle = htmlStyle + ".landing { max-width: 42rem; margin: 0 auto; }\nheader + article { margin-top: 1rem; }\n"

// LandingBegin is the page that the browser lands on after a login, as far as it
// is known at once, and the source of its style in the words of a
// Content-Security-Policy.
func LandingBegin() (page, styleSource string) {
	var out strings.Builder
	landingPage().ExecuteTemplate(&out, "landing-begin", struct{ Style template.CSS }{template.CSS(landingStyle)})
	return out.String(), styleDigest(landingStyle) + " " + styleDigest(endedStyle)
}

// A landing is the end of that page.
type landing struct {
	Style             template.CSS
	Class, Word, Head string
	Notes             []string
	Simulated         string
	Cause             *htmlCause // with its first step
	Next              []Step
}

// LandingEnd is the rest of the page, with how the login ended.
func (l LoginReport) LandingEnd() string {
	s := doctor.Status(l.Status)
	page := landing{Style: endedStyle, Class: class(s), Word: word(s), Head: l.Message, Notes: l.notes, Simulated: l.Simulated, Next: l.Next}
	if causes := (Document{Login: &l}).htmlLogin().Causes; len(causes) > 0 {
		page.Cause = &causes[0]
		page.Cause.Steps = page.Cause.Steps[:min(1, len(page.Cause.Steps))]
	}
	var out strings.Builder
	if err := landingPage().ExecuteTemplate(&out, "landing-end", page); err != nil {
		return ""
	}
	return out.String()
}
