package command

import (
	"os"
	"strconv"

	"golang.org/x/term"
)

func pidText() string { return strconv.Itoa(os.Getpid()) }

// thisStart knows a click by the parent, since the Explorer starts the program in a
// console of its own. Where that is the one of a shell, the parent is the shell; a
// task of the Task Scheduler has a service for its parent.
func thisStart() start {
	s := start{service: inService(), desktop: hasDesktop(), parent: parentIs(parentProgram())}
	for _, f := range []*os.File{os.Stdin, os.Stdout, os.Stderr} {
		s.collected = s.collected || !term.IsTerminal(int(f.Fd()))
	}
	return s
}
