package watch

import (
	"time"

	"golang.org/x/sys/unix"
)

// sinceBoot counts the time in which the machine sleeps; see clock_gettime(3)
// of macOS.
func sinceBoot() time.Duration {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &t) // zero for ever where there is none
	return time.Duration(t.Nano())
}
