package command

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/files"
	"upstox-doctor/checks/redact"
	"upstox-doctor/report"
)

// maxLog is how much of a log Explain reads, in bytes.
const maxLog = 256 << 20

// Explain names the diagnoses behind the words, the tape or log of that name,
// or behind standard input if there are no words or only "-".
func (a App) Explain(s OutputOptions, words string) error {
	if err := s.parse(); err != nil {
		return err
	}
	words = strings.TrimSpace(words)
	if isTape(words) {
		return a.explainTape(s, words)
	}
	text, err := a.textOf(words)
	if err != nil {
		return err
	}
	matches := catalog.Explain(text)
	switch {
	case len(matches) > 0:
		x := report.Explain(matches, a.reportMeta(new(redact.Set).String, WorldOptions{}))
		x.Typed = text == words
		return a.write(s, x)
	case text == words && namesFile(words):
		return UsageError("read %s: there is no such file here", words)
	case text == words && nearCode(words) != nil:
		return nearCode(words)
	}
	return ExitError{ExitUnknown, fmt.Errorf("nothing in this text is known; to find out by checks: %s", report.Call("upstox-doctor", a.reportMeta(nil, WorldOptions{})))}
}

// textOf returns the words, or what the file of that name or standard input
// holds.
func (a App) textOf(words string) (string, error) {
	if words == "" || words == "-" {
		a.invite()
		return whole(a.In, "standard input", 0)
	}
	info, err := os.Stat(words)
	switch {
	case err != nil:
		return words, nil
	case info.IsDir() && strings.ContainsAny(words, `/\.`):
		return "", UsageError("%s is a directory; explain takes a file of it, such as a log", words)
	case info.IsDir(): // a code or a word may be called so too
		return words, nil
	}
	file, err := files.Lazy(words) // a pipe such as bash's <(zcat log.gz) too
	if err != nil {
		return "", fault(fmt.Errorf("read %s: %w", words, err))
	}
	defer file.Close()
	return whole(file, words, info.Size())
}

// whole reads a text of about that size, as far as it counts.
func whole(r io.Reader, name string, size int64) (string, error) {
	var text strings.Builder
	text.Grow(int(min(size, maxLog)))
	if _, err := io.Copy(&text, io.LimitReader(r, maxLog)); err != nil {
		return "", fault(fmt.Errorf("read %s: %w", name, err))
	}
	return text.String(), nil
}

// invite says on a terminal what is waited for.
func (a App) invite() {
	if in, ok := a.In.(*os.File); !ok || !report.IsTerminal(in) {
		return
	}
	end := "Ctrl-D"
	if runtime.GOOS == "windows" {
		end = "Ctrl-Z and Enter"
	}
	fmt.Fprintf(a.Errs, "Paste the error or the log here, then press Enter and %s.\n", end)
}

// namesFile reports whether the words look like the name of a file, and not
// like an error.
func namesFile(words string) bool {
	switch strings.ToLower(filepath.Ext(words)) {
	case ".log", ".txt", ".out", ".err", ".tape", ".json", ".jsonl", ".gz":
		return !strings.ContainsAny(words, "\n:")
	}
	return false
}
