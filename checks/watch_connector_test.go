package checks

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"upstox-doctor/checks/feed"
)

// Each attempt reads the token anew, and another one is known as such.
func TestWatchReadsTheTokenAgain(t *testing.T) {
	t.Parallel()
	env := map[string]string{varKey: "0c6b9d3e-1f2a", varSecret: "s3cr3tvalue"}
	w := World{Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }, Dir: t.TempDir(), Now: time.Now}.WithDefaults()
	l := &connector{World: w}
	file := filepath.Join(w.Dir, ".upstox_token")
	for i, step := range []struct {
		text   string
		number int
		code   string
	}{
		{"", 0, "token-missing"},
		{"0123456789abcdef0123456789abcdef", 1, ""},
		{"0123456789abcdef0123456789abcdef", 1, ""},
		{"fedcba9876543210fedcba9876543210", 2, ""},
		{"ab", 0, "token-malformed"},
		{"0123456789abcdef0123456789abcdef", 1, ""},
	} {
		if err := os.WriteFile(file, []byte(step.text), 0o600); err != nil {
			t.Fatal(err)
		}
		active, res := l.tokenNow(t.Context())
		switch {
		case step.code != "" && (res == nil || res.Code != step.code):
			t.Errorf("step %d: %+v, want %s", i, res, step.code)
		case step.code == "" && (res != nil || active.Value() != step.text || l.tokenNumber(active.Value()) != step.number):
			t.Errorf("step %d: token %d, %+v; want %d", i, l.tokenNumber(active.Value()), res, step.number)
		}
	}
}

func TestUpgradeHead(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 23, 4, 45, 0, 0, time.UTC)
	for _, tc := range []struct {
		name   string
		header http.Header
		want   time.Duration
	}{
		{"seconds", http.Header{"Retry-After": {"90"}}, 90 * time.Second},
		{"a date, by the server's clock", http.Header{"Retry-After": {"Mon, 23 Nov 2026 05:00:00 GMT"}, "Date": {"Mon, 23 Nov 2026 04:58:00 GMT"}}, 2 * time.Minute},
		{"a date, by our clock", http.Header{"Retry-After": {"Mon, 23 Nov 2026 05:00:00 GMT"}}, 15 * time.Minute},
		{"a date that is past", http.Header{"Retry-After": {"Mon, 23 Nov 2026 04:00:00 GMT"}}, 0},
		{"nonsense", http.Header{"Retry-After": {"soon"}}, 0},
		{"none", http.Header{}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h := upgradeHead(&feed.Refusal{Status: 429, Header: tc.header}, now)
			if h == nil || h.RetryAfter != tc.want || h.Status != 429 {
				t.Errorf("%+v, want %s", h, tc.want)
			}
		})
	}
	if h := upgradeHead(&feed.Refusal{Kind: "timeout"}, now); h != nil {
		t.Errorf("%+v of an answer that never came", h)
	}
}
