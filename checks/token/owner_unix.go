//go:build unix

package token

import (
	"io/fs"
	"os"
	"syscall"
)

// keptByOwner reports whether the sticky bit of the directory keeps this user
// from replacing the file. The superuser is not kept from it.
func keptByOwner(dir string, file fs.FileInfo) bool {
	around, err := os.Stat(dir)
	if err != nil || around.Mode()&fs.ModeSticky == 0 || os.Geteuid() == 0 {
		return false
	}
	return !isOwn(file) && !isOwn(around)
}

func isOwn(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}
