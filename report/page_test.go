package report

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"upstox-doctor/checks/doctor"
)

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, in string
		columns  int
		want     []string
	}{
		{"nothing", "  ", 10, nil},
		{"fits", "one two", 7, []string{"one two"}},
		{"does not fit", "one two", 6, []string{"one", "two"}},
		{"a word that is too long", "ab abcdefgh cd", 4, []string{"ab", "abcd", "efgh", "cd"}},
		{"wide characters", "日本語", 5, []string{"日本", "語"}},
		{"one wide character in one column", "日本", 1, []string{"日", "本"}},
		{"an address that is too long", "see https://api.upstox.com/v2 now", 10, []string{"see", "https://api.upstox.com/v2", "now"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := wrap(tc.in, tc.columns); !slices.Equal(got, tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestStep(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		step Step
		want string
	}{
		{"a sentence", Step{Do: "Restart it."}, " 1. Restart it.\n"},
		{"a command", Step{"Log in.", "upstox-doctor login"}, " 1. Log in.\n    upstox-doctor login\n"},
		{"an address at the end", Step{Do: "Open https://a.example/x."}, " 1. Open\n    https://a.example/x\n"},
		{"an address within", Step{Do: "At https://a.example/x, make a token."}, " 1. At\n    https://a.example/x\n    make a token.\n"},
		{"an address alone", Step{Do: "https://a.example/x"}, " 1.\n    https://a.example/x\n"},
		{"two addresses", Step{Do: "From https://a.example to wss://b.example/c go."},
			" 1. From\n    https://a.example\n    to\n    wss://b.example/c\n    go.\n"},
		{"spaces in a command stay", Step{"Do.", "a  'b   c'"}, " 1. Do.\n    a  'b   c'\n"},
		{"a command of two lines", Step{"Do.", "a\nb"}, " 1. Do.\n    a\n    b\n"},
		{"a command with an escape", Step{"Do.", "a\x1b[31mb"}, " 1. Do.\n    ab\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := newPage(Options{})
			p.step(" 1. ", tc.step)
			if got := p.buf.String(); got != tc.want {
				t.Errorf("got\n%q, want\n%q", got, tc.want)
			}
		})
	}
}

func TestEvidenceText(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		value any
		want  string
	}{
		{"skew_seconds", json.Number("75"), "skew: 1 min 15 s"},
		{"expired_seconds_ago", json.Number("24300"), "expired ago: 6 h 45 min"},
		{"skew_seconds", json.Number("-31536000"), "skew: -365 days"},
		{"skew_seconds", json.Number("119.5"), "skew: 119.5 s"},
		{"age_seconds", json.Number("120"), "age: 2 min"},
		{"age_seconds", "unknown", "age: unknown s"},
		{"items_msx", json.Number("1"), "items msx: 1"},
		{"took_ms", json.Number("12"), "took: 12 ms"},
		{"body_bytes", json.Number("9"), "body: 9 bytes"},
		{"_ms", json.Number("1"), "ms: 1"},
		{"expires_at", "2026-11-22T22:00:00Z", "expires at: Mon 23 Nov 2026 03:30:00 IST"},
		{"from_hosts_file", true, "from hosts file: yes"},
		{"proxied", false, "proxied: no"},
		{"nothing", nil, "nothing: "},
		{"skew_seconds", nil, "skew seconds: "},
		{"addresses", []any{"a", "b"}, "addresses: a, b"},
		{"counts", map[string]any{"b_x": json.Number("2"), "a": "1"}, "counts: a 1, b x 2"},
	} {
		name, value := evidenceText(doctor.Item{Name: tc.name, Value: tc.value})
		if got := name + ": " + value; got != tc.want && strings.TrimSpace(got) != tc.want {
			t.Errorf("got %q, want %q", got, tc.want)
		}
	}
}

func TestHosts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in   []string
		want string
	}{
		{[]string{api}, api},
		{[]string{api, feed}, "api and wsfeeder-api.upstox.com"},
		{[]string{api, "other.example"}, "api.upstox.com and other.example"},
		{[]string{".env", ".upstox_token"}, ".env and .upstox_token"},
		{[]string{"A", "B", "C"}, "A, B and C"},
		{[]string{"upstox.com", api}, "upstox.com and api.upstox.com"},
	} {
		if got := hosts(tc.in); got != tc.want {
			t.Errorf("%q: got %q, want %q", tc.in, got, tc.want)
		}
	}
}

func TestParagraph(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, in       string
		columns, lines int
		want           string
	}{
		{"fits", "a b", 9, 4, "a b"},
		{"a long word", "https://api.upstox.com/", 10, 4, "https://a…"},
		{"too many lines", "aaa bbb ccc ddd", 5, 2, "aaa\nbbb …"},
		{"as many lines as it likes", "aaa bbb ccc", 3, 0, "aaa\nbbb\nccc"},
		{"full last line", "aaaaa bbbbb ccccc", 5, 2, "aaaaa\nbbb …"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := paragraph(tc.in, tc.columns, tc.lines); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestOwnerAndConfidence(t *testing.T) {
	t.Parallel()
	for owner, want := range map[string]string{
		"you": "you", "network": "network team", "proxy": "proxy", "upstox": "Upstox", "market": "nobody",
	} {
		if got := ownerText(owner); !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q in it", owner, got, want)
		}
	}
	for c, want := range map[doctor.Confidence]string{
		doctor.Certain: "certain", doctor.Likely: "not proved", doctor.Possible: "look the same",
	} {
		if got := confidenceText(c); !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q in it", c, got, want)
		}
	}
}
