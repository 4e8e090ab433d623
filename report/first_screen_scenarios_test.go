package report_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"upstox-doctor/fixtures/simtest"
	"upstox-doctor/report"
)

// TestFirstScreenOfEveryScenario holds the first screen to its size and order:
// six rows of stages first, the verdict and the next command last.
func TestFirstScreenOfEveryScenario(t *testing.T) {
	t.Parallel()
	for _, sc := range simtest.Scenarios() {
		t.Run(sc.Name, func(t *testing.T) {
			t.Parallel()
			d, _ := document(t, sc, new(bytes.Buffer))
			for _, columns := range []int{80, 100, 120} {
				var out bytes.Buffer
				if err := d.Table(&out, report.Options{Width: columns}); err != nil {
					t.Fatal(err)
				}
				lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
				if got, limit := rowsOf(lines, columns), maxRows(d); got > limit {
					t.Errorf("%d columns: %d rows, more than %d", columns, got, limit)
				}
				if err := orderly(d, lines); err != "" {
					t.Errorf("%d columns: %s", columns, err)
				}
				if t.Failed() {
					t.Fatalf("%d columns:\n%s", columns, out.String())
				}
			}
		})
	}
}

// maxRows is the limit of the contract.
func maxRows(d report.Document) int {
	switch len(d.RootCauses) {
	case 0:
		return 12
	case 1:
		return 22
	}
	return 40
}

// rowsOf counts the rows of a terminal, which breaks long commands.
func rowsOf(lines []string, columns int) (rows int) {
	for _, line := range lines {
		rows += max(1, (report.Width(line)+columns-1)/columns)
	}
	return rows
}

// afterSteps names the last step before the next command.
var afterSteps = regexp.MustCompile(`Next, after (?:step|steps 1 to) ([0-9]+):`)

// orderly says what is out of place, or nothing.
func orderly(d report.Document, lines []string) string {
	command := false // the last line
	for i, line := range lines {
		command = strings.HasPrefix(line, "    ")
		switch {
		case i < 6 && !strings.Contains("✓!✗-", strings.SplitN(line, " ", 2)[0]):
			return "a row of the stages has no mark: " + line
		case i < 6 && len(strings.Fields(line)) < 4:
			return "a row says nothing: " + line
		case strings.Contains(line, "…") && !command:
			return "words are cut: " + line
		}
	}
	if m := afterSteps.FindStringSubmatch(strings.Join(lines, "\n")); m != nil && !strings.Contains(strings.Join(lines, "\n"), "\n"+m[1]+". ") {
		return "the next command comes after steps that are not shown: " + m[0]
	}
	if !command {
		return "the last line is no command"
	}
	text := strings.Join(lines, "\n")
	if d.RootCause == nil {
		return ""
	}
	at := strings.LastIndex(text, d.RootCause.Code+": ")
	if at < strings.LastIndex(text, "\n\n") {
		return "the verdict does not stand at the end"
	}
	if first := d.RootCause.Fix.Steps[0]; !strings.Contains(text, strings.Fields(first.Do)[0]) || !strings.Contains(text, first.Run) {
		return "the first step is missing"
	}
	for i, s := range d.RootCause.Fix.Steps {
		if s.Run == "" {
			continue
		}
		head := fmt.Sprintf("%d. %s", i+1, strings.Join(strings.Fields(s.Do)[:2], " "))
		if !strings.HasPrefix(s.Run, "upstox-doctor") && !strings.Contains(text, head) { // a run needs no words
			return "the next command is that of a step that is not shown: " + head
		}
		break
	}
	if why := strings.Fields(d.RootCause.Cause); !strings.Contains(strings.Join(strings.Fields(text), " "), strings.Join(why[:3], " ")) {
		return "it does not say why"
	}
	return ""
}
