package command

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func TestExplain(t *testing.T) {
	t.Parallel()
	log, empty := filepath.Join(t.TempDir(), "app.log"), filepath.Join(t.TempDir(), "empty.log")
	for name, text := range map[string]string{log: "started\ndial tcp: lookup api.upstox.com: no such host\n", empty: ""} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tc := range []struct {
		name, text, in string
		status         int
		prints         string
	}{
		{"a code", "token-expired", "", 0, "token-expired"},
		{"a log on standard input", "", "x\nlookup api.upstox.com: no such host\n", 0, "dns-not-found"},
		{"a dash", "-", "error code: 1010", 0, "edge-blocked"},
		{"unknown", "hello world", "", ExitUnknown, ""},
		{"a number", "1006", "", 0, "To know which it is, run"},
		{"a log by its name", log, "", 0, "line 2: dial tcp: lookup api.upstox.com: no such host"},
		{"an empty log", empty, "", ExitUnknown, ""},
		{"a log that is not there", filepath.Join(t.TempDir(), "bot.log"), "", ExitUsage, ""},
		{"a directory is no log", t.TempDir(), "", ExitUsage, ""},
	} {
		a, s := testApp(tc.in)
		if got := statusOf(t, a.Explain(t.Context(), plain, tc.text)); got != tc.status || !strings.Contains(s.out.String(), tc.prints) {
			t.Errorf("%s: status %d, prints %q", tc.name, got, s.out.String())
		}
	}
	a, _ := testApp("")
	a.In = iotest.ErrReader(errors.New("gone"))
	if got := statusOf(t, a.Explain(t.Context(), plain, "")); got != ExitFault {
		t.Errorf("unreadable input: status %d", got)
	}
}
