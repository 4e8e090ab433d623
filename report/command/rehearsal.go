package command

import (
	"fmt"
	"os"
	"strings"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
)

// rehearsed is what an earlier login has left in the scenario, and says so: what
// follows is not the scenario as it is described.
func (a App) rehearsed(p WorldOptions) sim.Changes {
	if p.Fresh {
		return sim.Changes{}
	}
	left, found := a.Rehearsals.Load(p.Simulate)
	if !found {
		return sim.Changes{}
	}
	var parts []string
	if names := left.Names(); len(names) > 0 {
		parts = append(parts, "with the login's "+strings.Join(names, " and "))
	}
	if len(left.Unset) > 0 {
		parts = append(parts, strings.Join(left.Unset, " and ")+" unset as its step says")
	}
	anew := report.Steps([]catalog.Step{catalog.WhenRehearsed}, a.reportMeta(nil, WorldOptions{}))[0].Run
	fmt.Fprintf(a.Errs, "Simulated, after your login of %s: %s. To begin anew: %s\n", humanize.Moment(left.At), strings.Join(parts, ", and "), anew)
	return left.Changes
}

// keep keeps what a simulated login has changed for the next command, if there is
// a new token.
func (a App) keep(p WorldOptions, session *sim.Session, done checks.LoggedIn) report.Kept {
	if session == nil || done.Token.Value() == "" {
		return report.Kept{}
	}
	changes, err := session.Changes(len(done.Shadows) > 0)
	switch {
	case err != nil:
		return report.Kept{None: err.Error()}
	case changes.Empty():
		return report.Kept{}
	case p.Fresh:
		return report.Kept{None: "--fresh keeps nothing"}
	}
	left, path, err := a.Rehearsals.Save(p.Simulate, changes)
	if err != nil {
		return report.Kept{None: err.Error()}
	}
	home, _ := os.UserHomeDir() // a machine may have none
	return report.Kept{File: checks.ShownDir(path, home), Until: left.Until, Unset: changes.Unset}
}

// reset forgets what simulated logins have left.
func (a App) reset(o SimulateOptions) error {
	if o.List || len(o.Scenarios) > 0 {
		return UsageError("--reset forgets the logins of all scenarios, and takes neither one nor --list")
	}
	n, err := a.Rehearsals.Reset()
	if err != nil {
		return fault(err)
	}
	if _, err := fmt.Fprintf(a.Out, "Forgotten: %s.\n", humanize.Count(n, "simulated login")); err != nil {
		return fault(err)
	}
	return nil
}
