package report

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

func same(s string) string { return s }

func TestPrompterReadsLines(t *testing.T) {
	t.Parallel()
	var errs bytes.Buffer
	prompter := NewPrompter(strings.NewReader("\n\r\none\r\ntwo\nlast"), &errs, same)
	for _, want := range []string{"one", "two"} {
		if got, err := prompter.Ask(t.Context(), "Address: "); got != want || err != nil {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	}
	if got, err := prompter.AskFor(t.Context(), "UPSTOX_API_SECRET", true); got != "last" || !errors.Is(err, io.EOF) {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := prompter.Ask(t.Context(), "More: "); got != "" || !errors.Is(err, io.EOF) {
		t.Errorf("got %q, %v", got, err)
	}
	if prompter.Possible() || errs.Len() != 0 {
		t.Errorf("prompts without a terminal: %q", errs.String())
	}
}

func TestPrompterBoundsAnAnswer(t *testing.T) {
	t.Parallel()
	for _, n := range []int{maxAnswer + 1, 100 * maxAnswer} {
		prompter := NewPrompter(strings.NewReader(strings.Repeat("x", n)), io.Discard, same)
		if got, err := prompter.Ask(t.Context(), ""); err == nil || got != "" {
			t.Errorf("takes %d bytes of %d, %v", len(got), n, err)
		}
	}
}

func TestPrompterConfirm(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"y\n": true, "YES\n": true, " y \n": true, "n\n": false, "No\n": false, "": false} {
		if got, _ := NewPrompter(strings.NewReader(text), io.Discard, same).Confirm(t.Context(), "Save?"); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
	if yes, err := NewPrompter(strings.NewReader("maybe\n"), io.Discard, same).Confirm(t.Context(), "Save?"); yes || !errors.Is(err, errNeither) {
		t.Errorf("maybe is taken as %t, %v", yes, err)
	}
}

func TestPrompterSays(t *testing.T) {
	t.Parallel()
	var errs bytes.Buffer
	prompter := NewPrompter(strings.NewReader(""), &errs, func(s string) string { return strings.ReplaceAll(s, "hunter2", "[redacted]") })
	prompter.Say("a\x1b[31m word of hunter2\nand more")
	prompter.Page("http://h/?state=hunter2")
	if got := errs.String(); strings.Contains(got, "\x1b") || strings.Count(got, "\n") != 2 || strings.Contains(strings.Split(got, "\n")[0], "hunter2") || !strings.HasSuffix(got, "\nhttp://h/?state=hunter2\n") {
		t.Errorf("says %q", got)
	}
}

// TestPrompterRedrawsOneLine never breaks it, however long it is, and writes
// only what has changed.
func TestPrompterRedrawsOneLine(t *testing.T) {
	t.Parallel()
	var errs bytes.Buffer
	prompter := NewPrompter(strings.NewReader(""), &errs, func(s string) string { return strings.ReplaceAll(s, "hunter2", "[redacted]") })
	for _, line := range []string{"0:02 left", "0:02 left", "0:01 left, hunter2\n\x1b[31m", strings.Repeat("long ", 40), ""} {
		prompter.Wait(line)
	}
	parts := strings.Split(errs.String(), "\r\x1b[K")
	if len(parts) != 5 || parts[0] != "" || parts[1] != "0:02 left" || parts[2] != "0:01 left, [redacted]" || parts[4] != "" {
		t.Fatalf("draws %q", parts)
	}
	if n := len([]rune(parts[3])); n != defaultWidth-1 || !strings.HasSuffix(parts[3], "…") {
		t.Errorf("draws %d characters: %q", n, parts[3])
	}
}

// A silentReader is an input from which nothing comes until it is closed; it
// calls onRead at each read.
type silentReader struct {
	io.Reader
	onRead func()
}

func (s silentReader) Read(b []byte) (int, error) {
	s.onRead()
	return s.Reader.Read(b)
}

func TestPrompterEndsWithTheContext(t *testing.T) {
	t.Parallel()
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, when := range []string{"while it waits", "before it asks"} {
		if got, err := NewPrompter(silentReader{r, cancel}, io.Discard, same).Ask(ctx, ""); got != "" || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %q, %v", when, got, err)
		}
	}
}
