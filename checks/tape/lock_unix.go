//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

package tape

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

const (
	lockWait  = 250 * time.Millisecond // for a lock that is about to end
	lockRetry = 10 * time.Millisecond
)

// lock keeps other recordings from the file until it is closed. A program that
// is being started holds the files of its parent for a moment, and with them
// the lock of a recording that has ended, so it is tried for a while. A file
// system that knows no locks keeps nobody away.
func lock(file *os.File) error {
	for began := time.Now(); ; {
		err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		switch {
		case !errors.Is(err, unix.EWOULDBLOCK):
			return nil
		case time.Since(began) > lockWait:
			return ErrBusy
		}
		time.Sleep(lockRetry)
	}
}
