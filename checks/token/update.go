package token

import (
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"upstox-doctor/checks/files"
)

// update replaces the content of a file with what change makes of it. Another update
// in the directory waits until that is done.
func update(path string, mode fs.FileMode, change func([]byte) ([]byte, error)) error {
	defer lockBeside(path)()
	data, err := current(path)
	if err == nil {
		data, err = change(data)
	}
	if err != nil {
		return err
	}
	return replace(path, data, mode)
}

// lockWait is far more than an update takes. One that has stopped in the middle, or
// somebody else who may read the directory and has locked it, is not waited for.
const lockWait = time.Second

// lockBeside locks the directory of the file, where that is possible; elsewhere, as on
// Windows, two updates at the same moment are not kept apart.
func lockBeside(path string) (unlock func() error) {
	nothing := func() error { return nil }
	real, err := target(path)
	if err != nil {
		return nothing
	}
	dir, err := os.Open(filepath.Dir(real))
	if err != nil {
		return nothing // it may be written but not read
	}
	if files.Lock(dir, lockWait) != nil {
		dir.Close()
		return nothing
	}
	return dir.Close
}
