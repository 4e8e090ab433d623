//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

package tape

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

const (
	lockWait  = 250 * time.Millisecond // for a lock that is about to be released
	lockRetry = 10 * time.Millisecond
)

// lock keeps other recordings from the file until it is closed. A child process
// that is being started holds its parent's files for a moment, and with them the
// lock of a recording that has ended, so lock retries for a while. On a file
// system without locks it does nothing.
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
