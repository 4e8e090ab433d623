package report

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/joshdk/go-junit"

	"upstox-doctor/checks/doctor"
)

// validJUnit lets another reader read it.
func validJUnit(d Document, written []byte) error {
	suites, err := junit.Ingest(written)
	if err != nil {
		return err
	}
	var all []junit.Test
	var sum junit.Totals
	for _, s := range suites {
		all = append(all, s.Tests...)
		sum.Failed, sum.Skipped, sum.Error = sum.Failed+s.Totals.Failed, sum.Skipped+s.Totals.Skipped, sum.Error+s.Totals.Error
	}
	stopped := 0
	if d.End != doctor.Complete {
		stopped = 1
	}
	if len(all) != len(d.Checks)+stopped || sum.Failed != d.Summary.Fail || sum.Skipped != d.Summary.Skip || sum.Error != stopped {
		return fmt.Errorf("%d tests, %+v, of %d checks, %+v", len(all), sum, len(d.Checks), d.Summary)
	}
	seen := map[string]bool{}
	for i, c := range d.Checks {
		got := all[i]
		want := map[doctor.Status]junit.Status{
			doctor.Pass: junit.StatusPassed, doctor.Warn: junit.StatusPassed, doctor.Fail: junit.StatusFailed, doctor.Skip: junit.StatusSkipped,
		}[c.Status]
		if got.Status != want || got.Duration.Round(time.Millisecond) != time.Duration(c.DurationMS)*time.Millisecond || seen[got.Classname+" "+got.Name] {
			return fmt.Errorf("%s, %s, %d ms, is %s %s %q", c.ID, c.Status, c.DurationMS, got.Status, got.Duration, got.Name)
		}
		seen[got.Classname+" "+got.Name] = true
		if text := got.Message + got.SystemOut; !strings.Contains(text, readable(c.Message)) {
			return fmt.Errorf("%s says %q, want %q", c.ID, text, c.Message)
		}
	}
	return nil
}

// readable is the text without what XML cannot hold.
func readable(s string) string {
	return strings.NewReplacer("\ufffe", "\ufffd", "\uffff", "\ufffd").Replace(s)
}

func TestJUnitFitsTheDialect(t *testing.T) {
	t.Parallel()
	for _, path := range goldenFiles(t, "junit") {
		if said, err := tool(t, nil, "xmllint", "--noout", "--schema", filepath.Join("..", "testdata", "junit.xsd"), path); err != nil {
			t.Errorf("%s: %v\n%s", path, err, said)
		}
	}
}

// TestDialectIsStrict corrupts a good file in one place at a time.
func TestDialectIsStrict(t *testing.T) {
	t.Parallel()
	good := string(inFormat(t, "junit", document(expiredReport())))
	for _, tc := range []struct {
		old, new string
		fine     bool
	}{
		{"", "", true},
		{`tests="20"`, `tests="-1"`, false},
		{`time="0.021"`, `time="21 ms"`, false},
		{` name="token"`, ``, false},
		{`<skipped `, `<ignored/><skipped `, false},
		{`timestamp="2026-11-23T03:42:04"`, `timestamp="yesterday"`, false},
		{`name="environment.values"`, `name="environment.files"`, false},
	} {
		bad := strings.Replace(good, tc.old, tc.new, 1)
		if bad == good && !tc.fine {
			t.Errorf("no %q in\n%s", tc.old, good)
		}
		if _, err := tool(t, []byte(bad), "xmllint", "--noout", "--schema", filepath.Join("..", "testdata", "junit.xsd"), "-"); (err == nil) != tc.fine {
			t.Errorf("with %q: got %v, want fine %v", tc.new, err, tc.fine)
		}
	}
}

func TestJUnitForm(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		report doctor.Report
		want   []string
	}{
		{expiredReport(), []string{
			`<testsuites name="upstox-doctor" tests="20" failures="1" errors="0" skipped="5" time="0.641">`,
			`timestamp="2026-11-23T03:42:04"`, `type="token-expired"`, "   upstox-doctor login", "WARN token-file-permissions",
		}},
		{outOfTimeReport(), []string{`<testcase classname="upstox-doctor.run" name="complete" time="0">`, `type="deadline-exceeded"`}},
	} {
		got := string(inFormat(t, "junit", document(tc.report)))
		for _, want := range tc.want {
			if !strings.Contains(strings.ReplaceAll(got, "&#xA;", "\n"), want) {
				t.Errorf("no %s in\n%s", want, got)
			}
		}
	}
}
