package live

import (
	"math"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// appendNumber writes a number of JSON in its shortest form. JSON has no word
// for what is no number or without end: that becomes null.
func appendNumber(b []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(b, "null"...)
	}
	if v == 0 {
		return append(b, '0')
	}
	// Prices have up to four decimals. If v is the double that is nearest to
	// n/10000, those decimals are its shortest form, which takes a tenth of
	// the time to write so.
	if n := math.Round(v * 10000); math.Abs(n) < 1e15 && n/10000 == v {
		return appendDecimals(b, int64(n))
	}
	form := byte('f')
	if size := math.Abs(v); size < 1e-6 || size >= 1e21 {
		form = 'e'
	}
	return strconv.AppendFloat(b, v, form, -1, 64)
}

// appendDecimals writes n ten-thousandths without zeros at the end.
func appendDecimals(b []byte, n int64) []byte {
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	b = strconv.AppendInt(b, n/10000, 10)
	rest := n % 10000
	if rest == 0 {
		return b
	}
	b = append(b, '.', byte('0'+rest/1000), byte('0'+rest/100%10), byte('0'+rest/10%10), byte('0'+rest%10))
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	return b
}

const hex = "0123456789abcdef"

// isPlain tells the bytes that a string of JSON holds as they are.
var isPlain = func() (all [256]bool) {
	for c := range all {
		all[c] = c >= 0x20 && c < 0x7f && c != '"' && c != '\\'
	}
	return all
}()

// appendText writes a string of JSON. What a terminal would obey is written as
// an escape, so that a line can be looked at without harm; what is not UTF-8
// becomes U+FFFD.
func appendText(b, s []byte) []byte {
	b = append(b, '"')
	// Keys are plain, so most of a text is taken over as it is.
	plain := 0
	for plain < len(s) && isPlain[s[plain]] {
		plain++
	}
	b = append(b, s[:plain]...)
	for i := plain; i < len(s); {
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
