package serve

import (
	"html"
	"strings"
	"testing"

	"upstox-doctor/checks"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/simtest"
	"upstox-doctor/report"
)

// TestEachCauseOnThePage shows each root cause of the simulator with its sentence
// and steps, and each command with a button that copies it.
func TestEachCauseOnThePage(t *testing.T) {
	t.Parallel()
	for _, sc := range simtest.Scenarios() {
		if sc.Want.Exit == 0 {
			continue
		}
		t.Run(sc.Name, func(t *testing.T) {
			t.Parallel()
			var d report.Document
			simtest.Run(t, sc, func(t *testing.T, s *sim.Session) {
				w := s.World("upstox-doctor/test")
				r, err := checks.Run(t.Context(), w, checks.Options{})
				if err != nil {
					t.Fatal(err)
				}
				d = report.New(r.Report, report.Meta{OS: "linux", ExitCode: report.ExitCode(r.Report, false), Scrub: w.Secrets.String})
			})
			if len(d.RootCauses) == 0 {
				t.Fatal("no root cause")
			}
			_, page := get(t, serving(t, once(d))+"/")
			for _, c := range d.RootCauses {
				shown := []string{c.Title}
				for _, step := range c.Fix.Steps {
					shown = append(shown, step.Do)
					if step.Run != "" {
						shown = append(shown, `data-copy="`+step.Run+`"`)
					}
				}
				for _, words := range shown {
					if !strings.Contains(html.UnescapeString(page), words) {
						t.Errorf("%s: the page does not say %q", c.Code, words)
					}
				}
			}
		})
	}
}
