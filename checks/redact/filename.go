package redact

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The longest name of a file that is shown whole, and how much of the ends of a
// longer one is shown, in bytes.
const (
	maxFileName  = 200
	fileNameEnds = 60
)

// FileName is the name of a file as it is shown in a sentence: one that is empty,
// or has what does not stand visibly on a line, in quotes with escapes for that,
// so that two names are never shown as the same one. Of a long one the middle is
// left out.
func FileName(name string) string {
	shown := name
	if strings.TrimSpace(name) != name || name == "" || !IsVisible(name) {
		shown = strconv.Quote(name)
	}
	if len(shown) <= maxFileName {
		return shown
	}
	return strings.ToValidUTF8(shown[:fileNameEnds], "") + "…" + strings.ToValidUTF8(shown[len(shown)-fileNameEnds:], "")
}

// IsVisible reports whether a text can be shown as it is, and pasted.
func IsVisible(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}
