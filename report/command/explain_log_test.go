package command

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"upstox-doctor/checks/catalog"
)

// TestLogEnd explains the end of a log that is too long to be held, with the
// numbers that its lines have in the whole.
func TestLogEnd(t *testing.T) {
	t.Parallel()
	line := strings.Repeat("x", 1023) + "\n"
	const lines = 3*maxLog/1024/2 + 100
	whole := strings.Repeat(line, lines) + "dial tcp: lookup api.upstox.com: no such host\n"
	text, skipped, err := logEnd(strings.NewReader(whole))
	if err != nil || len(text) > maxLog || !strings.HasSuffix(whole, string(text)) || !bytes.HasPrefix(text, []byte("xx")) {
		t.Fatalf("%d bytes, %v", len(text), err)
	}
	m := catalog.Explain(string(text))
	if len(m) != 1 || m[0].Line+skipped != lines+1 {
		t.Errorf("%d skipped, %+v", skipped, m)
	}
	if text, skipped, err := logEnd(strings.NewReader(line)); string(text) != line || skipped != 0 || err != nil {
		t.Errorf("a short log: %d bytes, %d skipped, %v", len(text), skipped, err)
	}
	if text, _, err := logEnd(io.LimitReader(zeros{}, 2*maxLog)); len(text) != 0 || err != nil {
		t.Errorf("one line: %d bytes, %v", len(text), err)
	}
	if _, _, err := logEnd(io.MultiReader(strings.NewReader(whole), iotest.ErrReader(io.ErrClosedPipe))); err != io.ErrClosedPipe {
		t.Errorf("an unreadable log: %v", err)
	}
}

func TestLogEndInUTF16(t *testing.T) {
	t.Parallel()
	for name, bytesOf := range map[string]func(uint16) []byte{
		"little-endian": func(u uint16) []byte { return []byte{byte(u), byte(u >> 8)} },
		"big-endian":    func(u uint16) []byte { return []byte{byte(u >> 8), byte(u)} },
	} {
		encode := func(text string) (b []byte) {
			for _, u := range utf16.Encode([]rune(text)) {
				b = append(b, bytesOf(u)...)
			}
			return b
		}
		whole := encode("\ufeff")
		whole = append(whole, bytes.Repeat(encode(strings.Repeat("é", 100)+"\n"), maxLog/200)...)
		whole = append(whole, encode("dial tcp: lookup api.upstox.com: no such host\n")...)
		text, _, err := logEnd(bytes.NewReader(whole))
		if m := catalog.Explain(string(text)); err != nil || len(m) != 1 || m[0].Entry != catalog.DNSNotFound {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }
