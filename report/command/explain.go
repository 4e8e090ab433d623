package command

import (
	"context"
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

// Explain names the diagnoses behind the words, the tape or log of that name,
// or behind standard input if there are no words or only "-".
func (a App) Explain(ctx context.Context, s OutputOptions, words string) error {
	if err := s.parse(); err != nil {
		return err
	}
	words = strings.TrimSpace(words)
	if isTape(words) {
		return a.explainTape(ctx, s, words)
	}
	text, skipped, err := a.textOf(words)
	if err != nil {
		return err
	}
	matches := catalog.Explain(text)
	if skipped > 0 {
		fmt.Fprintf(a.Errs, "upstox-doctor: the log is long; only its end is explained, from line %d on\n", skipped+1)
		for i := range matches {
			matches[i].Line += skipped
		}
	}
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
// holds, behind so many lines that were skipped.
func (a App) textOf(words string) (text string, skipped int, err error) {
	if words == "" || words == "-" {
		a.invite()
		return logOf(a.In, "standard input")
	}
	info, err := os.Stat(words)
	switch {
	case err != nil:
		return words, 0, nil
	case info.IsDir() && strings.ContainsAny(words, `/\.`):
		return "", 0, UsageError("%s is a directory; explain takes a file of it, such as a log", words)
	case info.IsDir(): // a code or a word may be called so too
		return words, 0, nil
	}
	file, err := files.Lazy(words) // a pipe such as bash's <(zcat log.gz) too
	if err != nil {
		return "", 0, fault(fmt.Errorf("read %s: %w", words, err))
	}
	defer file.Close()
	return logOf(file, words)
}

func logOf(r io.Reader, name string) (text string, skipped int, err error) {
	log, skipped, err := logEnd(r)
	if err != nil {
		return "", 0, fault(fmt.Errorf("read %s: %w", name, err))
	}
	return string(log), skipped, nil
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
