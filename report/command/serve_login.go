package command

import (
	"context"
	"strings"

	"upstox-doctor/checks"
	"upstox-doctor/checks/login"
	"upstox-doctor/checks/redact"
	"upstox-doctor/report"
	"upstox-doctor/report/serve"
)

// logIn makes the guided login with the page in the terminal's place. The browser
// that shows the page is taken to be on this machine, and what the user pastes
// helps where it is not.
func (p pageOf) logIn(ctx context.Context, d serve.LoginDialogue) report.LoginReport {
	w := p.world
	w.Secrets, w.Place = new(redact.Set), login.Place{}
	o := LoginOptions{WorldOptions: p.options.WorldOptions}
	var l checks.LoginOptions
	l.Dialogue = login.Dialogue{
		Say: func(line string) { d.Say(w.Secrets.String(line)) },
		Show: func(line string) {
			if strings.HasPrefix(line, "http") { // and no command
				d.Show(line)
			}
		},
		Ask: func(ctx context.Context, _ string) (string, error) { return d.Ask(ctx) },
	}
	var ended report.LoginReport
	end := func(done checks.LoggedIn, err error) string {
		ended, _ = p.app.loginReport(o, w, loginEnd{done, err, p.app.keep(o.WorldOptions, p.session, done)})
		return ended.LandingEnd()
	}
	l.Landing.Begin, l.Landing.StyleSource = report.LandingBegin()
	l.Landing.End = end
	if p.session != nil {
		page, err := p.session.LoginPage()
		if err != nil {
			end(checks.LoggedIn{}, err)
			return ended
		}
		l.Page = page
	}
	w.LogIn(ctx, l) // which calls end
	return ended
}
