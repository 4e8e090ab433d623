package report

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"upstox-doctor/checks/doctor"
)

// mostEvidence bounds the lines of evidence under one cause.
const mostEvidence = 12

// cause writes the root cause of that index with what to do about it.
func (p *page) cause(d Document, i int) {
	c, of := d.RootCauses[i], len(d.RootCauses)
	head := "Root cause"
	if d.Summary.Fail == 0 {
		head = "Warning"
	}
	if of > 1 {
		head += fmt.Sprintf(" %d of %d", i+1, of)
	}
	p.prose("", head+": "+c.Title+" ("+c.Code+")", bold)
	p.labelled("Why", c.Cause)
	p.labelled("Where", where(c))
	p.labelled("Seen", seen(d, c))
	p.evidence(c.Evidence)
	p.labelled("Confidence", sure(c.Confidence))
	p.labelled("Who acts", who(c.Owner))
	p.steps(c.Fix)
}

func where(c Cause) string {
	if len(c.Targets) == 0 {
		return c.Check
	}
	return c.Check + ", " + join(c.Targets)
}

// seen is what was seen on each target.
func seen(d Document, c Cause) string {
	var f fold
	for _, check := range d.Checks {
		if isOf(c, check) {
			f = append(f, check)
		}
	}
	return f.seen(d.Checks)
}

func sure(c doctor.Confidence) string {
	switch c {
	case doctor.Likely:
		return "likely, but not proved"
	case doctor.Possible:
		return "possible; other causes look the same"
	}
	return "certain"
}

// evidence writes names and values in two columns under "Seen".
func (p *page) evidence(e evidence) {
	widest := 0
	var lines [][2]string
	for _, it := range e {
		name, value := human(it)
		if value == "" {
			continue
		}
		name = shorten(name, p.Width*3/8)
		widest = max(widest, width(name))
		lines = append(lines, [2]string{name, value})
	}
	if more := len(lines) - mostEvidence; more > 0 && !p.Verbose {
		lines = append(lines[:mostEvidence], [2]string{"more", fmt.Sprintf("%d, shown with --verbose", more)})
	}
	for _, l := range lines {
		gap := strings.Repeat(" ", widest-width(l[0]))
		p.prose(strings.Repeat(" ", labels)+l[0]+": "+gap, l[1], "")
	}
}

// india is the zone in which tokens end and markets open. It has no summer time.
var india = time.FixedZone("IST", 19800)

// units are the parts of names of evidence that say what a number counts.
var units = []struct{ part, unit string }{{"_ms", " ms"}, {"_bytes", " bytes"}, {"_percent", " %"}}

// human returns a piece of evidence as people write it: expired_seconds_ago
// 24300 is "expired ago", "6 h 45 min".
func human(it doctor.Item) (name, value string) {
	name, value = it.Name, inWords(it.Value)
	if t, err := time.Parse(time.RFC3339, value); err == nil {
		value = t.In(india).Format("2 Jan 2006 15:04:05 IST")
	}
	if base, ok := without(name, "_seconds"); ok && value != "" {
		name, value = base, seconds(value)
	}
	for _, u := range units {
		if base, ok := without(name, u.part); ok && value != "" {
			name, value = base, value+u.unit
			break
		}
	}
	return printable(strings.ReplaceAll(name, "_", " ")), printable(value)
}

// without takes the part out of the name where it is a whole word.
func without(name, part string) (string, bool) {
	before, after, ok := strings.Cut(name+"_", part+"_")
	if !ok || before == "" {
		return name, false
	}
	return strings.TrimSuffix(before+"_"+after, "_"), true
}

// seconds tells a number of seconds, in larger units if it is large.
func seconds(s string) string {
	n, err := strconv.ParseFloat(s, 64)
	switch m := int64(math.Abs(n)) / 60; {
	case err != nil || math.Abs(n) < 120 || math.Abs(n) > 1e12:
		return s + " s"
	case n < 0:
		return "-" + seconds(strings.TrimPrefix(s, "-"))
	case m < 120:
		return fmt.Sprintf("%d min", m)
	case m < 48*60:
		return fmt.Sprintf("%d h %d min", m/60, m%60)
	default:
		return fmt.Sprintf("%d days", m/60/24)
	}
}

func inWords(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case []any:
		var parts []string
		for _, x := range v {
			parts = append(parts, inWords(x))
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		var parts []string
		for k, x := range v {
			parts = append(parts, strings.ReplaceAll(k, "_", " ")+" "+inWords(x))
		}
		slices.Sort(parts)
		return strings.Join(parts, ", ")
	case json.Number:
		return v.String()
	}
	return fmt.Sprint(v)
}

// also lists findings that are no root cause: they wait until what is above
// is mended, and many of them are gone then.
func (p *page) also(d Document) {
	var rest []Check
	for _, c := range d.Checks {
		alike := func(x Check) bool { return x.ID == c.ID && x.Code == c.Code }
		if c.Fix != nil && !isRoot(d, c) && !slices.ContainsFunc(rest, alike) {
			rest = append(rest, c)
		}
	}
	if len(rest) == 0 {
		return
	}
	p.blank()
	p.line(p.paint(bold, "Also"))
	for _, c := range rest {
		w := word(c.Status)
		text := c.Code + ": " + c.Message
		if c.Because != "" {
			text += " (a consequence of " + c.Because + ")"
		}
		p.prose(w+"  ", text, "")
		if c.Because == "" {
			p.alone("upstox-doctor explain " + c.Code)
		}
	}
}

func isRoot(d Document, c Check) bool {
	return slices.ContainsFunc(d.RootCauses, func(r Cause) bool { return isOf(r, c) })
}

// isOf reports whether the result is one of those that make the root cause.
func isOf(r Cause, c Check) bool {
	return c.Fix != nil && c.Because == "" && r.Check == c.ID && r.Code == c.Code
}
