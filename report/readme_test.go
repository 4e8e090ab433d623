package report

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	tableBegins = "<!-- diagnoses: made by go generate ./report -->\n"
	tableEnds   = "<!-- end of diagnoses -->"
)

// TestGoldenReadme holds the README's table of diagnoses to the catalog.
func TestGoldenReadme(t *testing.T) {
	path := filepath.Join("..", "README.md")
	readme, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(readme), tableBegins)
	got, after, closed := strings.Cut(rest, tableEnds)
	if !ok || !closed {
		t.Fatalf("README.md lacks the marks %q and %q", tableBegins, tableEnds)
	}
	var want bytes.Buffer
	want.WriteString("\n")
	if err := Markdown(&want); err != nil {
		t.Fatal(err)
	}
	want.WriteString("\n")
	if *update {
		if err := os.WriteFile(path, []byte(before+tableBegins+want.String()+tableEnds+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want.String(), got); diff != "" {
		t.Errorf("the README's diagnoses differ from the catalog (-want +got; refresh with go generate ./report):\n%s", diff)
	}
}
