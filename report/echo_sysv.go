//go:build unix && !(darwin || dragonfly || freebsd || netbsd || openbsd)

package report

import "golang.org/x/sys/unix"

// The calls that read and write a terminal's settings, by the names of System
// V, which Linux has taken over.
const (
	readTermios  = unix.TCGETS
	writeTermios = unix.TCSETS
)
