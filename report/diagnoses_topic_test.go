package report

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/fixtures/golden"
)

const (
	tableBegins = "<!-- diagnoses: made by go generate ./report -->\n"
	tableEnds   = "<!-- end of diagnoses -->"
)

// TestGoldenDiagnoses holds the table of the topic to the catalog.
func TestGoldenDiagnoses(t *testing.T) {
	path := filepath.Join("help", "diagnoses.md")
	topic, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(topic), tableBegins)
	got, after, closed := strings.Cut(rest, tableEnds)
	if !ok || !closed {
		t.Fatalf("diagnoses.md lacks the marks %q and %q", tableBegins, tableEnds)
	}
	want := "\n" + markdownTable(catalog.All()) + "\n"
	if *golden.Update {
		if err := os.WriteFile(path, []byte(before+tableBegins+want+tableEnds+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the topic's diagnoses differ from the catalog (-want +got; refresh with go generate ./report):\n%s", diff)
	}
}

// markdownTable writes diagnoses as the table of the topic.
func markdownTable(entries []*catalog.Entry) string {
	var out strings.Builder
	out.WriteString("| code | title | owner | guide row |\n|---|---|---|---|\n")
	for _, e := range entries {
		fmt.Fprintf(&out, "| `%s` | %s | %s | %s |\n", e.Code, cell(e.Title), cell(string(e.Owner)), cell(e.Guide))
	}
	return out.String()
}

// cell keeps a text from ending its cell early.
func cell(s string) string { return strings.ReplaceAll(printable(s), "|", `\|`) }
