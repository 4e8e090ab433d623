package report

import (
	"fmt"
	"io"
	"strings"

	"upstox-doctor/checks/doctor"
)

// github writes commands to the runner of GitHub Actions, which shows them as
// annotations, and a last line for the log. The runner shows at most ten of
// each sort in a step, so that root causes come first.
func (d Document) github(w io.Writer, _ Options) error {
	var out strings.Builder
	if text := unfinished(d.End); text != "" {
		annotate(&out, "error", "upstox-doctor", text)
	}
	for _, c := range d.RootCauses {
		sort := "error"
		if d.Summary.Fail == 0 {
			sort = "warning"
		}
		text := c.Cause + "\n" + stepLines(c.Fix) + "Seen: " + evidenceOfTargets(d, c)
		annotate(&out, sort, c.Code+": "+c.Title, text)
	}
	for _, c := range d.Checks {
		if c.Status == doctor.Warn && c.Fix != nil && c.CausedBy == "" && !isRoot(d, c) {
			annotate(&out, "warning", c.Code, c.Message+"\n"+stepLines(*c.Fix))
		}
	}
	fmt.Fprintf(&out, "upstox-doctor: %s\n", logText(d))
	_, err := io.WriteString(w, out.String())
	return err
}

// annotate writes one command. Its data ends with the line, its title also
// with a comma or a colon.
func annotate(out *strings.Builder, sort, title, text string) {
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer(":", "%3A", ",", "%2C")
	fmt.Fprintf(out, "::%s title=%s::%s\n", sort, property.Replace(data.Replace(title)), data.Replace(strings.TrimSpace(text)))
}

// logText is the plain line. Two number signs and a bracket begin a command of
// the runner's old syntax anywhere in a line.
func logText(d Document) string {
	if len(d.RootCauses) == 0 {
		return strings.ReplaceAll(allClear(d), "##[", "## [")
	}
	return fmt.Sprintf("%d failed, %d warned, %d passed, %d skipped", d.Summary.Fail, d.Summary.Warn, d.Summary.Pass, d.Summary.Skip)
}
