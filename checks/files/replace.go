package files

import (
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Replace writes a file that comes to be whole or stays as it was. It keeps the
// mode of an old one; a new one is for all to read, less what the umask forbids.
// What is no regular file, such as /dev/stderr or a named pipe, is written to and
// stays what it is.
func Replace(path string, write func(io.Writer) error) error {
	path, err := Follow(path)
	if err != nil {
		return err
	}
	old, err := os.Stat(path)
	if err == nil && !old.Mode().IsRegular() {
		f, err := OpenOutput(path, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(Bounded(f)), f.Close())
	}
	return replace(path, 0o644, func(f *os.File) error {
		if err := write(f); err != nil || old == nil {
			return err
		}
		return f.Chmod(old.Mode().Perm())
	})
}

// Save writes a file of this user alone, mode 0600, that comes to be whole or
// stays as it was. A link is replaced, not followed.
func Save(path string, data []byte) error {
	return replace(path, 0o600, func(f *os.File) error {
		if _, err := f.Write(data); err != nil {
			return err
		}
		return f.Chmod(0o600) // the umask may have forbidden that too
	})
}

// DraftPrefix is what the names of files begin with that are being written.
const DraftPrefix = ".upstox-doctor-"

// replace writes a draft beside the file, safe on the disk, and puts it in its
// place.
func replace(path string, mode fs.FileMode, write func(*os.File) error) error {
	dir := filepath.Dir(path)
	RemoveStaleDrafts(dir)
	draft, err := WriteDraft(dir, mode, write)
	if draft == "" {
		return renamed(path, err)
	}
	if err == nil {
		err = os.Rename(draft, path)
		if e, ok := errors.AsType[*os.LinkError](err); ok { // whose draft the user does not know
			err = &fs.PathError{Op: "replace", Path: path, Err: e.Err}
		}
	}
	if err != nil {
		os.Remove(draft)
	}
	return err
}

// WriteDraft writes a new file in a directory, safe on the disk and never through
// a link, and returns its path. The path is empty if there is no file; one that is
// left after an error is for the caller to remove.
func WriteDraft(dir string, mode fs.FileMode, write func(*os.File) error) (path string, err error) {
	path = filepath.Join(dir, DraftPrefix+rand.Text())
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return "", err
	}
	if err = write(f); err == nil {
		err = f.Sync()
	}
	return path, errors.Join(err, f.Close())
}

// renamed lets an error name the file that the user knows.
func renamed(path string, err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		e.Path = path
	}
	return err
}

// staleAfter is the age at which a draft is known to be left from a process that
// was killed. Writing takes milliseconds.
const staleAfter = time.Minute

// RemoveStaleDrafts removes the drafts of processes that were killed from a
// directory: they may hold a token.
func RemoveStaleDrafts(dir string) {
	entries, _ := os.ReadDir(dir) // none in a directory that cannot be read
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), DraftPrefix) || !e.Type().IsRegular() {
			continue
		}
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > staleAfter {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}
