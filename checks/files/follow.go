package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// maxLinks is how many symbolic links are followed, as by Linux.
const maxLinks = 40

// Follow returns the path behind the symbolic links at the end of a path. In a
// directory that all may write to, what another user has put there is an error:
// a link could lead to any file of this user, and a file would be under the
// control of the other. It is the rule of Linux's fs.protected_symlinks and
// fs.protected_regular, which many containers have switched off. A link of /proc,
// such as that behind /dev/stdout, has no path behind it, and is returned.
func Follow(path string) (string, error) {
	for range maxLinks {
		info, err := os.Lstat(path)
		if err != nil {
			return path, nil // there is none, or opening it tells why it cannot be seen
		}
		if err := foreign(path, info); err != nil {
			return "", &fs.PathError{Op: "open", Path: path, Err: err}
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			return path, nil
		}
		to, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(to) {
			to = filepath.Dir(path) + string(filepath.Separator) + to // not cleaned: the directory may be a link
		}
		if _, err := os.Lstat(to); err != nil {
			if _, err := os.Stat(path); err == nil {
				return path, nil
			}
		}
		path = to
	}
	return "", &fs.PathError{Op: "open", Path: path, Err: errors.New("too many levels of symbolic links")}
}

// OpenFile is os.OpenFile for what Follow follows. A link that takes the place of
// the file at that moment is not followed.
func OpenFile(path string, flag int, mode fs.FileMode) (*os.File, error) {
	path, err := Follow(path)
	if err != nil {
		return nil, err
	}
	if info, err := os.Lstat(path); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		flag |= nofollow
	}
	return os.OpenFile(path, flag, mode)
}
