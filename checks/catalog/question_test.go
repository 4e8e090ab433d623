package catalog

import (
	"slices"
	"strings"
	"testing"
)

// TestGuideRows expects for each row of the guide every cause with that row.
func TestGuideRows(t *testing.T) {
	t.Parallel()
	for _, row := range guide[1:] {
		for _, text := range []string{row, "❌ " + row, strings.ToLower(row), "\"" + row + "\" repeatedly"} {
			matches := Explain(text)
			for _, e := range All() {
				if e.Guide == row && !slices.ContainsFunc(matches, func(m Match) bool { return m.Entry == e }) {
					t.Errorf("%q: %s is missing", text, e.Code)
				}
			}
			if len(matches) == 0 || matches[0].Place != First {
				t.Errorf("%q has no first cause", text)
			}
		}
	}
}

// TestNumbersAlone asks for a number without any words.
func TestNumbersAlone(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ text, want string }{
		{"401", "token-expired token-rejected"},
		{"error 401", "token-expired token-rejected"},
		{"HTTP 403", "handshake-forbidden authorize-forbidden edge-blocked token-not-permitted"},
		{"getting 403 error", "handshake-forbidden authorize-forbidden edge-blocked token-not-permitted"},
		{"404", "endpoint-gone"},
		{"429", "rate-limited edge-rate-limited handshake-rate-limited"},
		{"500", "upstox-unavailable"},
		{"503", "upstox-unavailable"},
		{"522", "upstox-unavailable"},
		{"1000", "stream-closed"},
		{"1006", "stream-dropped token-expired handshake-forbidden"},
		{"close code 1008", "stream-closed"},
		{"1009", "frame-too-big stream-closed"},
		{"1015", "edge-rate-limited"},
		{"1020", "edge-blocked"},
		{"10054", "stream-dropped"},
		{"10060", "tcp-timeout"},
		{"11001", "dns-not-found offline"},
		{"onclose", "token-expired stream-dropped handshake-forbidden"},
		{"error code: 1009", "geo-blocked"},
		{"42", ""}, {"7", ""}, {"999999", ""}, {"403 401", ""}, {"2026", ""},
	} {
		if got := placed(Explain(tc.text)); !strings.HasPrefix(got, tc.want) || tc.want == "" && got != "" {
			t.Errorf("%q: got %q, want %q", tc.text, got, tc.want)
		}
	}
}
