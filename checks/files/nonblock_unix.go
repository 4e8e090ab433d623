//go:build unix

package files

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// nonblock opens a pipe without waiting for its other end.
const nonblock = syscall.O_NONBLOCK

// isUnread reports whether a pipe could not be opened because it has no reader.
// A device without hardware, or /dev/tty without a terminal, gives the same error.
func isUnread(path string, err error) bool {
	if !errors.Is(err, syscall.ENXIO) {
		return false
	}
	info, err := os.Stat(path)
	return err == nil && info.Mode()&fs.ModeNamedPipe != 0
}
