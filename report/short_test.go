package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"upstox-doctor/checks/doctor"
)

func validShort(d Document, written []byte) error {
	lines := strings.Split(strings.TrimRight(string(written), "\n"), "\n")
	if len(lines) > 12 {
		return fmt.Errorf("%d lines", len(lines))
	}
	if d.Status == "pass" && len(lines) != 1 {
		return fmt.Errorf("%d lines of a healthy run", len(lines))
	}
	for i, c := range d.RootCauses {
		if i < maxVerdicts && !strings.Contains(string(written), "  "+c.Code+": "+c.Title+"\n") {
			return fmt.Errorf("nothing of %s", c.Code)
		}
	}
	return nil
}

func TestShort(t *testing.T) {
	t.Parallel()
	many := func(n int) func() doctor.Report {
		return func() doctor.Report {
			rs := passing()
			for i := range n {
				rs[i].Status, rs[i].Code, rs[i].ID = doctor.Fail, "token-expired", fmt.Sprint("stage.", i)
			}
			return report(rs)
		}
	}
	for _, tc := range []struct {
		name   string
		report func() doctor.Report
		lines  int
		begins string
		has    string
	}{
		{"healthy is one line", healthyReport, 1, "upstox-doctor: All six stages pass.", "0.4 s old"},
		{"a cause has three steps", expiredReport, 7, "FAIL  token-expired: ", "3. Without a browser"},
		{"two causes have the first steps", twoCausesReport, 9, "FAIL  tcp-timeout: ", "FAIL  token-expired: "},
		{"warnings", warningsReport, 8, "WARN  token-file-permissions: ", "chmod 600"},
		{"interrupted", interruptedReport, 2, "STOP  Interrupted:", "Nothing has failed until then."},
		{"out of time", outOfTimeReport, 10, "STOP  The time", "FAIL  token-expired: "},
		{"three causes", many(3), 10, "FAIL", ""},
		{"seven causes", many(7), 11, "FAIL", "\nand 4 more\n"},
	} {
		got := string(inFormat(t, "short", document(tc.report())))
		if n := strings.Count(got, "\n"); n != tc.lines || !strings.HasPrefix(got, tc.begins) || !strings.Contains(got, tc.has) {
			t.Errorf("%s: %d lines, want %d that begin with %q and hold %q:\n%s", tc.name, n, tc.lines, tc.begins, tc.has, got)
		}
	}
}

func TestShortQuietAndColour(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		report doctor.Report
		o      Options
		want   string
	}{
		{healthyReport(), Options{Quiet: true}, ""},
		{warningsReport(), Options{Quiet: true}, "WARN"},
		{expiredReport(), Options{Color: true}, "\x1b[1;31mFAIL\x1b[0m  token-expired"},
	} {
		var out bytes.Buffer
		if err := document(tc.report).short(&out, tc.o); err != nil {
			t.Fatal(err)
		}
		if got := out.String(); !strings.HasPrefix(got, tc.want) || (tc.want == "") != (got == "") {
			t.Errorf("got %q, want it to begin with %q", got, tc.want)
		}
	}
}
