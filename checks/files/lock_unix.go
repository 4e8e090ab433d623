//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

package files

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

const lockRetry = 10 * time.Millisecond

// Lock keeps others who lock it from a file or directory until it is closed, and
// waits for one who has it. The error is ErrLocked. A child process that is being
// started holds its parent's files for a moment, and with them a lock that has
// ended, so a wait of zero finds what is free as locked now and then. On a file
// system without locks Lock does nothing.
func Lock(file *os.File, wait time.Duration) error {
	for began := time.Now(); ; {
		err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		switch {
		case !errors.Is(err, unix.EWOULDBLOCK):
			return nil
		case time.Since(began) > wait:
			return ErrLocked
		}
		time.Sleep(lockRetry)
	}
}
