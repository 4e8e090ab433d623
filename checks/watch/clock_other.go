//go:build !linux && !darwin && !windows

package watch

import "time"

var loaded = time.Now()

// sinceBoot knows only of a program that was stopped.
func sinceBoot() time.Duration { return time.Since(loaded) }
