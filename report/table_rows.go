package report

import (
	"slices"
	"strings"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
)

// minWideTable is the least width at which the table has all its columns; below
// it the stages become headings and the time is left out.
const minWideTable = 72

// maxLines bounds what one disconnect takes in the table of a watch; what is
// more to say about it is said below.
const maxLines = 4

// results writes the table of all results, each target in a row of its own.
func (p *page) results(d Document) {
	seen := column{head: "What was seen"}
	result := column{head: "Result", words: resultWords}
	if p.Width >= minWideTable {
		p.table([]column{
			{head: "Stage", maxWidth: 13}, {head: "Check", maxWidth: 14}, result, {head: "Time", maxWidth: len("59 min 59 s"), right: true}, seen,
		}, wideRows(d), 0)
		return
	}
	p.table([]column{{head: "Check", maxWidth: 16}, result, seen}, narrowRows(d), 0)
}

func wideRows(d Document) [][]string {
	var rows [][]string
	stage := ""
	for _, c := range d.Checks {
		name := c.Stage
		if name == stage {
			name = ""
		}
		stage = c.Stage
		took := elapsed(c.DurationMS)
		if c.Status == doctor.Skip {
			took = ""
		}
		rows = append(rows, []string{name, detail(c), word(c.Status), took, rowGroup{c}.seen(d.Checks)})
	}
	return rows
}

func narrowRows(d Document) [][]string {
	var rows [][]string
	stage := ""
	for _, c := range d.Checks {
		name := c.Stage
		if c.ID != c.Stage {
			if c.Stage != stage {
				rows = append(rows, []string{c.Stage, "", ""})
			}
			name = "  " + detail(c)
		}
		stage = c.Stage
		rows = append(rows, []string{name, word(c.Status), rowGroup{c}.seen(d.Checks)})
	}
	return rows
}

// detail is what the ID says beyond the stage.
func detail(c Check) string {
	return strings.TrimPrefix(c.ID, c.Stage+".")
}

// A rowGroup is results of one check on several targets that ended alike.
type rowGroup []Check

// elapsed tells milliseconds that something took.
func elapsed(ms int64) string { return humanize.Elapsed(time.Duration(ms) * time.Millisecond) }

// seen is what was seen on all of them. Targets are named where the same check
// has more than one.
func (f rowGroup) seen(all []Check) string {
	named := slices.ContainsFunc(all, func(c Check) bool { return c.ID == f[0].ID && c.Target != f[0].Target })
	var targets, messages []string
	for _, c := range f {
		m := c.Message
		if m == "" && c.Status == doctor.Pass {
			m = c.Title
		}
		if c.Target != "" {
			targets = append(targets, c.Target)
		}
		if !slices.Contains(messages, m) {
			messages = append(messages, m)
		}
	}
	switch {
	case !named || len(targets) == 0 || f[0].Status == doctor.Skip:
		return strings.Join(messages, "; ")
	case len(f) > 1 && len(messages) == 1:
		return naming(hosts(targets), messages[0], targets)
	}
	messages = messages[:0]
	for _, c := range f {
		messages = append(messages, naming(c.Target, c.Message, []string{c.Target}))
	}
	return strings.Join(messages, "; ")
}

// hosts names targets, with the domain that all share only once: "api and
// wsfeeder-api.upstox.com".
func hosts(targets []string) string {
	last := targets[len(targets)-1]
	_, domain, _ := strings.Cut(last, ".")
	var names []string
	for _, t := range targets {
		name, ok := strings.CutSuffix(t, "."+domain)
		if !ok || name == "" || !strings.Contains(domain, ".") {
			return join(targets)
		}
		names = append(names, name)
	}
	names[len(names)-1] = last
	return join(names)
}

// naming puts the targets before the message unless it names them all itself.
func naming(subject, message string, targets []string) string {
	if message == "" {
		return subject
	}
	for _, t := range targets {
		if !strings.Contains(message, t) {
			return subject + ": " + message
		}
	}
	return message
}
