//go:build unix

package live

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// onSignal calls draw after each change of the terminal's size. At Ctrl-Z it
// calls rest before the process stops, and draw once it goes on, which is not
// when the signal that stops it has been sent. End ends all that, and may be
// called again.
func onSignal(draw, rest func()) (end func()) {
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGWINCH, syscall.SIGTSTP, syscall.SIGCONT)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for s := range told {
			if s == syscall.SIGTSTP {
				rest()
				syscall.Kill(syscall.Getpid(), syscall.SIGSTOP)
				continue
			}
			draw()
		}
	}()
	return sync.OnceFunc(func() {
		signal.Stop(told)
		close(told)
		<-ended
	})
}
