package checks_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
)

// TestReferencesCompile reads the program's source: a diagnosis or a check is
// named by its constant, so that a misspelled reference does not compile. Codes
// and IDs of one word are left out, since they mean other things too; so are
// the scenarios, which are run against the real checks.
func TestReferencesCompile(t *testing.T) {
	t.Parallel()
	instead := map[string]string{}
	for _, e := range catalog.All() {
		if strings.Contains(e.Code, "-") {
			instead[e.Code] = "the Code of an entry of the catalog"
		}
	}
	for _, c := range checks.All(checks.World{}) {
		if strings.Contains(c.ID, ".") {
			instead[c.ID] = "an ID of package checks"
		}
	}
	read := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "catalog" || d.Name() == "fixtures" || strings.HasPrefix(d.Name(), ".") && d.Name() != ".."):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		read++
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if decl, ok := n.(*ast.GenDecl); ok && decl.Tok == token.CONST {
				return false // a constant is what a reference should be
			}
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				text, _ := strconv.Unquote(lit.Value)
				if want := instead[text]; want != "" {
					t.Errorf("%s: %s stands for %s", files.Position(lit.Pos()), lit.Value, want)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || read < 100 {
		t.Fatalf("read %d files: %v", read, err)
	}
}

// TestSymptomsCompile reads the source of what tells symptoms and of what
// recognises them: hops and kinds are constants of the catalog on both sides.
// Numbers are the edge's own.
func TestSymptomsCompile(t *testing.T) {
	t.Parallel()
	var files []string
	for _, dir := range []string{"catalog", "network", "feed", "upstox"} {
		all, _ := filepath.Glob(filepath.Join(dir, "*.go"))
		files = append(files, all...)
	}
	signs := 0
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			field, ok := n.(*ast.KeyValueExpr)
			if !ok {
				return true
			}
			name, ok := field.Key.(*ast.Ident)
			if !ok || name.Name != "At" && name.Name != "Hop" && name.Name != "Kind" {
				return true
			}
			signs++
			if lit, ok := field.Value.(*ast.BasicLit); ok {
				if text, _ := strconv.Unquote(lit.Value); strings.Trim(text, "0123456789") != "" {
					t.Errorf("%s: %s %s is no constant of the catalog", set.Position(lit.Pos()), name.Name, lit.Value)
				}
			}
			return true
		})
	}
	if signs < 100 {
		t.Errorf("%d hops and kinds", signs)
	}
}

// The engine names one diagnosis of its own without knowing the catalog.
func TestFaultIsInTheCatalog(t *testing.T) {
	t.Parallel()
	if catalog.Lookup(doctor.CodeFault) != catalog.DoctorFault {
		t.Errorf("%s is not %s", doctor.CodeFault, catalog.DoctorFault.Code)
	}
}
