package watch

import (
	"time"

	"golang.org/x/sys/unix"
)

// sinceBoot counts the time in which the machine sleeps.
func sinceBoot() time.Duration {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_BOOTTIME, &t) // zero for ever where there is none
	return time.Duration(t.Nano())
}
