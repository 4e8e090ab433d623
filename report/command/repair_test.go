package command

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/fixtures/simtest"
	"upstox-doctor/report"
)

// repairing is a run that logs in without a question.
func repairing(t *testing.T, scenario string) RunOptions {
	o := defaultRun(scenario)
	o.Credentials = map[string]string{"UPSTOX_REDIRECT_URI": simtest.FreeRedirect(t)}
	o.Login, o.Yes = &LoginOptions{Deadline: time.Minute, NoBrowser: true}, true
	return o
}

// A visit is a command that has printed the address of the login page.
type visit struct {
	page  string
	said  *bytes.Buffer // complete when the command has ended
	ended chan error
}

func startVisit(t *testing.T, a *App, run func() error) visit {
	t.Helper()
	words, errs := io.Pipe()
	a.Errs = errs
	v := visit{said: new(bytes.Buffer), ended: make(chan error, 1)}
	done := make(chan error, 1)
	go func() {
		done <- run()
		errs.Close()
	}()
	lines := bufio.NewScanner(words)
	for v.page == "" && lines.Scan() {
		v.said.WriteString(lines.Text() + "\n")
		if strings.HasPrefix(lines.Text(), "http") {
			v.page = lines.Text()
		}
	}
	go func() {
		io.Copy(v.said, words)
		v.ended <- <-done
	}()
	if v.page == "" {
		t.Fatalf("no address is printed: %v", <-v.ended)
	}
	return v
}

// signIn goes the user's way through the login and back, and returns the code.
func (v visit) signIn(t *testing.T) string {
	t.Helper()
	code, _, err := simtest.LogIn(t, v.page)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func document(t *testing.T, s *streams) report.Document {
	t.Helper()
	var doc report.Document
	if err := json.Unmarshal(s.out.Bytes(), &doc); err != nil {
		t.Fatalf("%v in %q", err, s.out.String())
	}
	return doc
}

func TestRepairedRun(t *testing.T) {
	t.Parallel()
	dead := "eyJhbGciOiJIUzI1NiJ9." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"AB1234","iat":1763500000,"exp":1763501000}`)) + ".c2lnbmF0dXJlLXZhbHVl"
	for _, tc := range []struct {
		name, scenario string
		change         func(*RunOptions)
		status         int
		before, now    string // root causes
		login          string
		saved          []string
	}{
		{"a dead token in the file", "token-expired-in-file", nil, 0, "token-expired", "", "pass", []string{".upstox_token"}},
		{"no token", "token-missing", nil, 0, "token-missing", "", "pass", []string{".upstox_token"}},
		{"a dead token that lies near", "token-near-expired", nil, 0, "token-elsewhere", "", "pass", []string{".upstox_token"}},
		{"only a part of the checks", "token-missing", func(o *RunOptions) { o.Only = []string{"token.accepted"} }, 0, "token-missing", "", "pass", []string{".upstox_token"}},
		{"a dead token in the environment goes on winning", "token-expired", nil, 1, "token-expired", "token-shadowed", "fail", []string{".upstox_token"}},
		{"a dead token in .env", "token-expired-in-env-file", nil, 0, "token-expired", "", "pass", []string{".env"}},
		{"a dead token in secrets.toml", "token-expired-in-secrets-toml", nil, 0, "token-expired", "", "pass", []string{".streamlit/secrets.toml"}},
		{"a dead token in the home directory", "token-expired-in-home-secrets", nil, 0, "token-expired", "", "pass", []string{"~/.streamlit/secrets.toml"}},
		{"a dead token in .env is replaced", "token-missing", func(o *RunOptions) {
			o.EnvFile, o.Login.WriteEnv = filepath.Join(t.TempDir(), "my.env"), true
			if err := os.WriteFile(o.EnvFile, []byte("A=1\nUPSTOX_ACCESS_TOKEN="+dead+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, 0, "token-expired", "", "pass", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a, s := testApp("")
			o := repairing(t, tc.scenario)
			o.OutputOptions = asJSON()
			if tc.change != nil {
				tc.change(&o)
			}
			v := startVisit(t, &a, func() error { return a.Run(t.Context(), o) })
			code := v.signIn(t)
			if got := statusOf(t, <-v.ended); got != tc.status {
				t.Errorf("status %d", got)
			}
			doc := document(t, s)
			if doc.ExitCode != tc.status || doc.Before == nil || doc.Before.RootCause.Code != tc.before || doc.Before.ExitCode != 1 || doc.Before.Login != nil {
				t.Fatalf("exit code %d, before %+v", doc.ExitCode, doc.Before)
			}
			if len(doc.Before.Checks) != len(doc.Checks) {
				t.Errorf("%d checks, then %d", len(doc.Before.Checks), len(doc.Checks))
			}
			if doc.RootCause == nil && tc.now != "" || doc.RootCause != nil && doc.RootCause.Code != tc.now {
				t.Errorf("root cause %+v, want %s", doc.RootCause, tc.now)
			}
			if doc.Login.Status != tc.login || tc.saved != nil && strings.Join(doc.Login.Saved, " ") != strings.Join(tc.saved, " ") {
				t.Errorf("login %+v", doc.Login)
			}
			for _, secret := range []string{"eyJ", "s1mul8t0r5", code} {
				if strings.Contains(v.said.String()+s.out.String(), secret) {
					t.Errorf("shows %q", secret)
				}
			}
			if strings.Contains(v.said.String(), "FAIL") || strings.Contains(v.said.String(), "[y/N]") {
				t.Errorf("beside JSON says %q", v.said.String())
			}
		})
	}
}

func TestRepairedTable(t *testing.T) {
	t.Parallel()
	a, s := testApp("")
	v := startVisit(t, &a, func() error { return a.Run(t.Context(), repairing(t, "token-expired-in-file")) })
	v.signIn(t)
	if got := statusOf(t, <-v.ended); got != 0 {
		t.Errorf("status %d", got)
	}
	if !strings.HasPrefix(v.said.String(), "FAIL  token-expired: The access token has expired\n") {
		t.Errorf("says %q", v.said.String())
	}
	for _, want := range []string{"All six stages pass.", "token.expiry    FAIL token-expired  → pass\n", "Token is valid and working!"} {
		if !strings.Contains(s.out.String(), want) {
			t.Errorf("lacks %q:\n%s", want, s.out.String())
		}
	}
}

func TestNoLoginWithoutConsentOrNeed(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, scenario string
		yes            bool
		status         int
	}{
		{"nobody to ask", "token-expired", false, 1},
		{"healthy", "healthy", true, 0},
		{"only a warning", "token-expiring-soon", true, 0},
		{"no fault of the token", "dns-not-found", true, 1},
		{"another repair", "token-shadowed", true, 1},
	} {
		for _, style := range []OutputOptions{plain, asJSON()} {
			t.Run(tc.name, func(t *testing.T) {
				t.Parallel()
				a, s := testApp("y\n")
				o := repairing(t, tc.scenario)
				o.OutputOptions, o.Yes = style, tc.yes
				if got := statusOf(t, a.Run(t.Context(), o)); got != tc.status || s.errs.Len() > 0 {
					t.Errorf("status %d, says %q", got, s.errs.String())
				}
				if out := s.out.String(); strings.Contains(out, "→ ") || strings.Contains(out, `"login": {`) || out == "" {
					t.Errorf("prints %q", out)
				}
			})
		}
	}
}

func TestFailedRepairKeepsTheFirstRun(t *testing.T) {
	t.Parallel()
	made := filepath.Join(t.TempDir(), "landed")
	if err := os.WriteFile(made, []byte("mk404x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name    string
		change  func(*RunOptions)
		exit    int    // what login would have ended with
		message string // of the login, or the code of its diagnosis
	}{
		{"a code that was never given", func(o *RunOptions) { o.Login.CodeFrom = made }, 1, "login-code-invalid"},
		{"nobody comes back", func(o *RunOptions) { o.Login.Deadline = 300 * time.Millisecond }, 1, "login-timeout"},
		{"nobody to paste the address", func(o *RunOptions) {
			o.Credentials["UPSTOX_REDIRECT_URI"] = "https://me.example/cb"
		}, 2, "login-no-terminal"},
		{"no key", func(o *RunOptions) {
			o.Simulate, o.Credentials["UPSTOX_ACCESS_TOKEN"] = "no-credentials", "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2lnbmF0dXJlLXZhbHVl"
		}, 1, "env-missing-credentials"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a, s := testApp("")
			o := repairing(t, "token-expired")
			o.OutputOptions = asJSON()
			tc.change(&o)
			if got := statusOf(t, a.Run(t.Context(), o)); got != 1 {
				t.Errorf("status %d: %s", got, s.errs.String())
			}
			doc := document(t, s)
			if doc.ExitCode != 1 || doc.Before != nil || doc.RootCause.Code != "token-expired" {
				t.Errorf("exit code %d, before %v, root cause %+v", doc.ExitCode, doc.Before, doc.RootCause)
			}
			if doc.Login == nil || doc.Login.Status != "fail" || doc.Login.ExitCode != tc.exit {
				t.Fatalf("login %+v", doc.Login)
			}
			if said := doc.Login.Message; !strings.Contains(said, tc.message) && (len(doc.Login.Diagnoses) == 0 || doc.Login.Diagnoses[0].Code != tc.message) {
				t.Errorf("login %+v", doc.Login)
			}
		})
	}
}

func TestInterruptedRepairIsWritten(t *testing.T) {
	t.Parallel()
	a, s := testApp("")
	ctx, cancel := context.WithCancel(t.Context())
	o := repairing(t, "token-expired")
	o.OutputOptions = asJSON()
	v := startVisit(t, &a, func() error { return a.Run(ctx, o) })
	cancel()
	if got := statusOf(t, <-v.ended); got != ExitInterrupted {
		t.Errorf("status %d", got)
	}
	doc := document(t, s)
	if doc.ExitCode != ExitInterrupted || doc.End != doctor.Interrupted || doc.RootCause.Code != "token-expired" || doc.Login.Message != "Login failed: interrupted." {
		t.Errorf("exit code %d, end %s, root cause %+v, login %+v", doc.ExitCode, doc.End, doc.RootCause, doc.Login)
	}
}

// TestLoginHasItsOwnTime signs in after the time of one run is over.
func TestLoginHasItsOwnTime(t *testing.T) {
	t.Parallel()
	a, s := testApp("")
	o := repairing(t, "token-missing")
	o.Deadline = 2 * time.Second
	v := startVisit(t, &a, func() error { return a.Run(t.Context(), o) })
	<-time.After(o.Deadline)
	v.signIn(t)
	if got := statusOf(t, <-v.ended); got != 0 {
		t.Errorf("status %d:\n%s", got, s.out.String())
	}
}

func TestRepairUsage(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*RunOptions){
		"--login-deadline 0s": func(o *RunOptions) { o.Login.Deadline = 0 },
		"--yes answers":       func(o *RunOptions) { o.Login = nil },
		"--code-from":         func(o *RunOptions) { o.Login.CodeFrom = "no/such/file" },
	} {
		a, s := testApp("")
		o := repairing(t, "token-expired")
		change(&o)
		err := a.Run(t.Context(), o)
		if statusOf(t, err) != ExitUsage || !strings.Contains(err.Error(), want) || s.out.Len()+s.errs.Len() > 0 {
			t.Errorf("%s: %v, prints %q", want, err, s.out.String())
		}
	}
}
