package tape

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"upstox-doctor/checks/files"
)

// openFile opens a tape for writing, a new one or the intact part of an existing
// one. No other recording can open it until it is closed.
func openFile(ctx context.Context, path string) (*os.File, error) {
	path, err := files.Follow(path)
	if err != nil {
		return nil, err
	}
	file, err := openLocked(path, os.O_CREATE|os.O_EXCL)
	if !errors.Is(err, fs.ErrExist) {
		return file, err
	}
	// Locked before it is read: a tape that is being written looks truncated.
	if file, err = openLocked(path, 0); err != nil {
		return nil, err
	}
	if file, err = wholeFile(ctx, path, file); err != nil {
		return nil, err
	}
	if err := file.Chmod(0o600); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

func openLocked(path string, create int) (*os.File, error) {
	file, err := files.OpenFile(path, os.O_RDWR|os.O_APPEND|create, 0o600)
	if err != nil {
		return nil, err
	}
	if files.Lock(file, files.EndingWait) != nil || replaced(path, file) {
		err = ErrBusy
	}
	if err != nil {
		return openWhole(file, fmt.Errorf("%s: %w", path, err))
	}
	return file, nil
}

// replaced reports whether another recording has put a repaired copy in the place
// of the file.
func replaced(path string, file *os.File) bool {
	info, err := file.Stat()
	now, err2 := os.Stat(path)
	return err == nil && err2 == nil && !os.SameFile(info, now)
}

// wholeFile returns the file if it is empty or an intact tape. Otherwise it
// replaces it by a repaired copy. It closes the file on error.
func wholeFile(ctx context.Context, path string, file *os.File) (*os.File, error) {
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: no regular file", path)
	}
	if err != nil || info.Size() == 0 {
		return openWhole(file, err)
	}
	if isBegun(file, info.Size()) {
		return openWhole(file, file.Truncate(0))
	}
	truncated, err := isTorn(files.Until(ctx, file))
	if err != nil {
		return openWhole(file, fmt.Errorf("%s: %w", path, err))
	}
	if !truncated {
		return file, nil
	}
	defer file.Close()
	return repairFile(ctx, path, file)
}

func openWhole(file *os.File, err error) (*os.File, error) {
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// gzipHead is what a recording writes before its first line.
const gzipHead = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff"

// isBegun reports whether the file holds gzipHead alone, as after a crash at that
// moment.
func isBegun(file *os.File, size int64) bool {
	data := make([]byte, len(gzipHead))
	_, err := file.ReadAt(data, 0)
	return size == int64(len(gzipHead)) && err == nil && string(data) == gzipHead
}

// isTorn reads a tape to its end and reports whether it is truncated.
func isTorn(file io.Reader) (truncated bool, err error) {
	r, err := NewReader(file)
	for err == nil {
		_, err = r.Next()
	}
	if err != io.EOF {
		return false, err
	}
	return r.Truncated(), nil
}

// repairFile writes the intact part of a truncated tape to a new file, which
// then replaces the old one.
func repairFile(ctx context.Context, path string, truncated *os.File) (*os.File, error) {
	if _, err := truncated.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	r, err := NewReader(files.Until(ctx, truncated))
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(filepath.Dir(path), files.DraftPrefix+"*")
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
	if runtime.GOOS == "windows" {
		truncated.Close() // an open file is not replaced there
	}
	if err == nil { // while the old one is locked: another recording may want to repair it too
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		os.Remove(file.Name())
		return nil, err
	}
	return openLocked(path, 0)
}
