package files

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestReplaceKeepsTheOldFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "report.json")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("disk full")
	err := Replace(path, func(w io.Writer) error {
		w.Write([]byte("half"))
		return broken
	})
	got, _ := os.ReadFile(path)
	left, _ := os.ReadDir(dir)
	if !errors.Is(err, broken) || string(got) != "old" || len(left) != 1 {
		t.Errorf("got error %v, content %q, files %v", err, got, left)
	}
}
