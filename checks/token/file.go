package token

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"time"

	"upstox-doctor/checks/files"
)

// A File is a token file such as .upstox_token.
type File struct {
	Token  string `json:"-"` // as it stands in the file, uncleaned; empty if there is none
	Format string // "plain", "json" or "env" (a NAME=value line)
	Note   string // what else is to be said: "JSON without access_token", "dated 2026-11-20"

	Exists  bool
	Empty   bool // nothing in it, or nothing where the token belongs
	Shared  bool // group or others can read it; never on Windows
	Mode    fs.FileMode
	ModTime time.Time
}

// String tells all but the token.
func (f File) String() string {
	if !f.Exists {
		return "no token file"
	}
	return fmt.Sprintf("token file, %s, %04o, token of %d characters", f.Format, f.Mode.Perm(), len(f.Token))
}

// GoString is String.
func (f File) GoString() string { return f.String() }

// A FileError is a token file that cannot be used. It names the path and never
// quotes the content.
type FileError struct {
	kind string // "token file" if empty

	Path string // empty from [ParseFile]
	Line int    // from 1; 0 if the whole file is concerned
	What string
	Err  error // of the operating system, or nil

	LeadsTo string // where a link leads that is not followed; empty for everything else

	Encoding string // as from [dotenv.Encoding], if that is what is wrong
}

func (e *FileError) Error() string {
	s := cmp.Or(e.kind, "token file")
	if e.Path != "" {
		s += " " + e.Path
	}
	if e.Line > 0 {
		s += fmt.Sprintf(", line %d", e.Line)
	}
	return s + ": " + e.What
}

// InOther reports whether the file is one that holds more than a token.
func (e *FileError) InOther() bool { return e.kind != "" }

func (e *FileError) Unwrap() error { return e.Err }

// maxFileSize is the largest file that is read, in bytes.
const maxFileSize = 1 << 20

// ReadFile reads a token file in any of the forms that ParseFile knows. A
// missing file is no error. Errors are of type *FileError.
func ReadFile(path string) (File, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		f := File{}
		if _, err := os.Lstat(path); err == nil {
			f.Note = "a symbolic link to a file that does not exist"
		}
		return f, nil
	}
	if err != nil {
		return File{}, &FileError{Path: path, What: errnoText(err), Err: err}
	}
	seen := File{Exists: true, Mode: info.Mode(), ModTime: info.ModTime()}
	data, fault := content(path)
	if fault != nil {
		fault.Path = path
		return seen, fault
	}
	f, err := ParseFile(data)
	if e, ok := errors.AsType[*FileError](err); ok {
		e.Path = path
	}
	f.Exists, f.Mode, f.ModTime = true, seen.Mode, seen.ModTime
	f.Shared = info.Mode().IsRegular() && runtime.GOOS != "windows" && info.Mode().Perm()&0o044 != 0
	return f, err
}

// content reads the file.
func content(path string) ([]byte, *FileError) {
	data, err := files.ReadRegular(path, maxFileSize)
	if err != nil {
		return nil, &FileError{What: errnoText(err), Err: err}
	}
	return data, nil
}

// errnoText is the operating system's word without the path, which FileError
// names already.
func errnoText(err error) string {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err.Error()
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}
