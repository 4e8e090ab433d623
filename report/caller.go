package report

import (
	"cmp"
	"slices"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/lazyregexp"
)

// A Caller is how the program was started, so that printed commands run as they
// are. The zero value is an installed upstox-doctor in the usual shell of the
// system.
type Caller struct {
	Program string        // as it was typed: upstox-doctor, ./upstox-doctor, go run .
	Shell   catalog.Shell // that it was typed into
	Flags   []string      // that choose the world, scenario and files: names and values in turn
}

// shell is the caller's, or the usual one of the system.
func (c Caller) shell(goos string) catalog.Shell {
	usual := catalog.POSIX
	if goos == "windows" {
		usual = catalog.PowerShell
	}
	return cmp.Or(c.Shell, usual)
}

// doctorCall is a call of the program in a command line, with its subcommand.
var doctorCall = lazyregexp.New(`(^|[;&|] *)upstox-doctor( [a-z]+)?( |$)`)

// withWorld are the subcommands that take such flags; the empty one is the run.
var withWorld = []string{"", " init", " login", " token", " watch", " serve", " bundle"}

// program is the first word of a call, or its first words.
func (c Caller) program(rules catalog.Shell) string {
	name := cmp.Or(c.Program, "upstox-doctor")
	switch {
	case name == "go run .", !strings.ContainsAny(name, " '\"$`()"):
		return name
	case rules == catalog.PowerShell:
		return "& " + shellWord(name, rules) // a quoted word alone is a text
	}
	return shellWord(name, rules)
}

// command is a line that the caller can paste: with the program as it was
// called, in the same world, and from cmd.exe through PowerShell if it is written
// by the rules of that.
func (c Caller) command(line string, rules catalog.Shell) string {
	line = doctorCall.ReplaceAllStringFunc(line, func(call string) string {
		m := doctorCall.FindStringSubmatch(call)
		out := m[1] + c.program(rules) + m[2]
		if slices.Contains(withWorld, m[2]) {
			for i := 0; i+1 < len(c.Flags); i += 2 {
				if !strings.Contains(line, c.Flags[i]+" ") { // the step names another
					out += " " + c.Flags[i] + " " + shellWord(c.Flags[i+1], rules)
				}
			}
		}
		return out + m[3]
	})
	if c.Shell == catalog.Cmd && rules == catalog.PowerShell {
		return `powershell -NoProfile -Command "` + strings.ReplaceAll(line, `"`, `\"`) + `"`
	}
	return line
}
