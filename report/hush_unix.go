//go:build unix

package report

import "golang.org/x/sys/unix"

// hush makes a terminal keep to itself what is typed, line by line and with
// Ctrl-C as ever. Speak puts it back as it was.
func hush(fd int) (speak func(), err error) {
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
