package report

import (
	"strings"
	"unicode"

	"upstox-doctor/checks/redact"
)

// A cleaner makes text from outside fit to be shown. Without a function of its
// own it takes out what has the shape of a secret.
type cleaner struct{ scrub func(string) string }

// text returns s in one line of at most the given number of characters,
// without secrets and without anything that a terminal would obey. It scrubs
// twice, because a secret may come apart by control characters and be whole
// again without them.
func (c cleaner) text(s string, limit int) string {
	return redact.Printable(c.secrets(printable(c.secrets(s))), limit)
}

func (c cleaner) secrets(s string) string {
	if c.scrub == nil {
		return (*redact.Set)(nil).String(s)
	}
	return c.scrub(s)
}

// printable returns s in one line of words with single spaces between them.
// Variation selectors go, since they make an emoji wider than it is counted.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Variation_Selector, r) {
			return -1
		}
		return r
	}, redact.Line(s, 0))
}
