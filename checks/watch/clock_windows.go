package watch

import (
	"time"

	"golang.org/x/sys/windows"
)

// sinceBoot counts the time in which the machine sleeps.
func sinceBoot() time.Duration { return windows.DurationSinceBoot() }
