package report_test

import (
	"bytes"
	"encoding/json"
	"runtime"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/network"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/simtest"
	"upstox-doctor/fixtures/valid"
	"upstox-doctor/report"
)

// TestEveryScenarioInEveryFormat holds three promises on each simulated run:
// the JSON document is valid against the schema that we print and every other
// format by its own rules, no format and no progress line holds a secret that
// was in play, and every root cause says what to do.
func TestEveryScenarioInEveryFormat(t *testing.T) {
	t.Parallel()
	for _, sc := range simtest.Scenarios() {
		t.Run(sc.Name, func(t *testing.T) {
			t.Parallel()
			var shown bytes.Buffer
			d, secrets := document(t, sc, &shown)
			var doc bytes.Buffer
			if err := d.JSON(&doc); err != nil {
				t.Fatal(err)
			}
			if _, err := valid.JSON("report", doc.Bytes()); err != nil {
				t.Errorf("not valid: %v\n%s", err, doc.String())
			}
			for _, c := range d.RootCauses {
				if len(c.Fix.Steps) == 0 || c.Cause == "" || c.Owner == "" {
					t.Errorf("root cause %s says nothing of what to do", c.Code)
				}
			}
			shown.Write(doc.Bytes())
			for _, o := range []report.Options{{}, {Width: 60}, {Width: 200, Verbose: true, Color: true}} {
				if err := d.Table(&shown, o); err != nil {
					t.Fatal(err)
				}
			}
			for _, format := range report.Formats(report.OfRun) {
				var out bytes.Buffer
				if err := report.Write([]report.Output{{Format: format}}, &out, d, report.Options{}); err != nil {
					t.Fatalf("%s: %v", format, err)
				}
				if err := report.Valid(format, d, out.Bytes()); err != nil {
					t.Errorf("%s: %v\n%s", format, err, out.String())
				}
				shown.Write(out.Bytes())
			}
			panel, err := json.Marshal(report.NewPanel(d))
			if err != nil {
				t.Fatal(err)
			}
			shown.Write(panel)
			for _, secret := range secrets {
				if strings.Contains(shown.String(), secret) {
					t.Errorf("a secret of %d characters is shown", len(secret))
				}
			}
		})
	}
}

// document runs the checks in a scenario, in virtual time, and returns their
// document and the secrets that were in play. Progress is shown.
func document(t *testing.T, sc sim.Scenario, shown *bytes.Buffer) (doc report.Document, secrets []string) {
	t.Helper()
	simtest.Run(t, sc, func(t *testing.T, s *sim.Session) {
		w := s.World("upstox-doctor/test")
		progress := report.NewProgress(shown, true)
		d, err := checks.Run(t.Context(), w, checks.Options{Observe: progress.Observe})
		progress.Done()
		if err != nil {
			t.Fatal(err)
		}
		doc = report.New(d.Report, report.Meta{
			Tool:   report.Tool{Name: "upstox-doctor", Version: "test", Go: runtime.Version(), OS: "linux", Arch: "amd64"},
			Market: report.Market{State: string(d.Market.State), NextOpen: d.Market.NextOpen},
			OS:     "linux", ExitCode: report.ExitCode(d.Report, false), Scrub: w.Secrets.String,
		})
		secrets = s.Secrets()
	})
	return doc, secrets
}

// TestSecretsOfABrokenMachine runs without a simulator: secrets that stand in
// the environment, in files and in a proxy URL are not shown either, whatever
// else is wrong.
func TestSecretsOfABrokenMachine(t *testing.T) {
	t.Parallel()
	env := map[string]string{
		"UPSTOX_API_KEY":      "0b3ce18a-6a4c-4b8a-9b8f-8a6f9b1d2e3f",
		"UPSTOX_API_SECRET":   "s3cr3t-hunter2",
		"UPSTOX_ACCESS_TOKEN": "Bearer eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2lnbmF0dXJlLXZhbHVl",
		"HTTPS_PROXY":         "http://user:pass-word-9@127.0.0.1:1",
	}
	lookup := func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	w := checks.World{
		Env: lookup, Dir: t.TempDir(), Now: time.Now, Agent: "test",
		Net: &network.Network{Now: time.Now, Proxy: network.ProxyFromEnv(lookup), Routed: func() bool { return true }},
	}.WithDefaults()
	d, err := checks.Run(t.Context(), w, checks.Options{Timeout: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	var shown bytes.Buffer
	doc := report.New(d.Report, report.Meta{Scrub: w.Secrets.String})
	if err := doc.JSON(&shown); err != nil {
		t.Fatal(err)
	}
	if err := doc.Table(&shown, report.Options{Verbose: true}); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"hunter2", "pass-word-9", "c2lnbmF0dXJl", "eyJ"} {
		if strings.Contains(shown.String(), secret) {
			t.Errorf("%q is shown", secret)
		}
	}
	if !strings.Contains(shown.String(), "proxy-unreachable") {
		t.Errorf("the dead proxy was not found:\n%s", shown.String())
	}
}
