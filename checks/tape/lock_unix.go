//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

package tape

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// lock keeps other recordings from the file until it is closed. A file system
// that knows no locks keeps nobody away.
func lock(file *os.File) error {
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); errors.Is(err, unix.EWOULDBLOCK) {
		return ErrBusy
	}
	return nil
}
