package report

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

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
}

// NewPrompter reads answers from in. What is said passes through scrub.
func NewPrompter(in io.Reader, errs io.Writer, scrub func(string) string) *Prompter {
	return &Prompter{in: in, lines: bufio.NewReaderSize(io.LimitReader(in, 16*maxAnswer), 4096), errs: errs, scrub: scrub}
}

// Possible reports whether there is a user to ask.
func (t *Prompter) Possible() bool {
	f, ok := t.in.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && IsTerminal(t.errs)
}

// Say writes one line.
func (t *Prompter) Say(line string) { fmt.Fprintln(t.errs, printable(t.scrub(line))) }

// Wait redraws the line that says what is waited for; an empty one clears it.
// Nothing else may be said meanwhile.
func (t *Prompter) Wait(line string) {
	if line = printable(t.scrub(line)); line != t.waiting {
		t.waiting = line
		fmt.Fprint(t.errs, "\r\x1b[K"+shorten(line, terminalWidth(t.errs)-1))
	}
}

// Page writes an address alone on its line, whole.
func (t *Prompter) Page(url string) { fmt.Fprintln(t.errs, url) }

// Ask returns the next line that is not empty, without its end. The prompt is
// shown on a terminal only.
func (t *Prompter) Ask(ctx context.Context, prompt string) (string, error) {
	if t.Possible() {
		fmt.Fprint(t.errs, prompt)
	}
	return readWithContext(ctx, t.line)
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
	return readWithContext(ctx, t.line)
}

// AskFor asks for the value of a variable.
func (t *Prompter) AskFor(ctx context.Context, name string, secret bool) (string, error) {
	if secret {
		return t.AskHidden(ctx, name+" (not shown): ")
	}
	return t.Ask(ctx, name+": ")
}

// Confirm asks a question whose usual answer is no.
func (t *Prompter) Confirm(ctx context.Context, question string) (bool, error) {
	text, err := t.Ask(ctx, question+" [y/N] ")
	text = strings.ToLower(strings.TrimSpace(text))
	return text == "y" || text == "yes", err
}

// readWithContext waits for the answer until the context ends. The read then
// goes on until the process ends, since it cannot be interrupted.
func readWithContext(ctx context.Context, read func() (string, error)) (string, error) {
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	type answer struct {
		text string
		err  error
	}
	got := make(chan answer, 1)
	go func() {
		text, err := read()
		got <- answer{text, err}
	}()
	select {
	case a := <-got:
		return a.text, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
