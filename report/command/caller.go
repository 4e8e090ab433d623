package command

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/report"
)

// FindCaller tells how the program was started, from its zeroth argument and
// its surroundings.
func FindCaller(arg0 string) report.Caller {
	return report.Caller{Program: calledAs(arg0), Shell: parentShell()}
}

// calledAs is what starts this program again when it is typed in the same
// directory.
func calledAs(arg0 string) string {
	base := filepath.Base(arg0)
	switch {
	case strings.Contains(filepath.ToSlash(arg0), "/go-build"): // where go run puts it
		return "go run ."
	case base == arg0:
		if _, err := exec.LookPath(arg0); errors.Is(err, exec.ErrDot) { // cmd.exe looks there, PowerShell does not
			return "." + string(filepath.Separator) + base
		}
		return base
	}
	if found, err := exec.LookPath(strings.TrimSuffix(base, ".exe")); err == nil && sameFile(found, arg0) {
		return strings.TrimSuffix(base, ".exe")
	}
	if dir, err := os.Getwd(); err == nil && filepath.IsAbs(arg0) && filepath.Dir(arg0) == dir {
		return "." + string(filepath.Separator) + base
	}
	return arg0
}

func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// shellNamed is the shell that is a program of that name, or "" for what may be
// any.
func shellNamed(program string) catalog.Shell {
	switch strings.TrimSuffix(strings.ToLower(filepath.Base(program)), ".exe") {
	case "powershell", "pwsh":
		return catalog.PowerShell
	case "cmd":
		return catalog.Cmd
	case "bash", "sh", "zsh", "dash":
		return catalog.POSIX
	}
	return ""
}
