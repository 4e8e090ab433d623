package redact

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A folding is a way to look at a text in which many spellings are one.
type folding struct {
	ascii *[utf8.RuneSelf]byte // what each becomes, or gone
	rune  func(rune) rune      // for all others; none if it goes
}

const (
	none rune = -1
	gone byte = 0xff
)

var (
	// lowered is the text in lower case without what cannot be seen.
	lowered = newFolding(func(r rune) rune {
		switch {
		case r == '+':
			return ' ' // which is + in a query
		case invisible(r):
			return none
		}
		return unicode.ToLower(r)
	})
	// letters has nothing but letters and digits, in lower case, and a zero
	// byte for a quote or bracket, so that no match goes from one value of a
	// document into the next.
	letters = newFolding(func(r rune) rune {
		switch r {
		case '"', '\'', '`', '{', '}', '[', ']', '<', '>':
			return 0
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) || invisible(r) {
			return none
		}
		return unicode.ToLower(r)
	})
)

func newFolding(f func(rune) rune) folding {
	t := new([utf8.RuneSelf]byte)
	for c := range t {
		t[c] = gone
		if r := f(rune(c)); r != none {
			t[c] = byte(r)
		}
	}
	return folding{t, func(r rune) rune {
		if unicode.In(r, unicode.Mn, unicode.Me) {
			return none
		}
		return f(letterform(r))
	}}
}

// letterform returns the ASCII character of which another one is a form: of full
// width, in bold, in a ring, raised, with an accent. All others are returned.
func letterform(r rune) rune {
	var b [utf8.UTFMax]byte
	if d := norm.NFKD.Properties(b[:utf8.EncodeRune(b[:], r)]).Decomposition(); len(d) > 0 && d[0] < utf8.RuneSelf {
		return rune(d[0])
	}
	return r
}

// invisible reports whether a character takes no place in print.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// folded returns the view in that folding. Bytes that are not UTF-8 go.
func (v view) folded(f folding) view {
	out := builder{of: v}
	for i := 0; i < len(v.text); {
		if c := v.text[i]; c < utf8.RuneSelf {
			if c = f.ascii[c]; c != gone {
				out.add(string(rune(c)), i, i+1)
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(v.text[i:])
		if r != utf8.RuneError || size > 1 {
			if r = f.rune(r); r != none {
				out.add(string(r), i, i+size)
			}
		}
		i += size
	}
	return out.view()
}

// apply returns a text in that folding.
func (f folding) apply(text string) string { return view{text: text}.folded(f).text }
