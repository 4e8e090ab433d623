package serve

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/report"
)

var rules = filepath.Join("..", "..", "testdata", "prometheus")

// promtool runs Prometheus' own checker.
func promtool(t *testing.T, args ...string) {
	t.Helper()
	if _, err := exec.LookPath("promtool"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("promtool is not installed (Debian package prometheus)")
		}
		t.Skip("promtool is not installed (Debian package prometheus)")
	}
	if said, err := exec.CommandContext(t.Context(), "promtool", args...).CombinedOutput(); err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, said)
	}
}

func TestAlertRules(t *testing.T) {
	t.Parallel()
	promtool(t, "check", "rules", "--lint=all", "--lint-fatal", filepath.Join(rules, "alerts.yml"))
	promtool(t, "test", "rules", filepath.Join(rules, "alerts_test.yml"))
}

// TestEveryAlertIsTested looks for each alert both firing and silent.
func TestEveryAlertIsTested(t *testing.T) {
	t.Parallel()
	tests := text(t, "alerts_test.yml")
	names := regexp.MustCompile(`- alert: (\w+)`).FindAllStringSubmatch(text(t, "alerts.yml"), -1)
	if len(names) < 6 {
		t.Fatalf("%d alerts", len(names))
	}
	for _, m := range names {
		silent := regexp.MustCompile(`alertname: ` + m[1] + `, exp_alerts: \[\]`).MatchString(tests)
		fires := regexp.MustCompile(`alertname: ` + m[1] + `\n\s+exp_alerts:\n`).MatchString(tests)
		if !silent || !fires {
			t.Errorf("%s: tested silent %v, firing %v", m[1], silent, fires)
		}
	}
}

// TestAskedForMetricsExist holds each name in rules and dashboard against what
// is served.
func TestAskedForMetricsExist(t *testing.T) {
	t.Parallel()
	r := doctor.Report{End: doctor.Complete, Results: []doctor.Result{
		{ID: "token.expiry", Status: doctor.Warn, Code: "token-expiring-soon", Evidence: doctor.Evidence{{Name: "left_seconds", Value: 60}}},
		{ID: "ticks.live", Status: doctor.Pass, Evidence: doctor.Evidence{{Name: "age_ms", Value: 400}}},
	}}
	d := report.New(r, report.Meta{Market: report.Market{State: "open"}})
	_, served := ask(t, "GET", serving(t, once(d))+"/metrics", "")
	name := regexp.MustCompile(`upstox_doctor_\w+`)
	for _, file := range []string{"alerts.yml", "alerts_test.yml", "dashboard.json"} {
		asked := name.FindAllString(text(t, file), -1)
		if len(asked) < 6 {
			t.Errorf("%s: only %v", file, asked)
		}
		for _, n := range asked {
			if !strings.Contains(served, "# TYPE "+n+" ") {
				t.Errorf("%s asks for %s, which is not served", file, n)
			}
		}
	}
}

type dashboard struct {
	UID    string
	Panels []struct {
		ID      int
		Title   string
		GridPos struct{ X, Y, W, H int }
		Targets []struct{ Expr string }
	}
	Templating struct{ List []struct{ Name string } }
}

func TestDashboard(t *testing.T) {
	t.Parallel()
	var d dashboard
	if err := json.Unmarshal([]byte(text(t, "dashboard.json")), &d); err != nil {
		t.Fatal(err)
	}
	if d.UID == "" || len(d.Panels) < 8 || len(d.Templating.List) != 3 {
		t.Fatalf("uid %q, %d panels, %d variables", d.UID, len(d.Panels), len(d.Templating.List))
	}
	asked := "groups:\n  - name: dashboard\n    rules:\n"
	ids := map[int]bool{}
	for _, p := range d.Panels {
		if ids[p.ID] || p.Title == "" || len(p.Targets) == 0 || p.GridPos.X+p.GridPos.W > 24 || p.GridPos.W == 0 || p.GridPos.H == 0 {
			t.Errorf("panel %d %q", p.ID, p.Title)
		}
		ids[p.ID] = true
		for _, target := range p.Targets {
			expr, err := json.Marshal(strings.NewReplacer("$job", ".*", "$instance", ".*").Replace(target.Expr))
			if err != nil {
				t.Fatal(err)
			}
			asked += "      - record: dashboard:panel\n        labels: {panel: \"" + p.Title + "\"}\n        expr: " + string(expr) + "\n"
		}
	}
	path := filepath.Join(t.TempDir(), "dashboard.yml")
	if err := os.WriteFile(path, []byte(asked), 0o600); err != nil {
		t.Fatal(err)
	}
	promtool(t, "check", "rules", path)
}

func text(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(rules, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
