//go:build !windows

package command

import (
	"os"
	"strconv"

	"upstox-doctor/checks/catalog"
)

// parentShell is the shell that started this program where the system has /proc,
// else "".
func parentShell() catalog.Shell {
	name, _ := os.ReadFile("/proc/" + strconv.Itoa(os.Getppid()) + "/comm")
	if shell := shellNamed(string(name[:max(0, len(name)-1)])); shell == catalog.PowerShell {
		return shell
	}
	return ""
}
