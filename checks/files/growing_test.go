package files

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestGrowingFileHasOneWriter: the second is told, and the file stays that of the
// first, which another may write anew when it is closed.
func TestGrowingFileHasOneWriter(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "log")
	first, err := OpenGrowing(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first.WriteString("first\n"); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" { // where nobody else reads what is locked
		if _, err := OpenGrowing(path); err == nil || !strings.Contains(err.Error(), "another program writes it") {
			t.Errorf("the second is told %v", err)
		}
		if data, err := os.ReadFile(path); string(data) != "first\n" {
			t.Errorf("it holds %q, %v", data, err)
		}
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	next, err := OpenGrowing(path)
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close()
	if info, err := next.Stat(); err != nil || info.Size() != 0 {
		t.Errorf("the next begins with %v, %v", info, err)
	}
}
