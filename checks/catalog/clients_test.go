package catalog

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"upstox-doctor/fixtures/golden"
)

//go:generate go test . -run "^Test(Clients|Sessions)$" -update

// clientsDir holds what real clients printed when they met the simulator's
// faults; fixtures/lab/clients makes it.
const clientsDir = "../../testdata/clients"

// TestClients judges explain by what real clients print. A first answer is
// right, or vague if a right one stands among the causes that fit as well, or
// wrong. The golden file shows what is made of each.
func TestClients(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	var right, vague, silent, wrong int
	for _, row := range clientScenarios(t) {
		files, err := filepath.Glob(filepath.Join(clientsDir, "outputs", row.name, "*.txt"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			verdict := judgeAnswer(Explain(string(text)), row.accepted)
			switch verdict {
			case "right":
				right++
			case "vague":
				vague++
			case "silent":
				silent++
			default:
				wrong++
			}
			fmt.Fprintf(&table, "%-6s  %-26s  %-24s  %s\n", verdict, row.name, strings.TrimSuffix(filepath.Base(file), ".txt"), placed(Explain(string(text))))
		}
	}
	all := right + vague + silent + wrong
	if all < 300 {
		t.Fatalf("only %d texts are stored", all)
	}
	percent := func(n int) float64 { return 100 * float64(n) / float64(all) }
	t.Logf("%d texts of clients: %.1f %% right first, %.1f %% vague, %.1f %% silent, %.1f %% wrong", all, percent(right), percent(vague), percent(silent), percent(wrong))
	if percent(right) < 92 || percent(wrong) > 2 {
		t.Error("want 92 % right first and 2 % wrong at most")
	}
	golden.Compare(t, clientsDir+"/explained.txt", table.String())
}

// judgeAnswer says whether the answer is right, vague, silent or wrong.
func judgeAnswer(matches []Match, accepted []string) string {
	if len(matches) == 0 || matches[0].Place == Aside {
		if slices.Contains(accepted, "-") {
			return "right"
		}
		return "silent"
	}
	for i, m := range matches {
		switch {
		case m.Place != First:
		case slices.Contains(accepted, m.Entry.Code) && i == 0:
			return "right"
		case slices.Contains(accepted, m.Entry.Code):
			return "vague"
		}
	}
	return "wrong"
}

// placed shows an answer: the causes, what came later in brackets, and what is
// not about Upstox.
func placed(matches []Match) string {
	var all []string
	for _, m := range matches {
		switch m.Place {
		case First:
			all = append(all, m.Entry.Code)
		case Later:
			all = append(all, "("+m.Entry.Code+")")
		case Aside:
			all = append(all, "["+m.Meaning+"]")
		}
	}
	return strings.Join(all, " ")
}

type clientScenario struct {
	name     string
	accepted []string
}

func clientScenarios(t *testing.T) []clientScenario {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(clientsDir, "scenarios.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var all []clientScenario
	for line := range strings.Lines(string(text)) {
		if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 4 && !strings.HasPrefix(line, "#") {
			all = append(all, clientScenario{f[0], strings.Fields(f[3])})
		}
	}
	return all
}

// held are what no stored text may hold: tokens, and the secret members of a URL.
var held = []*regexp.Regexp{
	regexp.MustCompile(`eyJ[\w-]{8,}`),
	regexp.MustCompile(`[?&](code|requestId|state)=[^.&"' ]`),
	regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`),
}

// TestClientsHoldNoSecret looks for secrets in the stored texts.
func TestClientsHoldNoSecret(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir(clientsDir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() && d.Name() == "node_modules" {
			return cmp.Or(err, filepath.SkipDir)
		}
		if !strings.HasSuffix(path, ".txt") && !strings.HasSuffix(path, ".log") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, re := range held {
			if m := re.Find(text); m != nil {
				t.Errorf("%s holds %q", path, m)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
