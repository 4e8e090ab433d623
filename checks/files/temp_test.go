package files

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMkdirTempTakesTheFirstThatTakesIt(t *testing.T) {
	t.Parallel()
	room, none := t.TempDir(), filepath.Join(t.TempDir(), "none")
	got, err := mkdirTemp("x-", []string{none, room, t.TempDir()})
	if err != nil || filepath.Dir(got) != room || !strings.HasPrefix(filepath.Base(got), "x-") {
		t.Errorf("made %q, %v", got, err)
	}
	if _, err := os.Lstat(none); err == nil {
		t.Error("made what was not there")
	}
	if _, err := mkdirTemp("x-", []string{none, none + "2"}); err == nil || !strings.Contains(err.Error(), none+"2") {
		t.Errorf("without any room: %v", err)
	}
}

func TestMkdirTempIsOfTheUserAlone(t *testing.T) {
	t.Parallel()
	got, err := MkdirTemp("upstox-test-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(got)
	info, err := os.Stat(got)
	if err != nil || !filepath.IsAbs(got) || filepath.Separator == '/' && info.Mode().Perm() != 0o700 {
		t.Errorf("%s, %v, %v", got, info.Mode(), err)
	}
}
