package catalog

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestTells expects a distinction for each cause that is shown beside others.
func TestTells(t *testing.T) {
	t.Parallel()
	beside := map[*Entry]string{}
	for _, l := range lines {
		matches := Explain(l.text)
		for _, m := range matches {
			if len(matches) > 1 && m.Place == First && m.Text != m.Entry.Code {
				beside[m.Entry] = l.text
			}
		}
	}
	for _, text := range []string{"401", "403", "404", "429", "500", "1006", "1000", "WebSocket onclose", "Token is expired or invalid", "Failed to get WebSocket URL"} {
		for _, m := range Explain(text) {
			if m.Place == First {
				beside[m.Entry] = text
			}
		}
	}
	for e, text := range beside {
		if e.Tell() == "" {
			t.Errorf("%s is shown beside others for %q and has no distinction", e.Code, text)
		}
	}
	for e, tell := range tells {
		if strings.HasSuffix(tell, ".") || utf8.RuneCountInString(tell) > 110 || banned.MatchString(tell) {
			t.Errorf("%s: %q is no clause of at most 110 characters", e.Code, tell)
		}
	}
}

func TestDecides(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		entries []*Entry
		want    string
	}{
		{[]*Entry{DNSNotFound, TCPRefused}, "upstox-doctor --only network"},
		{[]*Entry{EnvMissingCredentials}, "upstox-doctor --only environment"},
		{[]*Entry{StreamDropped, SlowConsumer}, "upstox-doctor watch"},
		{[]*Entry{LoginRedirectMismatch, LoginCredentialsInvalid}, "upstox-doctor login"},
		{[]*Entry{TokenExpired, HandshakeUnauthorized}, "upstox-doctor"},
		{nil, "upstox-doctor"},
	} {
		if got := Decides(tc.entries); got != tc.want {
			t.Errorf("%v: got %q, want %q", tc.entries, got, tc.want)
		}
	}
}
