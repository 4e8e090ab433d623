package report

import (
	"fmt"
	"io"
	"strings"

	"upstox-doctor/checks/doctor"
)

// tap writes the report as TAP 14: a test point for each result, with a block
// of YAML under each finding. A warning is ok and has such a block. A run that
// could not complete bails out.
func (d Document) tap(w io.Writer, _ Options) error {
	var out strings.Builder
	fmt.Fprintf(&out, "TAP version 14\n1..%d\n", len(d.Checks))
	called := metricNames(d.Checks)
	for i, c := range d.Checks {
		point := "ok"
		if c.Status == doctor.Fail {
			point = "not ok"
		}
		fmt.Fprintf(&out, "%s %d - %s", point, i+1, tapText(called[i]+": "+c.Title))
		if c.Status == doctor.Skip {
			out.WriteString(" # SKIP " + tapText(c.Message))
		}
		out.WriteByte('\n')
		if c.Fix != nil {
			d.tapBlock(&out, c)
		}
	}
	if text := unfinished(d.End); text != "" {
		out.WriteString("Bail out! " + tapText(text) + "\n")
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// tapText escapes what would begin a directive.
func tapText(s string) string {
	return strings.TrimSpace(strings.NewReplacer(`\`, `\\`, "#", `\#`).Replace(printable(s)))
}

// tapBlock writes what is known of a finding. Every text is in double quotes,
// since YAML takes bare words for numbers, dates and truth.
func (d Document) tapBlock(out *strings.Builder, c Check) {
	pair := func(indent, name, value string) {
		if value != "" {
			fmt.Fprintf(out, "%s%s: %s\n", indent, name, yamlText(value))
		}
	}
	out.WriteString("  ---\n")
	pair("  ", "message", c.Message)
	pair("  ", "severity", string(c.Status))
	pair("  ", "code", c.Code)
	pair("  ", "target", c.Target)
	pair("  ", "caused_by", c.CausedBy)
	fmt.Fprintf(out, "  duration_ms: %d\n", c.DurationMS)
	var known [][2]string
	taken := map[string]bool{}
	for _, it := range c.Evidence {
		if name, value := evidenceText(it); name != "" && value != "" && !taken[name] {
			taken[name] = true
			known = append(known, [2]string{name, value})
		}
	}
	if len(known) > 0 {
		out.WriteString("  evidence:\n")
		for _, it := range known {
			pair("    ", yamlText(it[0]), it[1])
		}
	}
	out.WriteString("  steps:\n")
	for _, s := range c.Fix.Steps {
		text := printable(s.Do)
		if s.Run != "" {
			text += " Run: " + printable(s.Run)
		}
		fmt.Fprintf(out, "    - %s\n", yamlText(text))
	}
	out.WriteString("  ...\n")
}

// yamlText puts a text in one line in double quotes.
func yamlText(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(printable(s)) + `"`
}
