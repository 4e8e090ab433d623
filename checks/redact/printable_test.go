package redact

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPrintable(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		limit      int
		want       string
	}{
		{"nothing", "", 0, ""},
		{"ordinary", "NIFTY 50 ₹ 24,000 → up", 0, "NIFTY 50 ₹ 24,000 → up"},
		{"Hindi with joiners", "क\u094d\u200dष", 0, "क\u094d\u200dष"},
		{"line ends and tabs", "a\nb\r\nc\rd\te\vf\fg\u0085h\u2028i", 0, "a b c d e f g h i"},
		{"carriage return at the end", "a\r", 0, "a "},
		{"control characters", "a\x00b\x07c\x7fd\u0081e", 0, "abcde"},
		{"colour", "\x1b[1;31mred\x1b[0m", 0, "red"},
		{"clear the screen", "a\x1b[2J\x1b[Hb", 0, "ab"},
		{"private parameters", "\x1b[?25lx\x1b[>0c", 0, "x"},
		{"intermediate", "\x1b[1 qx", 0, "x"},
		{"one-character CSI", "\u009b31mred", 0, "red"},
		{"title ended by BEL", "\x1b]0;evil\ax", 0, "x"},
		{"title ended by ST", "\x1b]0;evil\x1b\\x", 0, "x"},
		{"title in C1 characters", "\u009d0;evil\u009cx", 0, "x"},
		{"link", "\x1b]8;;http://evil\x1b\\text\x1b]8;;\x1b\\", 0, "text"},
		{"device control", "\x1bPq#0\x1b\\x", 0, "x"},
		{"title without end", "\x1b]0;text", 0, "0;text"},
		{"title cut by another sequence", "\x1b]0;text\x1b[0mx", 0, "0;textx"},
		{"CSI cut", "a\x1b[31", 0, "a"},
		{"reset", "a\x1bcb", 0, "ab"},
		{"character set", "a\x1b(Bb", 0, "ab"},
		{"save the cursor", "a\x1b7b", 0, "ab"},
		{"escape alone", "a\x1b", 0, "a"},
		{"escape before a letter of ours", "\x1bé", 0, "é"},
		{"two escapes", "\x1b\x1b[31mx", 0, "x"},
		{"writing direction", "a\u202eb\u2066c\u200fd\u061ce", 0, "abcde"},
		{"invisible", "a\ufeffb\u200bc\u00add", 0, "abcd"},
		{"not UTF-8", "a\xffb\xc3", 0, "a\ufffdb\ufffd"},
		{"escape as a byte of Latin-1", "\x9b31m", 0, "\ufffd31m"},
		{"as long as the limit", "abc", 3, "abc"},
		{"longer", "abcd", 3, "ab…"},
		{"characters are counted, not bytes", "äöüß", 4, "äöüß"},
		{"what is taken out does not count", "ab\x1b[0mc\x00", 3, "abc"},
		{"limit of one", "ab", 1, "…"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := Printable(tc.text, tc.limit); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":             "",
		" a \n\t b ":   "a b",
		"12345678":     "12345678",
		"123456789":    "1234567…",
		"a\x00\u200bb": "ab",
		"a \x1b[31m b": "a b",
		"bad \xff":     "bad \ufffd",
		"नमस्ते सबको दुनिया!": string([]rune("नमस्ते सबको दुनिया!")[:7]) + "…",
	} {
		if got := Line(text, 8); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestPrintableIsLinear(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"\x1b]", "\x1b[", "\u009d", "\x1b]a", "\x1b ", "\x1b[1", "\x1b(("} {
		if got := Printable(strings.Repeat(part, 1<<20/len(part)), 100); utf8.RuneCountInString(got) > 100 {
			t.Errorf("%q repeated: %d bytes", part, len(got))
		}
	}
}
