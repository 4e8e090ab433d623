//go:build unix

package report

import "golang.org/x/sys/unix"

// echoOff turns off the terminal's echo; line mode and Ctrl-C stay. Speak
// restores the settings.
func echoOff(fd int) (restore func(), err error) {
	before, err := unix.IoctlGetTermios(fd, readTermios)
	if err != nil {
		return nil, err
	}
	silent := *before
	silent.Lflag &^= unix.ECHO
	silent.Lflag |= unix.ICANON | unix.ISIG
	silent.Iflag |= unix.ICRNL
	if err := unix.IoctlSetTermios(fd, writeTermios, &silent); err != nil {
		return nil, err
	}
	return func() { unix.IoctlSetTermios(fd, writeTermios, before) }, nil
}
