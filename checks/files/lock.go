package files

import (
	"os"
	"path/filepath"
	"time"
)

// LockBeside locks the directory of a file that is to be replaced, where that is
// possible. Elsewhere, as on Windows, and if somebody holds the lock for longer than
// the wait, it locks nothing.
func LockBeside(path string, wait time.Duration) (unlock func() error) {
	nothing := func() error { return nil }
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return nothing // it may be written but not read
	}
	if Lock(dir, wait) != nil {
		dir.Close()
		return nothing
	}
	return dir.Close
}
