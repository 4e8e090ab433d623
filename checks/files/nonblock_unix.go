//go:build unix

package files

import (
	"errors"
	"syscall"
)

// nonblock opens a pipe without waiting for its other end.
const nonblock = syscall.O_NONBLOCK

// isUnread reports whether a pipe could not be opened because it has no reader.
func isUnread(err error) bool { return errors.Is(err, syscall.ENXIO) }
