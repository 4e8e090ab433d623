package catalog

import (
	"cmp"
	"flag"
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

// TestClients judges explain by what real clients print. The golden file shows
// what is made of each text.
func TestClients(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	count := map[string]int{}
	judged := judgeClients(t, clientsDir)
	for _, j := range judged {
		count[j.verdict]++
		fmt.Fprintf(&table, "%-6s  %-26s  %-24s  %s\n", j.verdict, j.scenario, j.client, j.answer)
	}
	if len(judged) < 300 {
		t.Fatalf("only %d texts are stored", len(judged))
	}
	percent := func(verdict string) float64 { return 100 * float64(count[verdict]) / float64(len(judged)) }
	t.Logf("%d texts of clients: %.1f %% right first, %.1f %% vague, %.1f %% silent, %.1f %% wrong", len(judged), percent("right"), percent("vague"), percent("silent"), percent("wrong"))
	if percent("right") < 92 || percent("wrong") > 2 {
		t.Error("want 92 % right first and 2 % wrong at most")
	}
	golden.Compare(t, clientsDir+"/explained.txt", table.String())
}

var made = flag.String("made", "", "the directory in which fixtures/lab/clients has stored what the clients of this machine print")

// TestClientsOfThisMachine judges explain by the texts that the installed
// versions of the clients have just printed. One in fifty, and one in any case,
// may be judged worse than the stored text: a slow machine brings time-outs.
func TestClientsOfThisMachine(t *testing.T) {
	t.Parallel()
	if *made == "" {
		t.Skip("-made names no directory")
	}
	stored := map[[2]string]judgedText{}
	for _, j := range judgeClients(t, clientsDir) {
		stored[[2]string{j.scenario, j.client}] = j
	}
	judged, compared, worse := judgeClients(t, *made), 0, []string{}
	for _, j := range judged {
		before, ok := stored[[2]string{j.scenario, j.client}]
		if !ok {
			continue
		}
		compared++
		if slices.Index(verdicts, j.verdict) > slices.Index(verdicts, before.verdict) {
			worse = append(worse, fmt.Sprintf("%s %s: %s, %s; the stored text: %s, %s", j.scenario, j.client, j.verdict, j.answer, before.verdict, before.answer))
		}
	}
	t.Logf("%d texts, of which %d are stored too and %d judged worse than these\n%s", len(judged), compared, len(worse), strings.Join(worse, "\n"))
	if compared < 30 || len(worse) > max(1, compared/50) {
		t.Error("want at least 30 texts, and no more worse than one in fifty")
	}
}

// A judgedText is what explain makes of the text of a client.
type judgedText struct{ scenario, client, verdict, answer string }

// judgeClients judges explain by the texts under a directory.
func judgeClients(t *testing.T, dir string) (all []judgedText) {
	t.Helper()
	for _, row := range clientScenarios(t) {
		files, err := filepath.Glob(filepath.Join(dir, "outputs", row.name, "*.txt"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			matches := Explain(string(text))
			all = append(all, judgedText{row.name, strings.TrimSuffix(filepath.Base(file), ".txt"), judgeAnswer(matches, row.accepted), placed(matches)})
		}
	}
	return all
}

// verdicts are what judgeAnswer says, best first. A first answer is right, or
// vague if a right one stands among the causes that fit as well, or wrong.
var verdicts = []string{"right", "vague", "silent", "wrong"}

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

// placed formats an answer: the causes, what came later in brackets, and what is
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

// held matches tokens and the secret members of a URL, which no stored text may
// hold.
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
