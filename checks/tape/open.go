package tape

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// openFile opens a tape for writing, a new one or the intact part of an existing
// one. No other recording can open it until it is closed.
func openFile(path string) (*os.File, error) {
	file, err := openLocked(path, os.O_CREATE|os.O_EXCL)
	if !errors.Is(err, fs.ErrExist) {
		return file, err
	}
	// Locked before it is read: a tape that is being written looks truncated.
	if file, err = openLocked(path, 0); err != nil {
		return nil, err
	}
	if file, err = readied(path, file); err != nil {
		return nil, err
	}
	if err := file.Chmod(0o600); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

func openLocked(path string, create int) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|create, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lock(file); err != nil {
		return whole(file, fmt.Errorf("%s: %w", path, err))
	}
	return file, nil
}

// readied returns the file if it is empty or an intact tape. Otherwise it
// replaces it by a repaired copy. It closes the file on error.
func readied(path string, file *os.File) (*os.File, error) {
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: no regular file", path)
	}
	if err != nil || info.Size() == 0 {
		return whole(file, err)
	}
	torn, err := check(file)
	if err != nil {
		return whole(file, fmt.Errorf("%s: %w", path, err))
	}
	if !torn {
		return file, nil
	}
	defer file.Close()
	return mend(path, file)
}

func whole(file *os.File, err error) (*os.File, error) {
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// check reads a tape to its end and reports whether it is truncated.
func check(file *os.File) (torn bool, err error) {
	r, err := NewReader(file)
	for err == nil {
		_, err = r.Next()
	}
	if err != io.EOF {
		return false, err
	}
	return r.Torn(), nil
}

// mend writes the intact part of a truncated tape to a new file, which then
// replaces the old one.
func mend(path string, torn *os.File) (*os.File, error) {
	if _, err := torn.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	r, err := NewReader(torn)
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return nil, err
	}
	zip, _ := gzip.NewWriterLevel(file, gzip.BestSpeed)
	text := r.text
	for err == nil {
		if _, err = zip.Write(append(text, '\n')); err == nil {
			var rec Record
			rec, err = r.Next()
			text = rec.text
		}
	}
	if err == io.EOF {
		err = nil
	}
	err = errors.Join(err, zip.Close(), file.Sync(), file.Close())
	torn.Close()
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		os.Remove(file.Name())
		return nil, err
	}
	return openLocked(path, 0)
}
