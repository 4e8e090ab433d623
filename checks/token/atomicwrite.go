package token

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"upstox-doctor/checks/dotenv"
	"upstox-doctor/checks/files"
)

// A Setting is one line of a .env file.
type Setting struct{ Name, Value string }

// SaveEnv sets variables in a .env file and leaves every other byte alone. It
// writes as safely as a Store, and leaves the file open to its owner alone.
func SaveEnv(path string, settings ...Setting) error {
	return rename(update(path, modeOf(path)&0o700, func(data []byte) (_ []byte, err error) {
		for _, s := range settings {
			if data, err = dotenv.Set(data, s.Name, s.Value); err != nil {
				return nil, &FileError{kind: "file", Path: path, What: err.Error()}
			}
		}
		return data, nil
	}))
}

// modeOf is the mode of a file, or that of a new one.
func modeOf(path string) fs.FileMode {
	if info, err := os.Stat(path); err == nil {
		return info.Mode().Perm()
	}
	return 0o600
}

// AddLines adds lines at the end of a text file, as safely as SaveEnv. A new file
// is readable by everybody: it is not for secrets.
func AddLines(path string, lines ...string) error {
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	return rename(update(path, mode, func(data []byte) ([]byte, error) {
		end := "\n"
		if strings.Contains(string(data), "\r\n") {
			end = "\r\n"
		}
		if len(data) > 0 && !strings.HasSuffix(string(data), "\n") {
			data = append(data, end...)
		}
		for _, line := range lines {
			data = append(data, line+end...)
		}
		return data, nil
	}))
}

// rename rewords a *FileError for a file that is not a token file.
func rename(err error) error {
	if e, ok := errors.AsType[*FileError](err); ok {
		e.kind = "file"
	}
	return err
}

// target is the file that a path means. A link may lead to another file of the
// same directory or below it; one that leads elsewhere could make a program with
// more rights than its caller write where the caller may not.
func target(path string) (string, error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode()&fs.ModeSymlink == 0 {
		return path, nil
	}
	if err != nil {
		return "", &FileError{Path: path, What: errnoText(err), Err: err}
	}
	if _, err := files.Follow(path); err != nil {
		return "", &FileError{Path: path, What: errnoText(err), Err: err}
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", &FileError{Path: path, What: "is a symbolic link that leads nowhere", Err: err}
	}
	home, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return "", &FileError{Path: path, What: errnoText(err), Err: err}
	}
	here, err := filepath.Abs(home)
	there, err2 := filepath.Abs(real)
	if err != nil || err2 != nil {
		return "", &FileError{Path: path, What: errnoText(errors.Join(err, err2)), Err: errors.Join(err, err2)}
	}
	if below, err := filepath.Rel(here, there); err != nil || !filepath.IsLocal(below) {
		return "", &FileError{Path: path, What: "is a symbolic link out of its directory", LeadsTo: there}
	}
	return real, nil
}

// replace writes a file beside the old one and puts it in its place when it is
// safe on the disk.
func replace(path string, data []byte, mode fs.FileMode) error {
	real, err := replaceable(path)
	if err != nil {
		return err
	}
	files.RemoveStaleDrafts(filepath.Dir(real))
	name, err := writeDraft(filepath.Dir(real), data, mode)
	if err == nil {
		err = os.Rename(name, real)
	}
	if err != nil {
		if name != "" {
			os.Remove(name)
		}
		return &FileError{Path: path, What: "cannot be written: " + errnoText(err), Err: err}
	}
	if err := syncDir(filepath.Dir(real)); err != nil {
		return &FileError{Path: path, What: "may be lost if the machine stops now: " + errnoText(err), Err: err}
	}
	return nil
}

func writeDraft(dir string, data []byte, mode fs.FileMode) (name string, err error) {
	return files.WriteDraft(dir, 0o600, func(f *os.File) error {
		if _, err := f.Write(data); err != nil || runtime.GOOS == "windows" {
			return err
		}
		return f.Chmod(mode)
	})
}

// replaceable is the target of a path, if another file may be put in its place.
func replaceable(path string) (string, error) {
	real, err := target(path)
	if err != nil {
		return "", err
	}
	info, err := os.Lstat(real)
	switch {
	case err != nil: // there is none, or the writing says why it cannot be seen
	case !info.Mode().IsRegular(): // the null device is read as an empty file, and stays a device
		return "", &FileError{Path: path, What: "is not a regular file"}
	case keptByOwner(filepath.Dir(real), info):
		return "", &FileError{Path: path, What: "cannot be written: it is another user's"}
	}
	return real, nil
}

// writable tries out whether replace could write so many bytes there.
func writable(path string, size int) error {
	real, err := replaceable(path)
	if err != nil {
		return err
	}
	name, err := writeDraft(filepath.Dir(real), make([]byte, size), 0o600)
	if name != "" {
		os.Remove(name)
	}
	if err != nil {
		return &FileError{Path: path, What: "cannot be written: " + errnoText(err), Err: err}
	}
	return nil
}

// syncDir makes a new name in a directory safe on the disk. Windows has no
// such call, and some file systems refuse it.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return nil // a directory that may be written but not read
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, syscall.EINVAL) {
		return err
	}
	return nil
}
