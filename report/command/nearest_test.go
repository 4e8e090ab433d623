package command

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	known := []string{"login", "token", "watch", "explain", "--simulate", "healthy", "token-expired"}
	for word, want := range map[string]string{
		"logn": "login", "lgoin": "login", "tokens": "token", "wach": "watch", "explian": "explain",
		"--simualte": "--simulate", "helthy": "healthy", "tokn-expird": "token-expired", "LOGIN": "login",
		"frobnicate": "", "": "", "go": "", "tk": "",
	} {
		if got := nearest(strings.ToLower(word), known); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}

func TestTypos(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "", 3}, {"", "abc", 3}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"abc", "abd", 1}, {"abc", "abcd", 1}, {"ca", "abc", 3}} {
		if got := typos(tc.a, tc.b); got != tc.want {
			t.Errorf("%q, %q: got %d, want %d", tc.a, tc.b, got, tc.want)
		}
	}
}
