//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package report

import "golang.org/x/sys/unix"

// The calls that read and write a terminal's settings, by the names of BSD.
const (
	readTermios  = unix.TIOCGETA
	writeTermios = unix.TIOCSETA
)
