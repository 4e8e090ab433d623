// Package notify tells the user of a machine how something ended, while nobody
// looks at a terminal: by a desktop notice, or by a command of the user.
package notify

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// Desktop is the way of a desktop notice, in place of a command.
const Desktop = "desktop"

// maxTime is how long a notice or command may take.
const maxTime = 30 * time.Second

// A Notice is what to tell.
type Notice struct {
	Title  string // one line
	Text   string
	Status string // pass, warn, fail or error
}

// environ is how the notice reaches a program without being quoted.
func (n Notice) environ() []string {
	return append(os.Environ(), "UPSTOX_NOTICE_TITLE="+n.Title, "UPSTOX_NOTICE_TEXT="+n.Text, "UPSTOX_NOTICE_STATUS="+n.Status)
}

// Send tells by the desktop, or by a command of the shell, which has the notice on
// standard input and in the variables UPSTOX_NOTICE_TITLE, _TEXT and _STATUS.
func Send(ctx context.Context, n Notice, way string) error {
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	if way != Desktop {
		if err := n.run(shell(ctx, way)); err != nil {
			return fmt.Errorf("the command of --notify: %w", err)
		}
		return nil
	}
	var errs []error
	for _, words := range n.desktop(runtime.GOOS) {
		cmd := exec.CommandContext(ctx, words[0], words[1:]...)
		err := n.run(cmd)
		if err == nil {
			return nil
		}
		errs = append(errs, fmt.Errorf("%s: %w", words[0], err))
	}
	return fmt.Errorf("show a desktop notice: %w", errors.Join(errs...))
}

// run starts the program with the notice, and ends with it.
func (n Notice) run(cmd *exec.Cmd) error {
	cmd.Env = append(n.environ(), sessionBus()...)
	cmd.Stdin = strings.NewReader(n.Title + "\n" + n.Text + "\n")
	cmd.WaitDelay = time.Second
	return cmd.Run()
}
