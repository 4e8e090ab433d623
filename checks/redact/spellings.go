package redact

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	minSecret = 4  // characters of a secret; what is shorter would match ordinary text
	minLong   = 16 // characters of a secret of which a part tells too much
	partSize  = 8  // letters and digits that are such a part

	// maxEnd bounds the bytes at each end of a secret whose parts are looked for. A
	// token has fewer than 1500; each byte costs some 20 patterns.
	maxEnd = 2048
)

// spellings are what a Set looks for, each in one folding of the text.
type spellings struct{ lowered, letters []string }

func (s *spellings) append(more spellings) {
	s.lowered = append(s.lowered, more.lowered...)
	s.letters = append(s.letters, more.letters...)
}

func (s *spellings) compact() {
	for _, list := range []*[]string{&s.lowered, &s.letters} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
}

// spell returns the spellings of a secret. It is found whole, in any case, in any
// form of its letters and with anything invisible in it, also in hexadecimal and
// base64; and if it has eight letters and digits, whatever else is between them,
// also backwards, inside of other base64 or base32, and as a list of the numbers
// of its bytes. Of a long secret each eight letters and digits that follow one
// another are found in the same way; of one of more than 4 KB, such as a page in
// the place of a token, those at its two ends.
//
// A peer that wants to can always write a secret so that only who knows the trick
// reads it. What is not found, since a rule for it would star ordinary text or
// never end: an encoding of an encoding or of compressed text, or of UTF-16; a
// cipher, another alphabet (rot13, base58, digits for letters, letters that look
// alike); letters, digits, quotes, brackets or marks between its own; more
// than four layers of escapes; bytes that are no UTF-8; and fewer than eight of
// its letters and digits in a row, such as a secret in short pieces.
func spell(secret string) spellings {
	var s spellings
	secret = strings.TrimSpace(secret)
	if utf8.RuneCountInString(lowered.apply(secret)) < minSecret {
		return s
	}
	for _, whole := range []string{
		secret, hex.EncodeToString([]byte(secret)), base64.RawStdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
	} {
		s.lowered = append(s.lowered, lowered.apply(whole))
	}
	long := utf8.RuneCountInString(secret) >= minLong
	if long && strings.Contains(secret, "://") {
		_, secret, _ = strings.Cut(secret, "?") // the rest of an address is no secret
	}
	if n := len(secret); n > 2*maxEnd {
		s.inside(secret[:maxEnd], long)
		secret = secret[n-maxEnd:]
	}
	s.inside(secret, long)
	return s
}

// inside takes over what is looked for inside of other text.
func (s *spellings) inside(secret string, long bool) {
	s.add(secret, long, partSize)
	s.add(backwards(secret), long, partSize)
	s.add(hex.EncodeToString([]byte(secret)), long, 2*partSize)
	for lead := range 3 {
		s.add(inBase(base64.RawStdEncoding, 6, secret, lead), long, partSize)
	}
	for lead := range 5 {
		s.add(inBase(base32.StdEncoding.WithPadding(base32.NoPadding), 5, secret, lead), long, partSize)
	}
	s.numbers(secret, long, "", 10)
	s.numbers(secret, long, "0x", 16)
}

// inBase is what is always the same of a text in an encoding with so many bits to
// a character, behind so many other bytes and before any.
func inBase(e interface{ EncodeToString([]byte) string }, bits int, text string, lead int) string {
	coded := e.EncodeToString(append(make([]byte, lead), text...))
	first, end := (8*lead+bits-1)/bits, 8*(lead+len(text))/bits
	return coded[min(first, end):end]
}

// numbers takes over the bytes of a text as they are in a list of numbers of that
// base, each behind the prefix.
func (s *spellings) numbers(text string, inPieces bool, prefix string, base int) {
	n := len(text)
	if inPieces {
		n = min(n, partSize)
	}
	for i := 0; i < len(text) && i+n <= len(text); i++ {
		var list []byte
		for _, c := range []byte(text[i : i+n]) {
			list = strconv.AppendUint(append(list, prefix...), uint64(c), base)
		}
		s.letters = append(s.letters, string(list))
	}
}

// add takes over the letters and digits of a text: whole, or each piece of n of
// them. Fewer than eight would match ordinary text.
func (s *spellings) add(text string, inPieces bool, n int) {
	if inPieces {
		s.parts(text, n)
	} else if text = letters.apply(text); len(text) >= partSize && !strings.Contains(text, "\x00") {
		s.letters = append(s.letters, text)
	}
}

// parts takes over every piece of a text with so many letters and digits.
func (s *spellings) parts(text string, n int) {
	text = letters.apply(text)
	for i := 0; i+n <= len(text); i++ {
		if p := text[i : i+n]; !strings.Contains(p, "\x00") && !strings.Contains(ordinary, p) {
			s.letters = append(s.letters, p)
		}
	}
}

func backwards(text string) string {
	r := []rune(text)
	slices.Reverse(r)
	return string(r)
}

// ordinary are texts that end up in the place of a secret by mistake, such as a
// variable's name copied with its value. Their parts are no secret.
var ordinary = letters.apply(strings.Join([]string{
	"UPSTOX_ACCESS_TOKEN UPSTOX_ANALYTICS_TOKEN UPSTOX_API_SECRET UPSTOX_API_KEY UPSTOX_CLIENT_SECRET UPSTOX_CLIENT_ID UPSTOX_REDIRECT_URI",
	"YOUR_ACCESS_TOKEN_HERE YOUR_API_SECRET_HERE YOUR_CLIENT_SECRET_HERE authorization: bearer password placeholder changeme extended_token refresh_token",
}, " "))
