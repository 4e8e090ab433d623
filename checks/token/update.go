package token

import (
	"io/fs"

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

// lockBeside locks the directory of the file as [files.LockBeside] does.
func lockBeside(path string) (unlock func() error) {
	real, err := target(path)
	if err != nil {
		return func() error { return nil }
	}
	return files.LockBeside(real)
}
