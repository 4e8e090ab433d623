package live

import (
	"encoding/binary"
	"unicode"
	"unicode/utf8"
)

const hex = "0123456789abcdef"

// appendText writes a JSON string. Control characters are escaped, so that a line
// can be shown on a terminal; what is not UTF-8 becomes U+FFFD.
func appendText(b, s []byte) []byte {
	b = append(b, '"')
	if plain(s) {
		return append(append(b, s...), '"')
	}
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c < 0x20 || c == 0x7f || c == '"' || c == '\\' {
				b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
			} else {
				b = append(b, c)
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(s[i:])
		i += size
		switch {
		case r < 0x10000 && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'):
			b = append(b, '\\', 'u', hex[r>>12], hex[r>>8&15], hex[r>>4&15], hex[r&15])
		case unicode.Is(unicode.Cf, r):
			b = utf8.AppendRune(b, utf8.RuneError)
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}

// plain tells that a string of JSON holds all of s as it is; it does not look
// at short ones. Keys are plain from end to end, so it takes eight bytes at
// once, the last of which it may have seen in part.
func plain(s []byte) bool {
	if len(s) < 8 {
		return false
	}
	odd := escaped(s[len(s)-8:])
	for ; len(s) > 8; s = s[8:] {
		odd |= escaped(s)
	}
	return odd == 0
}

// escaped is not zero if one of the first eight bytes is below a space, a
// quotation mark, a backslash or beyond the tilde: then the top bit of one is
// set.
func escaped(s []byte) uint64 {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	x := binary.LittleEndian.Uint64(s)
	quote, slash := x^'"'*ones, x^'\\'*ones
	return (x | (x - ' '*ones) | (x + ones) | (quote - ones) | (slash - ones)) & tops
}
