package redact

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// numbered gives each secret a number, and the same to equal ones.
func numbered() (func(string) string, map[string]string) {
	seen := map[string]string{}
	return func(secret string) string {
		if seen[secret] == "" {
			seen[secret] = fmt.Sprintf("<secret-%d>", len(seen)+1)
		}
		return seen[secret]
	}, seen
}

func TestReplace(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, want string }{
		{"nothing secret", "403 Forbidden", "403 Forbidden"},
		{"empty", "", ""},
		{"known", "say hunter2!", "say <secret-1>!"},
		{"known twice", "hunter2 and hunter2", "<secret-1> and <secret-1>"},
		{"two of them", "hunter2 rosebud", "<secret-1> <secret-2>"},
		{"side by side", "hunter2rosebud", "<secret-1>"},
		{"shape", "Authorization: Bearer opaque1", "Authorization: Bearer <secret-1>"},
		{"known and of a shape", "access_token=hunter2&x=hunter2", "access_token=<secret-1>&x=<secret-1>"},
		{"a mark stays", "[redacted] hunter2 [redacted]", "[redacted] <secret-1> [redacted]"},
		{"known within a shape", "code=hunter2mk404x", "code=<secret-1>"},
		{"an answer is not taken for a secret", "access_token=hunter2 access_token=<secret-1>", "access_token=<secret-1> access_token=<secret-1>"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var s Set
			s.Add("hunter2", "rosebud")
			with, _ := numbered()
			if got := s.Replace(tc.text, with); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestReplaceWithoutASet(t *testing.T) {
	t.Parallel()
	with, _ := numbered()
	if got := (*Set)(nil).Replace("at "+jwt, with); got != "at <secret-1>" {
		t.Errorf("got %q", got)
	}
}

// In binary data an answer of the same length leaves every other byte at its
// place.
func TestReplaceKeepsLengths(t *testing.T) {
	t.Parallel()
	var s Set
	s.Add("hunter2")
	text := "\x0a\x07hunter2\x12\x02\xff\x00"
	got := s.Replace(text, func(secret string) string { return strings.Repeat("*", len(secret)) })
	if got != "\x0a\x07*******\x12\x02\xff\x00" {
		t.Errorf("got %q", got)
	}
}

func TestIsSecretName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"access_token": true, "Proxy-Authorization": true, "x-client_secret": true, "token_kind": false, "status": false} {
		if IsSecretName(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}

func FuzzReplace(f *testing.F) {
	for _, c := range [][2]string{
		{"", ""}, {"abcd", "abcdabcd"}, {"us:pass", "http://us:pass@h:1 pass"}, {"wxyz", "wxyzcode=mk404x wxyz"},
		{"Bear", "Bearer Bearer a1b2c3d4"}, {"a b/c", "a%20b%2Fc a+b%2fc"}, {"]abc", "[redacted]abc"}, {"secr", "\xffsecr\x00[redacted]"},
	} {
		f.Add(c[0], c[1])
	}
	f.Fuzz(func(t *testing.T, known, text string) {
		var s Set
		s.Add(known)
		known = strings.TrimSpace(known)
		text += known + text
		if got := s.Replace(text, func(secret string) string { return secret }); got != text {
			t.Errorf("%q became %q, though nothing was changed", text, got)
		}
		const between = "\x00\x01\x00"
		if strings.ContainsAny(text, "\x00\x01") {
			return
		}
		got := s.Replace(text, func(string) string { return between })
		for _, piece := range strings.Split(strings.ReplaceAll(got, Mark, between), between) {
			if utf8.RuneCountInString(lowered.apply(known)) >= minSecret && strings.Contains(piece, known) {
				t.Errorf("%q survives in %q", known, got)
			}
		}
	})
}
