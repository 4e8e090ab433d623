package redact

import (
	"html"
	"strconv"
	"strings"
)

// unescaped returns the view with one layer of escapes undone: those of URLs,
// of HTML, and of string literals in JSON, Go, Python and JavaScript. It reports
// whether there was one.
func (v view) unescaped() (view, bool) {
	out := builder{of: v}
	done := 0 // up to here the text is taken over
	for i := 0; i < len(v.text); {
		skip := strings.IndexAny(v.text[i:], `%\&`)
		if skip < 0 {
			break
		}
		i += skip
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

// unescape returns what the escape at the start of text stands for and its
// length, or zero if there is none.
func unescape(text string) (string, int) {
	switch text[0] {
	case '%':
		return number(text, 1, 2, 16)
	case '&':
		return entity(text)
	}
	return literal(text)
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

// maxEntity is the length of the longest character reference that is tried.
const maxEntity = 12

func entity(text string) (string, int) {
	end := strings.IndexByte(text[:min(len(text), maxEntity)], ';') + 1
	if plain := html.UnescapeString(text[:end]); plain != text[:end] {
		return plain, end
	}
	return "", 0
}

func literal(text string) (string, int) {
	if len(text) < 2 {
		return "", 0
	}
	switch text[1] {
	case 'x':
		return number(text, 2, 2, 16)
	case 'u':
		return number(text, 2, 4, 16)
	case 'U':
		return number(text, 2, 8, 16)
	case '0', '1', '2', '3':
		return number(text, 1, 3, 8)
	case 'a', 'b', 'e', 'f', 'n', 'r', 't', 'v':
		return "\x00", 2 // a control character, whichever
	case '/', '"', '\'', '\\':
		return text[1:2], 2
	}
	return "", 0
}
