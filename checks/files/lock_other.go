//go:build !(linux || darwin || dragonfly || freebsd || netbsd || openbsd || windows)

package files

import (
	"os"
	"time"
)

// Lock does nothing on this system.
func Lock(*os.File, time.Duration) error { return nil }
