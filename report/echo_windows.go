package report

import "golang.org/x/sys/windows"

// echoOff turns off the console's echo; line mode and Ctrl-C stay. Speak
// restores the settings.
func echoOff(fd int) (restore func(), err error) {
	console := windows.Handle(fd)
	var before uint32
	if err := windows.GetConsoleMode(console, &before); err != nil {
		return nil, err
	}
	silent := before&^windows.ENABLE_ECHO_INPUT | windows.ENABLE_PROCESSED_INPUT | windows.ENABLE_LINE_INPUT
	if err := windows.SetConsoleMode(console, silent); err != nil {
		return nil, err
	}
	return func() { windows.SetConsoleMode(console, before) }, nil
}
