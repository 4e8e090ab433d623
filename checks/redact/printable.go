package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Printable makes text from outside fit for one line of a terminal: escape
// sequences, control characters and characters that turn the direction of
// writing are taken out, line ends and tabs become a space, and what is not
// UTF-8 becomes U+FFFD. At most limit characters remain, the last of them an
// ellipsis if there were more; zero means no limit.
func Printable(text string, limit int) string {
	var b strings.Builder
	n := 0    // characters written
	last := 0 // where the last of them begins
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\x1b' || '\u0080' <= r && r <= '\u009f' && r != '\u0085':
			i += escape(text[i:])
			continue
		case r == '\r' && strings.HasPrefix(text[i+1:], "\n"):
			i++
			continue
		}
		i += size
		if r = onLine(r); r < 0 {
			continue
		}
		if limit > 0 && n == limit {
			return b.String()[:last] + "…"
		}
		last = b.Len()
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// Line is Printable with its words separated by single spaces.
func Line(text string, limit int) string {
	return Printable(strings.Join(strings.Fields(Printable(text, 0)), " "), limit)
}

// onLine returns the replacement of a character on a line, or -1 for none.
func onLine(r rune) rune {
	switch {
	case r == '\n', r == '\r', r == '\t', r == '\v', r == '\f', r == '\u0085', r == '\u2028', r == '\u2029':
		return ' '
	case unicode.IsControl(r):
		return -1
	case r == '\u200c', r == '\u200d':
		return r // several Indian scripts are written with the joiners
	case unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

// escape returns the length of the control sequence at the start of text
// (ECMA-48): an introducer alone, with one more character, or with all that
// belongs to it. The text behind a string that is never ended stays.
func escape(text string) int {
	r, size := utf8.DecodeRuneInString(text)
	if r == '\x1b' {
		if size == len(text) || text[size] < 0x20 || text[size] > 0x7e {
			return size
		}
		// ESC and @ to _ are the same as one character of the C1 set.
		r = rune(text[size])
		if size++; r < '@' || r > '_' {
			return size + intermediates(text[size-1:])
		}
		r += 0x40
	}
	switch r {
	case '\u009b': // CSI: parameters, intermediates, one final
		end := size
		for end < len(text) && 0x20 <= text[end] && text[end] <= 0x3f {
			end++
		}
		if end < len(text) && 0x40 <= text[end] && text[end] <= 0x7e {
			return end + 1
		}
		return end
	case '\u0090', '\u0098', '\u009d', '\u009e', '\u009f': // DCS, SOS, OSC, PM, APC: a string
		end := size + strings.IndexFunc(text[size:], func(r rune) bool { return unicode.IsControl(r) })
		switch {
		case end < size:
		case text[end] == '\a':
			return end + 1
		case strings.HasPrefix(text[end:], "\x1b\\"), strings.HasPrefix(text[end:], "\u009c"):
			return end + 2
		}
	}
	return size
}

// intermediates counts what follows ESC and a character from space to slash,
// such as ( in the choice of a character set: more of them and one final.
func intermediates(text string) int {
	end := 0
	for end < len(text) && 0x20 <= text[end] && text[end] <= 0x2f {
		end++
	}
	if end > 0 && end < len(text) && 0x30 <= text[end] && text[end] <= 0x7e {
		return end
	}
	return max(end-1, 0)
}
