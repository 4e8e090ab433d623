package catalog

import "strings"

// A Shell is what a command is pasted into.
type Shell string

const (
	POSIX      Shell = "sh"
	PowerShell Shell = "powershell"
	Cmd        Shell = "cmd" // Windows' command prompt
)

// Command returns the command for the operating system, named as in
// runtime.GOOS, and the shell; and the shell whose rules it is written by, which
// is PowerShell for most of what runs from cmd.exe.
func (s Step) Command(goos string, shell Shell) (line string, rules Shell) {
	switch {
	case shell == Cmd && s.Cmd != "":
		return s.Cmd, Cmd
	case shell != POSIX && s.Windows != "":
		return s.Windows, PowerShell
	case shell == Cmd:
		return strings.ReplaceAll(s.Run, "'", `"`), Cmd
	case goos == "darwin" && s.Mac != "":
		return s.Mac, shell
	}
	return s.Run, shell
}
