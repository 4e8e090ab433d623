package command

import (
	"bytes"
	"encoding/json"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/fixtures/simtest"
	"upstox-doctor/report"
)

// unfilled is a placeholder without a value in a sentence or a command, or the
// words that stand for one.
var unfilled = regexp.MustCompile(`\{(` + strings.Join(catalog.Placeholders, "|") + `)\}|\bthe (variable|line|set in (file|line)|accepted file|retry after seconds)\b`)

// The steps of every scenario's findings are whole: no more than people follow,
// sentences, nothing left to fill in, and commands that a shell can parse.
func TestStepsOfEveryScenario(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Fatal("bash parses the commands here: ", err)
	}
	for _, sc := range simtest.Scenarios() {
		t.Run(sc.Name, func(t *testing.T) {
			t.Parallel()
			var doc report.Document
			simtest.Bubble(t, func(t *testing.T) {
				var out bytes.Buffer
				o := defaultRun(sc.Name)
				o.Outputs = []string{"json"}
				statusOf(t, App{In: strings.NewReader(""), Out: &out, Errs: io.Discard, Version: "test", memory: true}.Run(t.Context(), o))
				if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
					t.Fatal(err)
				}
			})
			for _, c := range doc.RootCauses {
				if n := len(c.Fix.Steps); n < 2 || n > 6 {
					t.Errorf("%s: %d steps", c.Code, n)
				}
				seen := map[report.Step]bool{}
				for _, step := range c.Fix.Steps {
					text := step.Do + " " + step.Run
					if m := unfilled.FindString(text); m != "" || seen[step] || !strings.HasSuffix(step.Do, ".") || len(step.Do) > 260 {
						t.Errorf("%s: %q is unfilled (%q), said twice, too long or no sentence", c.Code, text, m)
					}
					seen[step] = true
					if out, err := exec.CommandContext(t.Context(), bash, "-n", "-c", step.Run).CombinedOutput(); err != nil {
						t.Errorf("%s: %s: %v\n%s", c.Code, step.Run, err, out)
					}
				}
			}
		})
	}
}
