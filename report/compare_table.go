package report

import (
	"cmp"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
)

// Table writes the comparison for people: where the fault lies, what the two
// runs came to, and what differs.
func (c Comparison) Table(w io.Writer, o Options) error {
	if o.Quiet && c.Same && c.Fault.Side == "none" {
		return nil
	}
	p := newPage(o)
	st := bold
	if c.Fault.Side == "none" {
		st = green
	}
	p.prose("", c.Fault.Message, st)
	p.blank()
	p.side("A", c.A)
	p.side("B", c.B)
	p.sidedCauses(c.Fault.Causes)
	p.endings(c)
	if len(c.Fault.Differs) > 0 {
		p.blank()
		p.line(p.paint(bold, "Differs up to there"))
		p.values(c.Fault.Differs)
	}
	p.rest(c)
	p.blank()
	p.prose("", fmt.Sprintf("Exit status %d: %s. As JSON: --output json", c.ExitCode, c.verdict()), dim)
	return p.send(w)
}

func (c Comparison) verdict() string {
	if c.Same {
		return "the same verdict"
	}
	return "the verdicts differ"
}

// side writes one line or two about a run.
func (p *page) side(letter string, s Side) {
	name := s.Name
	if name == "-" {
		name = "standard input"
	}
	parts := []string{name + ":", word(doctor.Status(s.Status))}
	if !s.began.IsZero() {
		parts = append(parts, "on "+humanize.Date(s.began)+",")
	}
	parts = append(parts, fmt.Sprintf("version %s, %s/%s, market %s", s.Tool.Version, s.Tool.OS, s.Tool.Arch, s.Market))
	p.prose(letter+"  ", strings.Join(parts, " "), "")
}

// sidedCauses names what fails, and where its cause and steps are told.
func (p *page) sidedCauses(all []SidedCause) {
	where := map[string]string{"a": "A", "b": "B", "both": "Both"}
	for _, s := range all {
		p.blank()
		p.prose("", where[s.Side]+": "+s.Title+" ("+s.Code+")", bold)
		p.labelled("Who acts", ownerText(s.Owner))
		if catalog.Lookup(s.Code) != nil {
			p.unwrapped(p.call("upstox-doctor explain " + s.Code))
		}
	}
}

// endings writes the checks that ended otherwise.
func (p *page) endings(c Comparison) {
	var rows [][]string
	for _, d := range c.Differences {
		if d.Kind == "result" {
			rows = append(rows, []string{d.subject(c), valueOrNone(valueText(d.A)), valueOrNone(valueText(d.B))})
		}
	}
	if len(rows) > 0 {
		p.blank()
		p.table([]column{{head: "Check", maxWidth: p.Width / 2}, {head: "A", maxWidth: p.Width / 4}, {head: "B"}}, rows, 0)
	}
}

// rest writes what differs beside that.
func (p *page) rest(c Comparison) {
	var others []Difference
	shown := map[string]bool{}
	for _, d := range c.Fault.Differs {
		shown[d.Check+d.Target+d.Name] = true
	}
	for _, d := range c.Differences {
		if d.Kind != "result" && !shown[d.Check+d.Target+d.Name] {
			others = append(others, d)
		}
	}
	switch {
	case len(c.Differences) == 0:
		p.blank()
		p.prose("", "Nothing differs that matters.", "")
	case len(others) > 0:
		p.blank()
		p.line(p.paint(bold, "Differs beside"))
		p.values(others)
	}
}

// values writes each difference with both values whole, one below the other.
func (p *page) values(all []Difference) {
	for _, g := range grouped(all) {
		p.prose("  ", g.subject, "")
		for _, d := range g.all {
			name, a := evidenceText(doctor.Item{Name: d.Name, Value: d.A})
			other, b := evidenceText(doctor.Item{Name: d.Name, Value: d.B})
			if a == "" {
				name = other // without the unit, which only a value shows
			}
			p.prose("    "+name+"  A: ", valueOrNone(a), "")
			p.prose("    "+strings.Repeat(" ", width(name))+"  B: ", valueOrNone(b), "")
		}
	}
}

// A group is what differs in one check, on all targets on which the same does.
type group struct {
	check, subject string
	targets        []string
	all            []Difference
}

func grouped(all []Difference) []group {
	var groups []group
	for len(all) > 0 {
		n := slices.IndexFunc(all, func(d Difference) bool { return d.Check != all[0].Check || d.Target != all[0].Target })
		if n < 0 {
			n = len(all)
		}
		g := group{check: all[0].Check, targets: []string{all[0].Target}, all: all[:n]}
		all = all[n:]
		if last := len(groups) - 1; last >= 0 && groups[last].check == g.check && slices.EqualFunc(groups[last].all, g.all, func(x, y Difference) bool {
			return x.Name == y.Name && reflect.DeepEqual(x.A, y.A) && reflect.DeepEqual(x.B, y.B)
		}) {
			groups[last].targets = append(groups[last].targets, g.targets...)
		} else {
			groups = append(groups, g)
		}
	}
	for i, g := range groups {
		groups[i].subject = strings.TrimSpace(g.check + " " + hosts(g.targets))
		if g.check == "" {
			groups[i].subject = "the run"
		}
	}
	return groups
}

func (d Difference) subject(c Comparison) string {
	check := Check{ID: d.Check, Target: d.Target}
	if alike(check, c.A.doc.Checks) > 1 || alike(check, c.B.doc.Checks) > 1 {
		return d.Check + " " + d.Target
	}
	return d.Check
}

func valueOrNone(s string) string {
	return cmp.Or(s, "-")
}
