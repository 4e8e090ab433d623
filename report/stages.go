package report

import (
	"fmt"
	"slices"
	"strings"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
)

// A stageRow is one of the six stages in one line: how it ended, and what was
// seen. Texts are what can be said, the fullest first; a page takes the first
// that has room.
type stageRow struct {
	name   string
	status doctor.Status
	texts  []string
}

// telling are the checks whose message says best that the stage passed, the
// first that passed taken. A stage that is not listed has one check.
var telling = map[string][]string{
	catalog.StageEnvironment: {checks.IDEnvironmentCredentials, checks.IDEnvironmentFiles},
	catalog.StageToken:       {checks.IDTokenExpiry, checks.IDTokenAccepted, checks.IDTokenPresent},
	catalog.StageTicks:       {checks.IDTicksLive, checks.IDTicksSnapshot},
}

// stageRows has all six stages, also those that were not asked for.
func (d Document) stageRows() []stageRow {
	var rows []stageRow
	said := ""
	for _, name := range catalog.Stages() {
		row := d.stageRow(name)
		if row.texts[0] == said && said != notAsked {
			row.texts = []string{"not run"} // a row above says why
		} else if row.status == doctor.Skip {
			said = row.texts[0]
		}
		rows = append(rows, row)
	}
	return rows
}

// notAsked is said of a stage whose checks were not chosen.
const notAsked = "not part of this run"

func (d Document) stageRow(name string) stageRow {
	var own []Check
	for _, c := range d.Checks {
		if c.Stage == name {
			own = append(own, c)
		}
	}
	row := stageRow{name: name, status: stageStatus(own)}
	switch {
	case len(own) == 0:
		row.texts = []string{notAsked}
	case row.status == doctor.Pass:
		row.texts = passTexts(name, own)
	case row.status == doctor.Skip:
		row.texts = []string{own[max(0, slices.IndexFunc(own, isUndone))].Message, "not run"}
	default:
		row.texts = d.findingTexts(own, row.status)
	}
	return row
}

// stageStatus is the worst of its checks. A stage with a check that was kept
// from running has not passed.
func stageStatus(own []Check) doctor.Status {
	has := func(s doctor.Status) bool {
		return slices.ContainsFunc(own, func(c Check) bool { return c.Status == s })
	}
	switch {
	case has(doctor.Fail):
		return doctor.Fail
	case has(doctor.Warn):
		return doctor.Warn
	case slices.ContainsFunc(own, isUndone) || !has(doctor.Pass):
		return doctor.Skip
	}
	return doctor.Pass
}

// isUndone reports whether something kept the check from running. A check that
// finds nothing to examine says so without a cause.
func isUndone(c Check) bool {
	return c.Status == doctor.Skip && (c.BlockedBy != "" || strings.HasPrefix(c.Message, "not finished"))
}

func passTexts(stage string, own []Check) []string {
	if stage == catalog.StageNetwork {
		return networkTexts(own)
	}
	ids := telling[stage]
	if ids == nil {
		ids = []string{own[0].ID}
	}
	for _, id := range ids {
		i := slices.IndexFunc(own, func(c Check) bool { return c.ID == id && c.Status == doctor.Pass && c.Message != "" })
		if i >= 0 {
			return append(clauses(own[i].Message), own[i].Title)
		}
	}
	return []string{own[0].Title}
}

// networkTexts name the hosts that were reached.
func networkTexts(own []Check) []string {
	var targets []string
	for _, c := range own {
		if c.ID == checks.IDNetworkTLS && c.Status == doctor.Pass && !slices.Contains(targets, c.Target) {
			targets = append(targets, c.Target)
		}
	}
	switch len(targets) {
	case 0:
		return []string{humanCount(own)}
	case 1:
		return []string{targets[0] + " answers securely", humanCount(own)}
	}
	return []string{hosts(targets) + " answer securely", humanCount(own)}
}

func humanCount(own []Check) string {
	if len(own) == 1 {
		return "1 check passed"
	}
	return fmt.Sprintf("%d checks passed", len(own))
}

// findingTexts are of the first finding of that status, a root cause before its
// consequences.
func (d Document) findingTexts(own []Check, s doctor.Status) []string {
	at := slices.IndexFunc(own, func(c Check) bool { return c.Status == s && isRoot(d, c) })
	if at < 0 {
		at = slices.IndexFunc(own, func(c Check) bool { return c.Status == s })
	}
	c := own[at]
	var group rowGroup
	for _, x := range own {
		if x.ID == c.ID && x.Code == c.Code && x.Status == s {
			group = append(group, x)
		}
	}
	texts := []string{group.seen(d.Checks)}
	if len(group) == 1 {
		texts = append(texts, c.Message)
	}
	for _, r := range d.RootCauses {
		if isOf(r, c) {
			texts = append(texts, r.Title)
		}
	}
	return append(texts, c.Code)
}

// clauses are a text without its last clauses, one less each time. What ends in
// parentheses is complete without them.
func clauses(s string) []string {
	all := []string{s}
	for {
		i := strings.LastIndex(s, "; ")
		if strings.HasSuffix(s, ")") {
			i = max(i, strings.LastIndex(s, " ("))
		}
		if i < 1 {
			return all
		}
		s = s[:i]
		all = append(all, s)
	}
}

// marks stand before the words of a status, for the eye.
var marks = map[doctor.Status]string{doctor.Pass: "✓", doctor.Warn: "!", doctor.Fail: "✗", doctor.Skip: "-"}

// stageHead is what a row says before what was seen.
func (p *page) stageHead(r stageRow) string {
	w := word(r.status)
	return p.paint(resultWords[w], marks[r.status]+" "+w) + fmt.Sprintf("  %-*s  ", stageWidth, r.name)
}

// Widths of the columns of the table of stages.
const (
	stageWidth = len(catalog.StageEnvironment)
	headWidth  = 1 + len(" pass  ") + stageWidth + len("  ")
)

// stages writes the table of the six stages and returns what their rows say.
func (p *page) stages(d Document) []string {
	var said []string
	for _, r := range d.stageRows() {
		text := r.fit(p.Width - headWidth)
		p.line(p.stageHead(r) + text)
		said = append(said, text)
	}
	return said
}

// fit returns the fullest text that has room, or none.
func (r stageRow) fit(columns int) string {
	for _, text := range r.texts {
		if text = printable(text); width(text) <= columns {
			return text
		}
	}
	return ""
}
