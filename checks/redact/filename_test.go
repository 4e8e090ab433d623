package redact

import (
	"strings"
	"testing"
)

func TestFileName(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 100) + strings.Repeat("b", 5000) + strings.Repeat("c", 100)
	for _, tc := range []struct{ name, file, want string }{
		{"usual", "/home/me/my bot/.env", "/home/me/my bot/.env"},
		{"of other letters", "कुंजी.env", "कुंजी.env"},
		{"none", "", `""`},
		{"a space", " ", `" "`},
		{"a line end", "a\nFAIL", `"a\nFAIL"`},
		{"escape", "a\x1b[31m", `"a\x1b[31m"`},
		{"the other direction", "a\u202eb", `"a\u202eb"`},
		{"no UTF-8", "a\xff", `"a\xff"`},
		{"long", long, strings.Repeat("a", 60) + "…" + strings.Repeat("c", 60)},
		{"long, cut within a letter", strings.Repeat("ü", 50) + "v" + strings.Repeat("ü", 101), strings.Repeat("ü", 30) + "…" + strings.Repeat("ü", 30)},
		{"long, cut within a letter behind", strings.Repeat("ü", 150) + "v", strings.Repeat("ü", 30) + "…" + strings.Repeat("ü", 29) + "v"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := FileName(tc.file); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}
