package report

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"upstox-doctor/checks/doctor"
)

// Valid holds what a format wrote of a document against the format's own
// rules, and against the document: nothing is lost and nothing comes to mean
// something else. It knows nothing of table, json and formats held elsewhere.
func Valid(format string, d Document, written []byte) error {
	valid := validators[format]
	if valid == nil {
		return nil
	}
	if i := bytes.IndexFunc(written, func(r rune) bool { return r != '\n' && obeyed(r) }); i >= 0 {
		return fmt.Errorf("not printable: %q", written[max(0, i-20):min(len(written), i+20)])
	}
	if !bytes.HasSuffix(written, []byte("\n")) {
		return fmt.Errorf("no newline at the end")
	}
	return valid(d, written)
}

var validators = map[string]func(Document, []byte) error{
	"short": validShort, "jsonl": validLines, "junit": validJUnit, "tap": validTAP, "nagios": validNagios,
	"prometheus": validPrometheus, "markdown": validMarkdown, "github": validGitHub,
	"html": validHTML,
}

// Each format of a run has a validator, and each format a row in the topic.
func TestEveryFormatIsValidatedAndDocumented(t *testing.T) {
	t.Parallel()
	topic, err := os.ReadFile(filepath.Join("help", "formats.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range formats {
		if f.kinds != nil && validators[f.name] == nil {
			t.Errorf("format %s has no validator", f.name)
		}
		if !bytes.Contains(topic, []byte("\n| `"+f.name+"` |")) {
			t.Errorf("format %s has no row in help/formats.md", f.name)
		}
	}
}

// machine are the formats that Valid knows, with the ends of their golden
// files.
var machine = []struct{ format, end string }{
	{"short", ".txt"}, {"jsonl", ".jsonl"}, {"junit", ".xml"}, {"tap", ".tap"},
	{"nagios", ".txt"}, {"prometheus", ".prom"}, {"markdown", ".md"}, {"github", ".txt"},
}

func inFormat(t *testing.T, format string, d Document) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write([]Output{{Format: format}}, &out, d, Options{}); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return out.Bytes()
}

func TestGoldenFormats(t *testing.T) {
	t.Parallel()
	for _, tc := range reports {
		for _, m := range machine {
			d := document(tc.report())
			got := inFormat(t, m.format, d)
			if err := Valid(m.format, d, got); err != nil {
				t.Errorf("%s of %s: %v\n%s", m.format, tc.name, err, got)
			}
			if tc.name == "healthy" || tc.name == "expired-token" || tc.name == "two-causes" {
				compareGolden(t, m.format+"/"+tc.name+m.end, got)
			}
		}
	}
}

// TestHostileTextBreaksNoFormat sends more than 10,000 hostile texts through
// every format.
func TestHostileTextBreaksNoFormat(t *testing.T) {
	t.Parallel()
	texts := 0
	for seed := uint64(0); texts < hostileTexts(); seed++ {
		r := hostileReport(seed)
		for _, res := range r.Results {
			texts += 3 + 2*len(res.Evidence)
		}
		d := document(r)
		for _, m := range machine {
			got := inFormat(t, m.format, d)
			if err := Valid(m.format, d, got); err != nil {
				t.Fatalf("%s, seed %d: %v\n%s", m.format, seed, err, got)
			}
			if bytes.Contains(got, []byte(secret)) {
				t.Fatalf("%s, seed %d: the secret is shown", m.format, seed)
			}
		}
	}
}

// TestSyntaxOfOthersBreaksNoFormat puts each format's own marks into every text
// that comes from outside.
func TestSyntaxOfOthersBreaksNoFormat(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"]]>", "</failure><testcase/>", "&lt;&#0;&amp;", "\ufffe\uffff",
		"a # SKIP not me", `a \# SKIP`, "not ok 99 - x", "Bail out!", "...", "---", `" : "`, "1..3",
		"a|b", `a\|b`, `a\\|b`, "`", "``` x", "**b** _i_", "<b>", "<!-- x -->", "[a](javascript:b)", "![a](b)", "- a", "1. a", "1) a", "+ a", "# a", "===", "a  \\", "~~a~~", "@somebody", "@a|b", `@a\|b`, "&copy;", "| a |", "https://evil.example/a|b", "www.evil.example",
		"::error::x", "##[error]x", "100% %0A::warning::x", "%0D%25", "a,b=c:d",
		`a="b"`, `\n`, `\`, `{a="b"} 1`, "'a'", "a=b", "'", "a b;c", "NaN", "U",
	} {
		r := twoCausesReport()
		for i := range r.Results {
			res := &r.Results[i]
			res.Message, res.Title = text, text
			res.Evidence.Add(text, text)
			if i%3 == 0 && (res.Status == doctor.Pass || res.Status == doctor.Fail) {
				res.Target = text
			}
		}
		d := document(r)
		for _, m := range machine {
			got := inFormat(t, m.format, d)
			if err := Valid(m.format, d, got); err != nil {
				t.Errorf("%s with %q: %v\n%s", m.format, text, err, got)
			}
		}
	}
}

// goldenFiles are the paths of the three golden files of a format.
func goldenFiles(t *testing.T, format string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "testdata", "report", format, "*"))
	if err != nil || len(paths) != 3 {
		t.Fatalf("%d files of %s: %v, want 3", len(paths), format, err)
	}
	return paths
}

// tool runs a program of others that knows the format, and returns what it
// says. Without it the test is skipped, but never in CI.
func tool(t *testing.T, in []byte, name string, args ...string) (string, error) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is missing", name)
		}
		t.Skipf("%s is missing, so that its word on the format is not heard", name)
	}
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}
