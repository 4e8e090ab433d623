package report

import (
	"io"
	"slices"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
)

// Repairable reports whether a login solves one of the root causes and can be
// made. A warning does not count: a token that expires at 03:30 would be replaced
// by one that expires at 03:30.
func (d Document) Repairable() bool {
	mends := func(c Cause) bool { return c.Fix.Repair == "login" }
	cut := func(c Check) bool {
		return c.ID == checks.IDNetworkHTTP && (c.Status == doctor.Fail || c.Status == doctor.Skip) ||
			c.ID == checks.IDEnvironmentCredentials && c.Code == catalog.TokenElsewhere.Code // key and secret
	}
	return d.End == doctor.Complete && d.Summary.Fail > 0 &&
		slices.ContainsFunc(d.RootCauses, mends) && !slices.ContainsFunc(d.Checks, cut)
}

// Verdict writes only the report's conclusion.
func (d Document) Verdict(w io.Writer, o Options) error {
	p := newPage(o)
	p.verdict(d)
	return p.send(w)
}

// changed writes what a login has changed between two runs.
func (p *page) changed(d Document) {
	if d.Before == nil {
		return
	}
	p.blank()
	rows := changes(*d.Before, d)
	if len(rows) == 0 {
		p.prose("", "The login has changed nothing: every check ends as before.", "")
		return
	}
	p.table([]column{
		{head: "Check", maxWidth: p.Width * 3 / 8}, {head: "Before", maxWidth: p.Width * 2 / 5}, {head: "  Now"},
	}, rows, 0)
}

// changes are the checks that ended otherwise than before: name, before, now.
func changes(before, now Document) [][]string {
	var rows [][]string
	for _, c := range now.Checks {
		was, found := counterpart(c, now.Checks, before.Checks)
		if !found || was.Status != c.Status || was.Code != c.Code {
			rows = append(rows, []string{named(c, now.Checks), ending(was, found), "→ " + ending(c, true)})
		}
	}
	for _, c := range before.Checks {
		if _, found := counterpart(c, before.Checks, now.Checks); !found {
			rows = append(rows, []string{named(c, before.Checks), ending(c, true), "→ " + ending(Check{}, false)})
		}
	}
	return rows
}

// counterpart is the same check in the other run. What a check is put to alone
// may have another target there, such as another file that holds the token.
func counterpart(c Check, own, others []Check) (Check, bool) {
	alone := alike(c, own) == 1 && alike(c, others) == 1
	i := slices.IndexFunc(others, func(o Check) bool { return o.ID == c.ID && (alone || o.Target == c.Target) })
	if i < 0 {
		return Check{}, false
	}
	return others[i], true
}

// alike counts the results of the same check.
func alike(c Check, all []Check) (n int) {
	for _, o := range all {
		if o.ID == c.ID {
			n++
		}
	}
	return n
}

// named is the check's ID, with the target where it has several.
func named(c Check, all []Check) string {
	if alike(c, all) > 1 {
		return c.ID + " " + c.Target
	}
	return c.ID
}

// ending is how a check ended, in a few words.
func ending(c Check, ran bool) string {
	switch {
	case !ran:
		return "-"
	case c.Code == "":
		return word(c.Status)
	}
	return word(c.Status) + " " + c.Code
}

// login writes how the login ended that a run led to. A warning that is a
// root cause of the run after it has been explained there.
func (p *page) login(d Document) {
	l := d.Login
	if l == nil {
		return
	}
	p.blank()
	switch {
	case l.failed():
		p.prose("", l.Message, red)
	case l.Status == "pass":
		p.prose("", "Logged in. "+l.Message, green)
	default:
		p.prose("", "Logged in. "+l.Message, yellow)
	}
	for _, n := range l.notes {
		p.prose("", n, "")
	}
	for _, it := range l.Diagnoses {
		if slices.ContainsFunc(d.RootCauses, func(c Cause) bool { return c.Code == it.Code }) {
			p.say("WARN", yellow, it.Code+": "+it.Text)
			continue
		}
		p.blank()
		p.diagnosis(it, "")
	}
	p.withoutCommand(l.Next)
}
