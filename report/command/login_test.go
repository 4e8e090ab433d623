package command

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/simtest"
	"upstox-doctor/report"
)

// startLogin starts a login that prints to a pipe, and returns the address that
// it prints.
func startLogin(t *testing.T, a *App, o LoginOptions) (page string, ended <-chan error) {
	t.Helper()
	said, errs := io.Pipe()
	a.Errs = errs
	done := make(chan error, 1)
	go func() {
		done <- a.LogIn(t.Context(), o)
		errs.Close()
	}()
	lines := bufio.NewScanner(said)
	for page == "" && lines.Scan() {
		if strings.HasPrefix(lines.Text(), "http") {
			page = lines.Text()
		}
	}
	go io.Copy(io.Discard, said)
	if page == "" {
		t.Fatalf("no address is printed: %v", <-done)
	}
	return page, done
}

func TestLogInFromPageToToken(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, s := testApp("")
	page, ended := startLogin(t, &a, LoginOptions{
		OutputOptions: plain, Deadline: time.Minute, NoBrowser: true,
		WorldOptions: WorldOptions{
			Simulate: "token-expired", TokenFile: filepath.Join(dir, "token"), EnvFile: "",
			Credentials: map[string]string{"UPSTOX_REDIRECT_URI": simtest.FreeRedirect(t)},
		},
	})
	_, landed, err := simtest.LogIn(t, page)
	if err != nil {
		t.Fatal(err)
	}
	if got := statusOf(t, <-ended); got != 1 {
		t.Errorf("status %d: %s", got, s.out.String())
	}
	token, err := os.ReadFile(filepath.Join(dir, "token"))
	if err != nil || !bytes.HasPrefix(token, []byte("eyJ")) {
		t.Fatalf("no token is saved: %v", err)
	}
	for name, text := range map[string]string{"the report": s.out.String(), "the page": landed.Page, "the address bar": landed.URL.String()} {
		if strings.Contains(text, string(bytes.TrimSpace(token))) || strings.Contains(text, "code=") {
			t.Errorf("%s shows a secret", name)
		}
	}
	// The environment of the scenario still holds the dead token, and wins.
	if strings.Contains(s.out.String(), "valid and working") || !strings.Contains(s.out.String(), "another one hides it") {
		t.Errorf("prints %q", s.out.String())
	}
	if !strings.Contains(s.out.String(), "token-shadowed") {
		t.Errorf("does not say that the new token is shadowed: %q", s.out.String())
	}
}

func TestLogInWithACodeFromAFile(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		code   string
		status int
		prints string
	}{
		"a code that was never given": {"mk404x\n", 1, "login-code-invalid"},
		"an empty file":               {"", 1, "login-cancelled"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			from := filepath.Join(dir, "landed")
			if err := os.WriteFile(from, []byte(tc.code), 0o600); err != nil {
				t.Fatal(err)
			}
			a, s := testApp("")
			err := a.LogIn(t.Context(), LoginOptions{
				OutputOptions: plain, Deadline: time.Minute, CodeFrom: from,
				WorldOptions: WorldOptions{Simulate: "healthy", TokenFile: filepath.Join(dir, "token")},
			})
			if got := statusOf(t, err); got != tc.status || !strings.Contains(s.out.String(), tc.prints) {
				t.Errorf("status %d, prints %q", got, s.out.String())
			}
			if _, err := os.Stat(filepath.Join(dir, "token")); err == nil {
				t.Error("a token file was made")
			}
		})
	}
}

// TestHintIsInTheWorldOfTheLogin: what is to be run instead has the scenario and
// the files of this login, and the program as it was called.
func TestHintIsInTheWorldOfTheLogin(t *testing.T) {
	t.Parallel()
	a, s := testApp("")
	a.Caller = report.Caller{Program: "./ud"}
	o := LoginOptions{WorldOptions: WorldOptions{Simulate: "token-missing", EnvFile: "my.env"}}
	w, session, err := a.openWorld(o.WorldOptions, sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	l, end, err := a.loginOptions(o, session, w)
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	l.Dialogue.Run("upstox-doctor login")
	if want := "    ./ud login --simulate token-missing --env-file my.env\n"; s.errs.String() != want {
		t.Errorf("shows %q, want %q", s.errs.String(), want)
	}
}
