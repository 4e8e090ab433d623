package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/simtest"
	"upstox-doctor/fixtures/valid"
	"upstox-doctor/report"
)

// TestTokenStatusOfEveryScenario holds two promises on each simulated world,
// online and offline: the document is JSON and says how the program ends, and
// no secret that is in play is shown.
func TestTokenStatusOfEveryScenario(t *testing.T) {
	t.Parallel()
	for _, sc := range simtest.Scenarios() {
		t.Run(sc.Name, func(t *testing.T) {
			t.Parallel()
			simtest.Run(t, sc, func(t *testing.T, session *sim.Session) {
				var shown bytes.Buffer
				for _, offline := range []bool{false, true} {
					tokenPages(t, session, offline, &shown)
				}
				for _, secret := range session.Secrets() {
					if strings.Contains(shown.String(), secret) {
						t.Errorf("a secret of %d characters is shown", len(secret))
					}
				}
				if strings.Contains(shown.String(), "eyJ") {
					t.Error("a part of a token is shown")
				}
			})
		})
	}
}

func tokenPages(t *testing.T, session *sim.Session, offline bool, shown *bytes.Buffer) {
	t.Helper()
	w := session.World("upstox-doctor/test")
	progress := report.NewProgress(shown, true)
	found := w.TokenStatus(t.Context(), checks.TokenOptions{Offline: offline, Observe: progress.Observe})
	progress.Done()
	status := report.ExitCode(found.Report, false)
	page := report.NewTokenStatus(found, report.Meta{OS: "linux", ExitCode: status, Scrub: w.Secrets.String}, time.UTC)
	var doc bytes.Buffer
	if err := page.JSON(&doc); err != nil {
		t.Fatal(err)
	}
	if _, err := valid.JSON("token", doc.Bytes()); err != nil {
		t.Errorf("not valid: %v\n%s", err, doc.String())
	}
	var read report.TokenStatus
	if err := json.Unmarshal(doc.Bytes(), &read); err != nil {
		t.Fatalf("%v in %s", err, doc.String())
	}
	works := read.Accepted != nil && *read.Accepted && read.Status != "fail"
	if read.Schema != "upstox-doctor/token/v1" || read.ExitCode != status || works != (read.Message == "Token is valid and working!") {
		t.Errorf("document %s", doc.String())
	}
	if age := read.File.AgeSeconds; age != nil && (*age < 0 || *age > 60) {
		t.Errorf("by the simulated clock the token file is %d s old", *age)
	}
	if (status == 1) != (len(read.RootCauses) > 0 && read.Status == "fail") {
		t.Errorf("status %d with %d root causes", status, len(read.RootCauses))
	}
	for _, cause := range read.RootCauses {
		if len(cause.Fix.Steps) == 0 {
			t.Errorf("root cause %s says nothing of what to do", cause.Code)
		}
	}
	shown.Write(doc.Bytes())
	for _, o := range []report.Options{{}, {Width: 60}, {Width: 200, Verbose: true, Color: true}} {
		if err := page.Table(shown, o); err != nil {
			t.Fatal(err)
		}
	}
}
