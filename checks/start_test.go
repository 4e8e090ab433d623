package checks_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestNothingIsCompiledAtStart reads the program's source: regular expressions and
// templates are made when a command first needs them, since every command would
// pay for all of them.
func TestNothingIsCompiledAtStart(t *testing.T) {
	t.Parallel()
	read := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != ".." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || isTestPackage(path)):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		read++
		for _, decl := range file.Decls {
			if call := compiledIn(decl); call != "" {
				t.Errorf("%s: a variable of the package calls %s; use checks/lazyregexp or sync.OnceValue", path, call)
			}
		}
		return nil
	})
	if err != nil || read < 100 {
		t.Fatalf("read %d files: %v", read, err)
	}
}

func isTestPackage(path string) bool {
	for _, skip := range []string{"fixtures/lab", "fixtures/browser", "fixtures/soak", "fixtures/program", "fixtures/valid", "fixtures/simtest", "fixtures/release"} {
		if filepath.ToSlash(path) == "../"+skip {
			return true
		}
	}
	return false
}

// compiledIn is the call of a variable's declaration that takes long, outside of
// functions.
func compiledIn(decl ast.Decl) (call string) {
	variables, ok := decl.(*ast.GenDecl)
	if !ok {
		return ""
	}
	ast.Inspect(variables, func(n ast.Node) bool {
		if _, inside := n.(*ast.FuncLit); inside {
			return false
		}
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && (x.Name+"."+s.Sel.Name == "regexp.MustCompile" || x.Name+"."+s.Sel.Name == "template.Must") {
				call = x.Name + "." + s.Sel.Name
			}
		}
		return true
	})
	return call
}
