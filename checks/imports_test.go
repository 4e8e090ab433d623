package checks_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layers are our packages, the lowest first. A package may import what stands
// in a layer below its own, and nothing else of ours.
var layers = [][]string{
	{"checks/lazyregexp"},
	{"checks/catalog", "checks/redact", "checks/doctor", "checks/market", "checks/dotenv", "checks/rawio", "checks/files", "checks/retry", "report/schema", "report/help", "fixtures/golden", "fixtures/killtest", "fixtures/setclock"},
	{"checks/humanize", "checks/instruments", "checks/secretstoml"},
	{"checks/token", "checks/network", "checks/tape", "checks/edge"},
	{"checks/feed"},
	{"checks/upstox"},
	{"checks/login", "checks/watch"},
	{"checks"},
	{"fixtures/realnames", "fixtures/sim", "fixtures/valid", "report/notify"},
	{"report/schedule", "fixtures/rehearsal"},
	{"report", "fixtures/simtest"},
	{"report/live"},
	{"report/serve"},
	{"report/command"},
	{"fixtures/browser", "fixtures/lab", "fixtures/program", "fixtures/release", "fixtures/soak"},
	{"fixtures/lab", "fixtures/program"},
	{"."},
}

// allowedImporters are the only packages that may import these modules.
var allowedImporters = map[string][]string{
	"github.com/gorilla/websocket":        {"checks/feed", "fixtures/sim"},
	"github.com/olekukonko/tablewriter":   {"report"},
	"github.com/urfave/cli/v2":            {".", "report/help"},
	"github.com/prometheus":               {"report", "report/serve"},
	"github.com/pelletier/go-toml":        {"checks/secretstoml"},
	"github.com/jarcoal/httpmock":         nil, // tests of checks/upstox only
	"github.com/chromedp":                 nil, // tests of fixtures/browser only
	"google.golang.org/protobuf/encoding": {"checks/feed", "fixtures/sim"},
	"testing":                             {"fixtures/golden", "fixtures/killtest", "fixtures/lab", "fixtures/simtest"},
	"upstox-doctor/fixtures/golden":       nil, // tests only
	"upstox-doctor/fixtures/killtest":     nil, // tests only
	"upstox-doctor/fixtures/setclock":     nil, // tests only
	"upstox-doctor/fixtures/simtest":      nil, // tests only
}

func TestImportsPointDown(t *testing.T) {
	t.Parallel()
	layer := map[string]int{}
	for i, l := range layers {
		for _, pkg := range l {
			layer[pkg] = i
		}
	}
	// The engine knows nothing of Upstox, and the report nothing of how things
	// are found out.
	forbidden := map[string][]string{
		"checks/doctor": {"upstox-doctor/"},
		"report":        {"upstox-doctor/checks/network", "upstox-doctor/fixtures"},
	}
	for _, im := range imports(t) {
		if ours, ok := strings.CutPrefix(im.path, "upstox-doctor/"); ok {
			if layer[ours] >= layer[im.pkg] {
				t.Errorf("%s imports %s, which does not stand below it", im.file, ours)
			}
		}
		for _, prefix := range forbidden[im.pkg] {
			if strings.HasPrefix(im.path, prefix) {
				t.Errorf("%s imports %s", im.file, im.path)
			}
		}
		for module, allowed := range allowedImporters {
			if strings.HasPrefix(im.path, module) && !slices.Contains(allowed, im.pkg) {
				t.Errorf("%s imports %s, which belongs to %v", im.file, im.path, allowed)
			}
		}
	}
}

type imported struct{ file, pkg, path string }

// imports lists the imports of all program files, tests left out.
func imports(t *testing.T) []imported {
	t.Helper()
	var all []imported
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel("..", path)
		for _, im := range f.Imports {
			p, _ := strconv.Unquote(im.Path.Value)
			all = append(all, imported{rel, filepath.ToSlash(filepath.Dir(rel)), p})
		}
		return nil
	})
	if err != nil || len(all) < 100 {
		t.Fatalf("read %d imports: %v", len(all), err)
	}
	return all
}

// TestModulesAreExplained: each module that is required directly says what it is
// for.
func TestModulesAreExplained(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if module, comment, _ := strings.Cut(line, " // "); strings.HasPrefix(module, "\t") && strings.TrimSpace(comment) == "" {
			t.Errorf("go.mod does not say what%s is for", strings.TrimRight(module, "\n"))
		}
	}
}
