package report

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"upstox-doctor/checks/doctor"
)

// command is what the runner takes for one: ::name key=value,…::data
var command = regexp.MustCompile(`^::(error|warning) title=([^:,]*)::(.*)$`)

var (
	ofData  = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%25", "%")
	ofTitle = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
)

// validGitHub reads it as the runner does.
func validGitHub(d Document, written []byte) error {
	lines := strings.Split(strings.TrimSuffix(string(written), "\n"), "\n")
	last := lines[len(lines)-1]
	if !strings.HasPrefix(last, "upstox-doctor: ") || strings.Contains(last, "##[") {
		return fmt.Errorf("the last line is %q", last)
	}
	lines = lines[:len(lines)-1]
	if d.End != doctor.Complete {
		if len(lines) == 0 || !strings.HasPrefix(lines[0], "::error title=upstox-doctor::") {
			return fmt.Errorf("nothing says that the run did not complete")
		}
		lines = lines[1:]
	}
	for i, line := range lines {
		m := command.FindStringSubmatch(line)
		if m == nil || strings.Contains(m[2], "%3A%3A") && i < len(d.RootCauses) {
			return fmt.Errorf("no command: %q", line)
		}
		if i >= len(d.RootCauses) {
			if m[1] != "warning" {
				return fmt.Errorf("an error that is no root cause: %q", line)
			}
			continue
		}
		c := d.RootCauses[i]
		if title := ofTitle.Replace(m[2]); title != c.Code+": "+c.Title || (m[1] == "error") != (d.Summary.Fail > 0) {
			return fmt.Errorf("%s %q of %s", m[1], title, c.Code)
		}
		for _, s := range c.Fix.Steps {
			if text := ofData.Replace(m[3]); !strings.Contains(text, ". "+printable(s.Do)) || !strings.Contains(text, printable(s.Run)) {
				return fmt.Errorf("no step %q in %q", s, text)
			}
		}
	}
	if len(lines) < len(d.RootCauses) {
		return fmt.Errorf("%d commands of %d root causes", len(lines), len(d.RootCauses))
	}
	return nil
}

func TestGitHub(t *testing.T) {
	t.Parallel()
	percent := expiredReport()
	at(percent.Results, "token.expiry", "").Message = "100% over, a: b"
	for _, tc := range []struct {
		name   string
		report doctor.Report
		want   []string
	}{
		{"healthy has no annotation", healthyReport(), []string{"upstox-doctor: All six stages pass. NIFTY 50 24,513.05, 0.4 s old\n"}},
		{"expired token", expiredReport(), []string{
			"::error title=token-expired%3A The access token has expired::Upstox ends every access token at 03:30",
			"%0A   upstox-doctor login%0A2. Restart",
			"\n::warning title=token-file-permissions::.upstox_token has mode 0644%0A1. Keep it to yourself.%0A   chmod 600 .upstox_token\n",
			"\nupstox-doctor: 1 failed, 1 warned, 13 passed, 5 skipped\n",
		}},
		{"escaped", percent, []string{"Seen: 100%25 over, a: b\n"}},
		{"warnings", warningsReport(), []string{"::warning title=token-file-permissions%3A Others", "\n::warning title=token-expiring-soon%3A "}},
		{"interrupted", interruptedReport(), []string{"::error title=upstox-doctor::Interrupted:"}},
	} {
		got := string(inFormat(t, "github", document(tc.report)))
		for _, want := range tc.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", tc.name, want, got)
			}
		}
		if tc.name[:7] == "healthy" && strings.Contains(got, "::") {
			t.Errorf("%s: %s", tc.name, got)
		}
	}
}
