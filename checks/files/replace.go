package files

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Replace writes a file that comes to be whole, with mode 0644, or stays as it
// was. What is no regular file, such as /dev/stderr or a named pipe, is written
// to and stays what it is.
func Replace(path string, write func(io.Writer) error) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f, err := OpenOutput(path, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(Bounded(f)), f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
