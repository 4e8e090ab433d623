package notify

import (
	"context"
	"os/exec"
	"syscall"
)

// shell runs the command as if it were typed into cmd.exe, which takes off the
// first and the last quote after /s /c.
func shell(ctx context.Context, command string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "cmd.exe")
	cmd.SysProcAttr = &syscall.SysProcAttr{CmdLine: `cmd.exe /d /s /c "` + command + `"`}
	return cmd
}
