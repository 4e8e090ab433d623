package redact

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf8"
)

// unescaped returns the view with one layer of escapes undone: those of URLs,
// of HTML, and of string literals in JSON, Go, Python and JavaScript; and without
// tags and without the sequences that a terminal obeys, which are taken out where
// a page or a text is shown. It reports whether there was one.
func (v view) unescaped() (view, bool) {
	out := builder{of: v}
	done := 0 // up to here the text is taken over
	for i := 0; i < len(v.text); {
		if !escaping[v.text[i]] {
			i++
			continue
		}
		plain, size := unescape(v.text[i:])
		if size == 0 {
			i++
			continue
		}
		out.copy(done, i)
		out.add(plain, i, i+size)
		i += size
		done = i
	}
	if done == 0 {
		return v, false
	}
	out.copy(done, len(v.text))
	return out.view(), true
}

// escaping has the bytes with which an escape can begin; the last is the first
// of two of the controls beyond ASCII.
var escaping = [256]bool{'%': true, '\\': true, '&': true, '<': true, '\x1b': true, 0xc2: true}

// unescape returns what the escape at the start of text stands for and its
// length, or zero if there is none.
func unescape(text string) (string, int) {
	switch text[0] {
	case '%':
		if strings.HasPrefix(text, "%u") {
			return number(text, 2, 4, 16)
		}
		return number(text, 1, 2, 16)
	case '&':
		return entity(text)
	case '\\':
		return literal(text)
	case '<':
		return "", tag(text)
	}
	if r, _ := utf8.DecodeRuneInString(text); r != '\x1b' && (r < '\u0080' || r > '\u009f') {
		return "", 0
	}
	return "", escape(text)
}

// number reads an escape of so many digits behind a prefix: of two or three a
// byte, of more a character.
func number(text string, prefix, digits, base int) (string, int) {
	end := prefix + digits
	if len(text) < end {
		return "", 0
	}
	n, err := strconv.ParseUint(text[prefix:end], base, 31)
	switch {
	case err != nil:
		return "", 0
	case digits < 4:
		return string([]byte{byte(n)}), end
	}
	return string(rune(n)), end
}

// inBraces reads the number of a character in braces, as in \u{41}.
func inBraces(text string) (string, int) {
	end := strings.IndexByte(text[:min(len(text), maxBraces)], '}')
	if end < 0 {
		return "", 0
	}
	n, err := strconv.ParseUint(text[3:end], 16, 31)
	if err != nil {
		return "", 0
	}
	return string(rune(n)), end + 1
}

const (
	maxBraces = len(`\u{0010ffff}`)
	maxEntity = 12 // the length of the longest name of a character that is tried
	maxTag    = 80 // the length of the longest tag that is tried
)

// tag returns the length of the tag of HTML at the start of text.
func tag(text string) int {
	end := strings.IndexByte(text[:min(len(text), maxTag)], '>')
	if end < 2 || !strings.ContainsRune("/!", rune(text[1])) && (text[1]|0x20 < 'a' || 'z' < text[1]|0x20) {
		return 0
	}
	return end + 1
}

// entity reads a character reference of HTML: a number with any zeros before it,
// as browsers do without the semicolon too, or a name.
func entity(text string) (string, int) {
	end := strings.IndexByte(text[:min(len(text), maxEntity)], ';') + 1
	if strings.HasPrefix(text, "&#") {
		digits, from := "0123456789", 2
		if len(text) > 2 && text[2]|0x20 == 'x' {
			digits, from = "0123456789abcdefABCDEF", 3
		}
		end = from + len(text[from:]) - len(strings.TrimLeft(text[from:], digits))
		if strings.HasPrefix(text[end:], ";") {
			end++
		}
	}
	if plain := html.UnescapeString(text[:end]); plain != text[:end] {
		return plain, end
	}
	return "", 0
}

func literal(text string) (string, int) {
	if len(text) < 2 {
		return "", 0
	}
	if len(text) > 2 && text[2] == '{' && (text[1] == 'u' || text[1] == 'x') {
		return inBraces(text)
	}
	switch text[1] {
	case 'e':
		return "\x1b", 2
	case 'x':
		return number(text, 2, 2, 16)
	case 'u':
		return number(text, 2, 4, 16)
	case 'U':
		return number(text, 2, 8, 16)
	case '0', '1', '2', '3':
		return number(text, 1, 3, 8)
	case 'a', 'b', 'f', 'n', 'r', 't', 'v':
		return "\x00", 2 // a control character, whichever
	case '/', '"', '\'', '\\':
		return text[1:2], 2
	}
	return "", 0
}
