package watch

import (
	"time"

	"golang.org/x/sys/unix"
)

// sinceBoot includes the time in which the machine is suspended; see
// clock_gettime(3) of macOS.
func sinceBoot() time.Duration {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &t) // always zero without this clock
	return time.Duration(t.Nano())
}
