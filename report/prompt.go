package report

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"upstox-doctor/checks/redact"

	"golang.org/x/term"
)

// maxAnswer is the longest answer in bytes.
const maxAnswer = 64 << 10

// A Prompter is the dialogue with the user: it writes to standard error, so
// that standard output has only the report, and reads answers line by line.
type Prompter struct {
	Blank bool // an empty line is an answer too, as it always is on a terminal

	in    io.Reader
	lines *bufio.Reader
	errs  io.Writer
	scrub func(string) string

	waiting string // the line that Wait shows

	mu     sync.Mutex
	prompt string      // that stands on the screen, or ""
	coming chan answer // the line that is being read, for this question or the next
}

type answer struct {
	text string
	err  error
}

// clearLine is what takes back the line of the cursor.
const clearLine = "\r\x1b[K"

// NewPrompter reads answers from in. What is said passes through scrub.
func NewPrompter(in io.Reader, errs io.Writer, scrub func(string) string) *Prompter {
	return &Prompter{in: in, lines: bufio.NewReaderSize(io.LimitReader(in, 16*maxAnswer), 4096), errs: errs, scrub: scrub}
}

// Possible reports whether there is a user to ask.
func (t *Prompter) Possible() bool {
	f, ok := t.in.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && IsTerminal(t.errs)
}

// Say writes one line, above the prompt if there is one. A terminal gets it
// broken at words.
func (t *Prompter) Say(line string) {
	t.write(strings.Join(t.wrapped(printable(t.scrub(line))), "\n"))
}

// wrapped are the lines of a text as a terminal shows it; elsewhere it is one.
func (t *Prompter) wrapped(text string) []string {
	if !IsTerminal(t.errs) {
		return []string{text}
	}
	if lines := wrap(text, min(terminalWidth(t.errs), maxProseWidth)); len(lines) > 0 {
		return lines
	}
	return []string{""}
}

func (t *Prompter) write(lines string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.prompt != "" {
		lines = clearLine + lines
	}
	fmt.Fprint(t.errs, lines+"\n"+t.prompt)
}

// Wait redraws the line that says what is waited for; an empty one clears it.
// Nothing else may be said meanwhile.
func (t *Prompter) Wait(line string) {
	if line = printable(t.scrub(line)); line != t.waiting {
		t.waiting = line
		fmt.Fprint(t.errs, clearLine+shorten(line, terminalWidth(t.errs)-1))
	}
}

// Page writes an address or a command alone on its line, whole.
func (t *Prompter) Page(line string) { t.write(redact.Printable(line, 0)) }

// Ask returns the next line that is not empty, without its end. The prompt is
// shown on a terminal only, and leaves it if the context ends.
func (t *Prompter) Ask(ctx context.Context, prompt string) (string, error) {
	if ctx.Err() == nil && t.Possible() {
		lines := t.wrapped(prompt)
		last := len(lines) - 1
		for _, line := range lines[:last] {
			t.write(line)
		}
		prompt = lines[last] + " "
		t.mu.Lock()
		t.prompt = prompt
		fmt.Fprint(t.errs, prompt)
		t.mu.Unlock()
	}
	text, err := t.next(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.prompt != "" && ctx.Err() != nil {
		fmt.Fprint(t.errs, clearLine)
	}
	t.prompt = ""
	return text, err
}

func (t *Prompter) line() (string, error) {
	var b strings.Builder
	for {
		piece, err := t.lines.ReadSlice('\n')
		if b.Write(piece); b.Len() > maxAnswer {
			return "", errors.New("read the answer: it is too long")
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if text := strings.TrimRight(b.String(), "\r\n"); text != "" || err != nil {
			return text, err
		}
		b.Reset()
		if t.Blank || t.Possible() {
			return "", nil
		}
	}
}

// AskHidden is Ask without echo. The echo is off before the prompt is printed,
// and restored on return or when the context ends.
func (t *Prompter) AskHidden(ctx context.Context, prompt string) (string, error) {
	f, ok := t.in.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return t.Ask(ctx, prompt)
	}
	restore, err := echoOff(int(f.Fd()))
	if err != nil {
		return "", fmt.Errorf("hide what is typed: %w", err)
	}
	defer restore()
	fmt.Fprint(t.errs, prompt)
	defer fmt.Fprintln(t.errs)
	return t.next(ctx)
}

// AskFor asks for the value of a variable.
func (t *Prompter) AskFor(ctx context.Context, name string, secret bool) (string, error) {
	if secret {
		return t.AskHidden(ctx, name+" (not shown): ")
	}
	return t.Ask(ctx, name+": ")
}

// Confirm asks a question whose usual answer is no. At a terminal what is neither
// yes nor no is asked again; elsewhere it is an error.
func (t *Prompter) Confirm(ctx context.Context, question string) (bool, error) {
	for {
		text, err := t.Ask(ctx, question+" [y/N] ")
		switch strings.ToLower(strings.TrimSpace(text)) {
		case "y", "yes":
			return true, err
		case "", "n", "no":
			return false, err
		}
		if err != nil || !t.Possible() {
			return false, cmp.Or(err, errNeither)
		}
		t.Say("Answer y or n.")
	}
}

// errNeither is the answer of a script to a question of yes or no.
var errNeither = errors.New("the answer is neither yes nor no")

// next waits for a line until the context ends. A read cannot be interrupted: it
// goes on, and what it brings answers the next question.
func (t *Prompter) next(ctx context.Context) (string, error) {
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	t.mu.Lock()
	coming := t.coming
	if coming == nil {
		coming = make(chan answer, 1)
		t.coming = coming
		go func() {
			text, err := t.line()
			coming <- answer{text, err}
		}()
	}
	t.mu.Unlock()
	select {
	case a := <-coming:
		t.mu.Lock()
		t.coming = nil
		t.mu.Unlock()
		return a.text, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
