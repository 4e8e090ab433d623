package files

import (
	"os"
	"path/filepath"
	"time"
)

// EndingWait is for the lock of a program that is about to end.
const EndingWait = 250 * time.Millisecond

// besideWait is far more than it takes to replace a file. A program that has stopped
// in the middle, or somebody else who may read the directory and has locked it, is
// not waited for.
const besideWait = time.Second

// LockBeside locks the directory of a file that is to be replaced, where that is
// possible. Elsewhere, as on Windows, and if somebody holds the lock for longer than
// a second, it locks nothing.
func LockBeside(path string) (unlock func() error) {
	nothing := func() error { return nil }
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return nothing // it may be written but not read
	}
	if Lock(dir, besideWait) != nil {
		dir.Close()
		return nothing
	}
	return dir.Close
}
