//go:build unix

package token

import (
	"io/fs"
	"os"

	"upstox-doctor/checks/files"
)

// keptByOwner reports whether the sticky bit of the directory keeps this user
// from replacing the file. The superuser is not kept from it.
func keptByOwner(dir string, file fs.FileInfo) bool {
	around, err := os.Stat(dir)
	if err != nil || around.Mode()&fs.ModeSticky == 0 || os.Geteuid() == 0 {
		return false
	}
	return !files.IsOwn(file) && !files.IsOwn(around)
}
