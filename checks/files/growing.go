package files

import (
	"errors"
	"io/fs"
	"os"
)

// OpenGrowing opens a file to write to while it is watched, empty and with mode
// 0644 if it is a new one. What another program writes in this way is an error, and
// stays as it is. A pipe without a reader is an error after two seconds.
func OpenGrowing(path string) (*os.File, error) {
	file, err := OpenOutput(path, os.O_CREATE)
	if err != nil {
		return nil, err
	}
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return file, nil // a pipe or a device, which has room for many
	}
	if err = Lock(file, EndingWait); err != nil {
		err = &fs.PathError{Op: "open", Path: path, Err: errors.New("another program writes it")}
	} else {
		err = file.Truncate(0)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}
