package report

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// terminal opens a terminal: what the user types into, and what the program
// reads from.
func terminal(t *testing.T) (user, program *os.File) {
	t.Helper()
	lacks := t.Skip
	if os.Getenv("CI") == "true" {
		lacks = t.Fatal
	}
	user, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		lacks("no terminal to be had:", err)
	}
	t.Cleanup(func() { user.Close() })
	n, err := unix.IoctlGetInt(int(user.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(user.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	if err != nil {
		lacks("no terminal to be had:", err)
	}
	t.Cleanup(func() { program.Close() })
	return user, program
}

func settings(t *testing.T, terminal *os.File) unix.Termios {
	t.Helper()
	state, err := unix.IoctlGetTermios(int(terminal.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return *state
}

// A prompter calls a function when something is written to it.
type prompter func(text string)

func (p prompter) Write(b []byte) (int, error) {
	p(string(b))
	return len(b), nil
}

// TestHiddenBeforeThePrompt types as fast as anybody can: at the moment at
// which the prompt is there.
func TestHiddenBeforeThePrompt(t *testing.T) {
	t.Parallel()
	user, program := terminal(t)
	before := settings(t, program)
	prompted := false
	prompter := NewPrompter(program, prompter(func(text string) {
		if text != "Secret: " {
			return
		}
		prompted = true
		now := settings(t, program)
		if now.Lflag&unix.ECHO != 0 || now.Lflag&unix.ISIG == 0 || now.Lflag&unix.ICANON == 0 {
			t.Errorf("at the prompt the terminal's modes are %#x", now.Lflag)
		}
		io.WriteString(user, "hunter2\r")
	}), same)
	if got, err := prompter.AskHidden(t.Context(), "Secret: "); got != "hunter2" || err != nil || !prompted {
		t.Errorf("got %q, %v", got, err)
	}
	if after := settings(t, program); after != before {
		t.Errorf("the terminal is left with %+v, was %+v", after, before)
	}
	program.WriteString("end\n")
	shown := make([]byte, 64)
	if n, err := user.Read(shown); string(shown[:n]) != "end\r\n" {
		t.Errorf("the screen shows %q, %v", shown[:n], err)
	}
}

// TestHiddenUntilTheContextEnds leaves a terminal that shows what is typed,
// also if the end has come before the question.
func TestHiddenUntilTheContextEnds(t *testing.T) {
	t.Parallel()
	_, program := terminal(t)
	before := settings(t, program)
	ctx, cancel := context.WithCancel(t.Context())
	prompter := NewPrompter(program, prompter(func(string) { cancel() }), same)
	for range 2 {
		if got, err := prompter.AskHidden(ctx, "Secret: "); got != "" || !errors.Is(err, context.Canceled) {
			t.Errorf("got %q, %v", got, err)
		}
		if after := settings(t, program); after != before {
			t.Errorf("the terminal is left with %+v, was %+v", after, before)
		}
	}
}

func TestEchoOffNeedsATerminal(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if _, err := echoOff(int(r.Fd())); err == nil {
		t.Error("a pipe is hushed")
	}
}
