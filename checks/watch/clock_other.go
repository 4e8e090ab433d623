//go:build !linux && !darwin && !windows

package watch

import "time"

var loaded = time.Now()

// sinceBoot shows only that the program was stopped, not a suspend.
func sinceBoot() time.Duration { return time.Since(loaded) }
