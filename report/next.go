package report

import (
	"io"

	"upstox-doctor/checks/catalog"
)

// WriteNext writes what to run next, each command with what it is for. Of m it
// uses OS and Caller.
func WriteNext(w io.Writer, steps []catalog.Step, m Meta, o Options) error {
	b, p := newBuilder(m), newPage(o)
	p.blank()
	p.line(p.paint(bold, "Next:"))
	for _, s := range steps {
		line, rules := s.Command(b.goos, b.caller.shell(b.goos))
		p.unwrapped(b.caller.command(line, rules))
		p.prose("      ", s.Do, "")
	}
	return p.send(w)
}

// Steps are steps that need nothing of what was found, with their commands as
// the program was called. Of m it uses OS and Caller.
func Steps(steps []catalog.Step, m Meta) []Step {
	return newBuilder(m).fix(&catalog.Entry{Steps: steps}, Check{}).Steps
}
