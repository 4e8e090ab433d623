//go:build !linux && !windows

package command

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"
)

func pidText() string { return strconv.Itoa(os.Getpid()) }

// thisStart knows an application of macOS, by the name that its launcher gives each.
// A bare program on which the user of macOS clicks is opened in a terminal, and is a
// run there.
func thisStart() start {
	s := start{service: inService(), desktop: hasDesktop()}
	if strings.HasPrefix(os.Getenv("XPC_SERVICE_NAME"), "application.") {
		s.parent = fileManagers[0]
	}
	for _, f := range []*os.File{os.Stdin, os.Stdout, os.Stderr} {
		info, err := f.Stat()
		s.terminal = s.terminal || term.IsTerminal(int(f.Fd()))
		s.collected = s.collected || err != nil || info.Mode()&(os.ModeNamedPipe|os.ModeSocket) != 0 || info.Mode().IsRegular()
	}
	return s
}
