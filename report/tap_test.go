package report

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"upstox-doctor/checks/doctor"
)

var (
	tapPoint = regexp.MustCompile(`^(ok|not ok) (\d+) - ((?:[^\\#]|\\.)*?)(?: # SKIP ?((?:[^\\#]|\\.)*))?$`)
	tapPair  = regexp.MustCompile(`^  (?:  )?(?:[a-z_]+|"(?:[^"\\]|\\.)*"):(?: (?:\d+|"(?:[^"\\]|\\.)*"))?$`)
	tapStep  = regexp.MustCompile(`^    - "(?:[^"\\]|\\.)*"$`)
)

// validTAP reads it by the rules of TAP 14.
func validTAP(d Document, written []byte) error {
	lines := strings.Split(strings.TrimSuffix(string(written), "\n"), "\n")
	if len(lines) < 2 || lines[0] != "TAP version 14" || lines[1] != fmt.Sprintf("1..%d", len(d.Checks)) {
		return fmt.Errorf("begins with %q", lines[:min(2, len(lines))])
	}
	points, block, bailed := 0, false, false
	for _, line := range lines[2:] {
		m := tapPoint.FindStringSubmatch(line)
		switch {
		case bailed:
			return fmt.Errorf("after bailing out: %q", line)
		case block:
			block = line != "  ..."
			if block && !tapPair.MatchString(line) && !tapStep.MatchString(line) {
				return fmt.Errorf("no YAML: %q", line)
			}
		case line == "  ---":
			if c := d.Checks[points-1]; c.Fix == nil {
				return fmt.Errorf("a block under %s", c.ID)
			}
			block = true
		case strings.HasPrefix(line, "Bail out! "):
			bailed = true
		case m == nil || points == len(d.Checks):
			return fmt.Errorf("no test point: %q", line)
		default:
			c := d.Checks[points]
			points++
			skipped := strings.Contains(line, " # SKIP")
			if m[2] != strconv.Itoa(points) || (m[1] == "ok") == (c.Status == doctor.Fail) || skipped != (c.Status == doctor.Skip) {
				return fmt.Errorf("%s is %q", c.Status, line)
			}
			if why := unescaped(m[4]); skipped && why != c.Message {
				return fmt.Errorf("skipped for %q, want %q", why, c.Message)
			}
			if text := unescaped(m[3]); !strings.HasSuffix(text, ": "+c.Title) && c.Title != "" {
				return fmt.Errorf("described as %q, want %q", text, c.Title)
			}
		}
	}
	if points != len(d.Checks) || block || bailed != (d.End != doctor.Complete) {
		return fmt.Errorf("%d points of %d, open block %v, bailed out %v", points, len(d.Checks), block, bailed)
	}
	return nil
}

func unescaped(s string) string { return strings.NewReplacer(`\\`, `\`, `\#`, "#").Replace(s) }

// tapReader is Perl's own: it prints what it has read, and what it objects to.
const tapReader = `use TAP::Parser; local $/; my $p = TAP::Parser->new({tap => <STDIN>});
while (my $r = $p->next) { if ($r->is_unknown) { print "unknown: ", $r->raw, "\n" } $y++ if $r->is_yaml && ref $r->data eq "HASH" && $r->data->{steps} }
printf "%d of %s, failed %d, skipped %d, explained %d", $p->tests_run, $p->tests_planned // "none", scalar $p->failed, scalar $p->skipped, $y // 0;
print " error: $_" for $p->parse_errors;`

// asTAP13 changes the version to 13, since most readers of Perl accept no later
// one and can read all of the report otherwise.
func asTAP13(written []byte) []byte {
	return []byte(strings.Replace(string(written), "TAP version 14\n", "TAP version 13\n", 1))
}

func TestTAPIsReadByPerl(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		report doctor.Report
		want   string
	}{
		{"healthy", healthyReport(), "20 of 20, failed 0, skipped 0, explained 0"},
		{"expired token", expiredReport(), "20 of 20, failed 1, skipped 5, explained 2"},
		{"two causes", twoCausesReport(), "20 of 20, failed 3, skipped 8, explained 4"},
	} {
		got, err := tool(t, asTAP13(inFormat(t, "tap", document(tc.report))), "perl", "-e", tapReader)
		if err != nil || got != tc.want {
			t.Errorf("%s: got %v, %q, want %q", tc.name, err, got, tc.want)
		}
	}
}

// TestTAPIsProved lets prove run a file that prints the report.
func TestTAPIsProved(t *testing.T) {
	t.Parallel()
	for _, gold := range goldenFiles(t, "tap") {
		text, err := os.ReadFile(gold)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), filepath.Base(gold))
		if err := os.WriteFile(path, asTAP13(text), 0o600); err != nil {
			t.Fatal(err)
		}
		said, err := tool(t, nil, "prove", "--exec", "cat", path)
		if want := strings.HasSuffix(path, "healthy.tap"); (err == nil) != want || strings.Contains(said, "Parse errors") {
			t.Errorf("%s: %v\n%s", path, err, said)
		}
	}
}
