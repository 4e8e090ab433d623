package files

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// Lock keeps others who lock it from a file until it is closed. The error is
// ErrLocked, without a wait. A locked range cannot be read, so Lock uses a byte
// beyond the end of any file that is locked. A directory has none, so that Lock
// does nothing for it.
func Lock(file *os.File, _ time.Duration) error {
	const how = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	far := windows.Overlapped{OffsetHigh: 1 << 30}
	if err := windows.LockFileEx(windows.Handle(file.Fd()), how, 0, 1, 0, &far); errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return ErrLocked
	}
	return nil
}
