package command

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"upstox-doctor/fixtures/simtest"
)

// requestOptions are the options of a token request without flags.
func requestOptions(dir, scenario string) LoginOptions {
	return LoginOptions{
		OutputOptions: plain, Deadline: 24 * time.Hour, Request: true,
		WorldOptions: WorldOptions{Simulate: scenario, TokenFile: filepath.Join(dir, "token"), EnvFile: filepath.Join(dir, "env"), Credentials: map[string]string{}},
	}
}

func TestRequestFromQuestionToToken(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]string{
		"a plain file":             "old\n",
		"JSON that keeps its form": `{"access_token":"old","note":"mine"}`,
		"no file":                  "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simtest.Bubble(t, func(t *testing.T) {
				dir := t.TempDir()
				a, s := testApp("")
				o := requestOptions(dir, "token-expired-in-file")
				o.WriteEnv = true
				if before != "" {
					write(t, o.TokenFile, before)
				}
				write(t, o.EnvFile, "# mine\n")
				if got := statusOf(t, a.LogIn(t.Context(), o)); got != 0 || !strings.HasPrefix(s.out.String(), "NIFTY 50 stands at ") || !strings.Contains(s.out.String(), "\nToken is valid and working! Next:\n") {
					t.Fatalf("status %d: %s%s", got, s.out.String(), s.errs.String())
				}
				saved, _ := os.ReadFile(o.TokenFile)
				env, _ := os.ReadFile(o.EnvFile)
				at := bytes.Index(saved, []byte("eyJ"))
				if at < 0 || strings.HasPrefix(before, "{") != bytes.Contains(saved, []byte(`"note":"mine"`)) {
					t.Fatal("no token is saved, or the file has lost its form")
				}
				token, _, _ := strings.Cut(strings.TrimSpace(string(saved[at:])), `"`)
				if string(env) != "# mine\nUPSTOX_ACCESS_TOKEN="+token+"\n" {
					t.Error("the token is not in the .env file too")
				}
				said := s.errs.String()
				if strings.Contains(said+s.out.String(), "eyJ") || strings.Contains(said, "n0t1f1er") || strings.Contains(said, "\r") {
					t.Errorf("says %q", said)
				}
				for _, want := range []string{"https://bot.example.com/upstox/token, until Tue 24 Nov 2026 03:30 IST.", "\nWaiting for another token in " + o.TokenFile + "\n"} {
					if !strings.Contains(said, want) {
						t.Errorf("says %q, want %q", said, want)
					}
				}
			})
		})
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestRequestFails(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		scenario string
		change   func(*LoginOptions)
		status   int
		prints   string
	}{
		{"nobody approves", "healthy-request-rejected", func(o *LoginOptions) { o.Deadline = time.Hour }, 1, "login-timeout"},
		{"no notifier URL", "healthy-no-notifier", func(*LoginOptions) {}, 1, "login-request-refused"},
		{"a wrong secret", "healthy", func(o *LoginOptions) { o.Credentials["UPSTOX_API_SECRET"] = "wrong-s3cret" }, 1, "login-credentials-invalid"},
		{"a wrong key", "healthy", func(o *LoginOptions) { o.Credentials["UPSTOX_API_KEY"] = "wrong" }, 1, "login-credentials-invalid"},
		{"no network", "offline", func(*LoginOptions) {}, 1, "offline"},
		{"no key and no terminal", "no-credentials", func(*LoginOptions) {}, 1, "env-missing-credentials"},
		{"without a browser", "healthy", func(o *LoginOptions) { o.NoBrowser = true }, 2, ""},
		{"with a code", "healthy", func(o *LoginOptions) { o.CodeFrom = "-" }, 2, ""},
		{"no time", "healthy", func(o *LoginOptions) { o.Deadline = 0 }, 2, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			simtest.Bubble(t, func(t *testing.T) {
				dir := t.TempDir()
				a, s := testApp("mk404x")
				o := requestOptions(dir, tc.scenario)
				write(t, o.EnvFile, "# mine\n")
				tc.change(&o)
				err := a.LogIn(t.Context(), o)
				if got := statusOf(t, err); got != tc.status || !strings.Contains(s.out.String(), tc.prints) || tc.prints == "" && s.out.Len() > 0 {
					t.Errorf("status %d, %v, prints %q", got, err, s.out.String())
				}
				if strings.Contains(s.out.String()+s.errs.String()+err.Error(), "wrong-s3cret") {
					t.Error("the secret is shown")
				}
				if _, err := os.Stat(o.TokenFile); err == nil {
					t.Error("a token file was made")
				}
			})
		})
	}
}
