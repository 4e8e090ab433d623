//go:build unix

package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// nofollow refuses a symbolic link at the end of a path.
const nofollow = syscall.O_NOFOLLOW

// IsOwn reports whether a file belongs to the user of this process.
func IsOwn(info fs.FileInfo) bool { return owner(info) == os.Geteuid() }

func owner(info fs.FileInfo) int {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(stat.Uid)
	}
	return -1
}

// foreign says what is wrong with a file that another user has put into a
// directory that all may write to. The owner of the directory may put anything
// there. Without the sticky bit any user can put another file in the place of any,
// so that only links are refused.
func foreign(path string, info fs.FileInfo) error {
	dir, err := os.Stat(filepath.Dir(path))
	if err != nil || dir.Mode().Perm()&0o002 == 0 || IsOwn(info) || owner(info) == owner(dir) {
		return nil
	}
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return errors.New("is a symbolic link of another user, in a directory that all may write to")
	case dir.Mode()&fs.ModeSticky != 0 && !info.IsDir():
		return errors.New("is another user's, in a directory that all may write to")
	}
	return nil
}
