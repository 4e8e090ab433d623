package command

import (
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/term"
)

func pidText() string { return strconv.Itoa(os.Getpid()) }

func thisStart() start {
	name, _ := os.ReadFile("/proc/" + strconv.Itoa(os.Getppid()) + "/comm") // without /proc it is no click
	s := start{service: inService(), desktop: hasDesktop(), parent: parentIs(string(name))}
	if tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0); err == nil {
		tty.Close()
		s.terminal = true
	}
	for _, f := range []*os.File{os.Stdin, os.Stdout, os.Stderr} {
		s.terminal = s.terminal || term.IsTerminal(int(f.Fd()))
		info, err := f.Stat()
		switch {
		case err != nil:
			s.collected = true
		case info.Mode()&os.ModeCharDevice != 0:
		case f != os.Stdin && (info.Mode()&os.ModeSocket != 0 || isSessionLog(info)):
			s.logged = true
		default:
			s.collected = true
		}
	}
	return s
}

// isSessionLog reports the file in which display managers without a journal collect
// what the programs of a session print.
func isSessionLog(info os.FileInfo) bool {
	home, err := os.UserHomeDir()
	if err != nil {
		return false
	}
	log, err := os.Stat(filepath.Join(home, ".xsession-errors"))
	return err == nil && os.SameFile(log, info)
}
