package tape

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lock keeps other recordings from the file until it is closed. On Windows a
// locked range cannot be read, so lock uses a byte beyond the end of any tape.
func lock(file *os.File) error {
	const how = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	far := windows.Overlapped{OffsetHigh: 1 << 30}
	if err := windows.LockFileEx(windows.Handle(file.Fd()), how, 0, 1, 0, &far); errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return ErrBusy
	}
	return nil
}
