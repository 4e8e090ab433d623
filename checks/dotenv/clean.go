package dotenv

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean returns the value as its owner meant it, and in words what had to be
// taken off: white space, quotes and a Bearer prefix around it; control
// characters, invisible characters, non-breaking spaces and stray bytes
// anywhere. Positions count characters of the value from 1. Faults never
// quote the value. A clean value has no faults and comes back as it is.
func Clean(value string) (clean string, faults []string) {
	c := cleaner{text: value}
	c.trimLayers()
	c.removeInvisible()
	c.trimLayers() // what stood behind an invisible character
	return c.text, c.faults
}

type cleaner struct {
	text   string
	taken  int // characters taken off the start
	faults []string
}

func (c *cleaner) fault(words string) {
	if !slices.Contains(c.faults, words) {
		c.faults = append(c.faults, words)
	}
}

// trimLayers takes off layer after layer from both ends. A quote counts as
// lonely only when nothing else is left to take off.
func (c *cleaner) trimLayers() {
	for c.trim() || c.unquote() || c.trimBearer() || c.unquoteHalf() {
	}
}

func (c *cleaner) trim() bool {
	before := len(c.text)
	for c.text != "" {
		r, size := utf8.DecodeRuneInString(c.text)
		kind := faultText(r, size)
		if kind == "" {
			break
		}
		c.fault("leading " + kind)
		c.text, c.taken = c.text[size:], c.taken+1
	}
	for c.text != "" {
		r, size := utf8.DecodeLastRuneInString(c.text)
		kind := faultText(r, size)
		if kind == "" {
			break
		}
		c.fault("trailing " + kind)
		c.text = c.text[:len(c.text)-size]
	}
	return len(c.text) < before
}

// quotes lists what people and word processors put around a value.
var quotes = []struct {
	open, shut rune
	name       string
}{
	{'"', '"', "double"}, {'\'', '\'', "single"}, {'`', '`', "back"},
	{'“', '”', "curly double"}, {'‘', '’', "curly single"},
}

func (c *cleaner) unquote() bool {
	first, n := utf8.DecodeRuneInString(c.text)
	last, m := utf8.DecodeLastRuneInString(c.text)
	for _, q := range quotes {
		if first == q.open && last == q.shut && len(c.text) >= n+m {
			c.fault("surrounding " + q.name + " quotes")
			c.text, c.taken = c.text[n:len(c.text)-m], c.taken+1
			return true
		}
	}
	return false
}

func (c *cleaner) unquoteHalf() bool {
	first, n := utf8.DecodeRuneInString(c.text)
	last, m := utf8.DecodeLastRuneInString(c.text)
	for _, q := range quotes {
		switch {
		case first == q.open || first == q.shut:
			c.fault(q.name + " quote only at the start")
			c.text, c.taken = c.text[n:], c.taken+1
			return true
		case last == q.open || last == q.shut:
			c.fault(q.name + " quote only at the end")
			c.text = c.text[:len(c.text)-m]
			return true
		}
	}
	return false
}

// trimBearer takes off the word of an Authorization header, also if nothing
// follows it.
func (c *cleaner) trimBearer() bool {
	const word = "bearer"
	if len(c.text) < len(word) || !strings.EqualFold(c.text[:len(word)], word) {
		return false
	}
	rest := strings.TrimLeftFunc(c.text[len(word):], func(r rune) bool { return faultText(r, utf8.RuneLen(r)) != "" })
	if rest != "" && len(rest) == len(c.text)-len(word) {
		return false
	}
	words := "Bearer prefix"
	if slices.Contains(c.faults, words) {
		words = "second Bearer prefix"
	}
	c.fault(words)
	c.taken += utf8.RuneCountInString(c.text[:len(c.text)-len(rest)])
	c.text = rest
	return true
}

// removeInvisible removes what cannot be seen from inside the value. Plain
// spaces stay: whether they belong there is for others to say.
func (c *cleaner) removeInvisible() {
	var b strings.Builder
	var seen []string
	at := c.taken
	for i := 0; i < len(c.text); {
		r, size := utf8.DecodeRuneInString(c.text[i:])
		at++
		switch kind := faultText(r, size); {
		case kind == "" || r == ' ':
			b.WriteString(c.text[i : i+size])
		case !slices.Contains(seen, kind):
			seen = append(seen, kind)
			c.fault(fmt.Sprintf("%s at character %d", kind, at))
		}
		i += size
	}
	c.text = b.String()
}

// faultText names a character that has no place at the end of a value, or
// returns "".
func faultText(r rune, size int) string {
	switch r {
	case utf8.RuneError:
		if size <= 1 {
			return "byte that is not UTF-8"
		}
		return ""
	case ' ':
		return "space"
	case '\n':
		return "newline"
	case '\r':
		return "carriage return"
	case '\t':
		return "tab"
	case '\ufeff':
		return "byte order mark"
	case '\u200b':
		return "zero-width space"
	case '\u200c', '\u200d', '\u2060':
		return "zero-width character"
	case '\u00a0', '\u2007', '\u202f':
		return "non-breaking space"
	}
	switch {
	case unicode.IsControl(r):
		return "control character"
	case unicode.Is(unicode.Cf, r):
		return "invisible character"
	case unicode.IsSpace(r):
		return "unusual space"
	}
	return ""
}
