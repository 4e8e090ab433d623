package watch

import (
	"time"

	"golang.org/x/sys/windows"
)

// sinceBoot includes the time in which the machine is suspended.
func sinceBoot() time.Duration { return windows.DurationSinceBoot() }
