package redact

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func FuzzString(f *testing.F) {
	for _, c := range [][2]string{
		{"", ""}, {"abcd", "abcdabcd"}, {"dact", "dact [redacted]"}, {"us:pass", "http://us:pass@h:1 pass"}, {"wxyz", "wxyzcode=mk404x wxyz"},
		{"q", "Authorization: Bearer " + jwt}, {"code", `{"access_token":"a\"b"} {\"client_secret\":\"x\"}`}, {"a b/c", "a%20b%2Fc a+b%2fc"},
		{"Bear", "Bearer Bearer a1b2c3d4"}, {"x:y@", "wss://h/p?requestId=1&code=2 %3Fcode%3Dab%26"}, {"]abc", "[redacted]abc"}, {"eyJa", "eyJabcdefgh.eyJ.."},
	} {
		f.Add(c[0], c[1])
	}
	f.Fuzz(func(t *testing.T, secret, text string) {
		var s Set
		s.Add(secret)
		secret = strings.TrimSpace(secret)
		for _, text := range []string{text, "before " + secret + text, text + secret + " after"} {
			got := s.String(text)
			for _, piece := range strings.Split(got, Mark) {
				if utf8.RuneCountInString(lowered.apply(secret)) >= minSecret && strings.Contains(piece, secret) {
					t.Errorf("%q survives in %q", secret, got)
				}
			}
			if again := s.String(got); again != got {
				t.Errorf("%q became %q, and that %q", text, got, again)
			}
			rest := text
			for i, piece := range strings.Split(got, Mark) {
				at := strings.Index(rest, piece)
				if at < 0 || i == 0 && at > 0 {
					t.Fatalf("%q became %q: %q is not of the text", text, got, piece)
				}
				rest = rest[at+len(piece):]
			}
		}
	})
}

func FuzzPrintable(f *testing.F) {
	for _, s := range []string{"", "a\r\nb", "\x1b[31mred\x1b[0m", "\x1b]0;t\a\x1b]8;;u\x1b\\x", "\u009b1m\u202e\xff\u200d", "\x1b]\x1b]", "\x1b(B\x1bP1\u009c"} {
		f.Add(s, 0)
		f.Add(s, 2)
	}
	f.Fuzz(func(t *testing.T, text string, limit int) {
		got := Printable(text, limit)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, unicode.IsControl) || strings.ContainsAny(got, "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200e\u200f\u061c\u2028\u2029") {
			t.Errorf("%q became %q", text, got)
		}
		if limit > 0 && utf8.RuneCountInString(got) > limit {
			t.Errorf("%d characters, limit %d", utf8.RuneCountInString(got), limit)
		}
		if again := Printable(got, limit); again != got {
			t.Errorf("%q became %q, and that %q", text, got, again)
		}
	})
}
