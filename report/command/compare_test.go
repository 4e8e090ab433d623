package command

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"upstox-doctor/fixtures/simtest"
	"upstox-doctor/report"
)

// jsonReport is the JSON report of a scenario.
func jsonReport(t *testing.T, scenario string) []byte {
	t.Helper()
	a, s := testApp("")
	o := defaultRun(scenario)
	o.OutputOptions = asJSON()
	statusOf(t, a.Run(t.Context(), o))
	return s.out.Bytes()
}

// TestCompareScenarios puts real reports beside a healthy one.
func TestCompareScenarios(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	healthy := filepath.Join(dir, "healthy.json")
	if err := os.WriteFile(healthy, jsonReport(t, "healthy"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		scenario, side, check, differs string
		status                         int
	}{
		{"healthy", "none", "", "", 0},
		{"healthy-behind-proxy", "none", "", "", 0},
		{"clock-ahead", "none", "", "", 1},
		{"token-expired", "b", "token.expiry", "expires", 1},
		{"tls-untrusted", "b", "network.tls", "issuer", 1},
		{"dns-hijacked-hosts-file", "b", "network.dns", "", 1},
		{"handshake-forbidden", "b", "handshake", "", 1},
	} {
		t.Run(tc.scenario, func(t *testing.T) {
			t.Parallel()
			simtest.Bubble(t, func(t *testing.T) {
				a, s := testApp("")
				a.In = bytes.NewReader(jsonReport(t, tc.scenario))
				if got := statusOf(t, a.Compare(asJSON(), []string{healthy, "-"})); got != tc.status {
					t.Errorf("status %d", got)
				}
				var c report.Comparison
				if err := json.Unmarshal(s.out.Bytes(), &c); err != nil {
					t.Fatal(err)
				}
				if c.Fault.Side != tc.side || tc.check != "" && c.Fault.Causes[0].Check != tc.check {
					t.Errorf("%s: %s", c.Fault.Side, c.Fault.Message)
				}
				if tc.differs != "" && (len(c.Fault.Differs) == 0 || c.Fault.Differs[0].Name != tc.differs) {
					t.Errorf("differs: %v", c.Fault.Differs)
				}
			})
		})
	}
}

func TestCompareUsage(t *testing.T) {
	t.Parallel()
	for name, files := range map[string][]string{
		"none": nil, "one": {"a"}, "three": {"a", "b", "c"}, "twice standard input": {"-", "-"},
		"no such file": {"no/such", "-"}, "a directory": {t.TempDir(), "-"}, "empty input": {"-", "no/such"},
	} {
		a, s := testApp("")
		if got := statusOf(t, a.Compare(plain, files)); got != ExitUsage || s.out.Len() > 0 {
			t.Errorf("%s: status %d, prints %q", name, got, s.out.String())
		}
	}
}
