package login_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/login"
	"upstox-doctor/checks/token"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/simtest"
)

// A loginUser is a simulated user of the login: it records what is printed, and
// opens the address.
type loginUser struct {
	t       *testing.T
	session *sim.Session
	world   checks.World
	options checks.LoginOptions
	browser func(url string) // what the user's browser does

	done checks.LoggedIn // of a login that has ended

	mu      sync.Mutex
	printed strings.Builder
}

func newLoginUser(t *testing.T, scenario, redirect string) *loginUser {
	t.Helper()
	return startLogin(t, scenario, sim.Options{Redirect: redirect})
}

func startLogin(t *testing.T, scenario string, o sim.Options) *loginUser {
	t.Helper()
	sc, ok := sim.Find(scenario)
	if !ok {
		t.Fatal("no scenario", scenario)
	}
	session, err := sim.Start(sc, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(session.Close)
	page, err := session.LoginPage()
	if err != nil {
		t.Fatal(err)
	}
	d := &loginUser{t: t, session: session, world: session.World("test/1")}
	d.world.Flags = map[string]string{"UPSTOX_REDIRECT_URI": o.Redirect}
	d.browser = func(url string) { d.visit(url) }
	d.options = checks.LoginOptions{Page: page, Dialogue: login.Dialogue{
		Say: d.print, Show: d.print,
		Open: func(url string) error { d.browser(url); return nil },
	}}
	return d
}

func (d *loginUser) print(line string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	fmt.Fprintln(&d.printed, line)
}

// client is a browser that keeps nothing open.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// visit logs in on the page, and returns where the browser ends.
func (d *loginUser) visit(dialog string) (landed *url.URL, page string) {
	return d.open(d.address(dialog).String())
}

// open follows the address as a browser does, and returns where it landed.
func (d *loginUser) open(target string) (landed *url.URL, page string) {
	resp, err := client.Get(target)
	if err != nil {
		d.t.Error(err)
		return nil, ""
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return resp.Request.URL, string(body)
}

// address logs in on the page, and returns the address that it leads to.
func (d *loginUser) address(dialog string) *url.URL { return must(sim.SignIn(client, dialog)) }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// logIn runs the login, and looks for secrets in all that was said.
func (d *loginUser) logIn() (checks.LoggedIn, error) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), time.Minute)
	defer cancel()
	done, err := d.world.LogIn(ctx, d.options)
	d.mu.Lock()
	defer d.mu.Unlock()
	shown := fmt.Sprintf("%s %v %+v", d.printed.String(), err, done)
	for _, secret := range d.session.Secrets() {
		if strings.Contains(shown, secret) {
			d.t.Errorf("a secret is shown: %s", shown)
		}
	}
	return done, err
}

func (d *loginUser) file(name string) string {
	b, _ := os.ReadFile(filepath.Join(d.session.Dir, name))
	return string(b)
}

func diagnosed(t *testing.T, err error, want *catalog.Entry) *login.Failure {
	t.Helper()
	f, ok := errors.AsType[*login.Failure](err)
	if !ok || f.Entry != want {
		t.Fatalf("got %v, want %s", err, want.Code)
	}
	return f
}

func TestLoginInTheBrowser(t *testing.T) {
	t.Parallel()
	d := newLoginUser(t, "token-expired-in-file", simtest.FreeRedirect(t))
	d.browser = func(target string) {
		landed, page := d.visit(target)
		if landed == nil || landed.RawQuery != "" || !strings.Contains(page, "close this tab") {
			t.Errorf("the browser ends at %v with %q", landed, page)
		}
	}
	old := d.file(".upstox_token")
	done, err := d.logIn()
	if err != nil {
		t.Fatal(err)
	}
	if got := d.file(".upstox_token"); got == old || got != done.Token.Value() || len(done.Shadows) != 0 {
		t.Errorf("the token is not saved, or %v win over it", done.Shadows)
	}
	if want := token.NextEnd(d.session.Now()); !done.Token.Expires.Equal(want) {
		t.Errorf("ends %s, want %s", done.Token.Expires, want)
	}
	found, err := checks.Run(t.Context(), d.session.World("test/1"), checks.Options{Only: []string{"token"}})
	if err != nil || len(found.Report.RootCauses()) != 0 {
		t.Errorf("the doctor still finds %+v, %v", found.Report.RootCauses(), err)
	}
	alone := false
	for line := range strings.Lines(d.printed.String()) {
		alone = alone || strings.HasPrefix(line, "http://") && len(strings.Fields(line)) == 1
	}
	if !alone {
		t.Errorf("no address stands alone on its line: %q", d.printed.String())
	}
}

// TestLoginWritesWhereTheTokenWins: the file that is read first holds the new
// token in the place of the old one, every other byte stays, and a run is well.
func TestLoginWritesWhereTheTokenWins(t *testing.T) {
	t.Parallel()
	secrets := filepath.Join(".streamlit", "secrets.toml")
	blank := func(d *loginUser) { writeFile(t, filepath.Join(d.session.Dir, ".env"), "UPSTOX_ACCESS_TOKEN=\nA=1\n") }
	for _, tc := range []struct {
		name, scenario, file string
		more                 func(d *loginUser)
		saved                string
	}{
		{".env", "token-expired-in-env-file", ".env", nil, ".env"},
		{"secrets.toml", "token-expired-in-secrets-toml", secrets, nil, ".streamlit/secrets.toml"},
		{"secrets.toml of the home directory", "token-expired-in-home-secrets", filepath.Join("..", secrets), nil, "~/.streamlit/secrets.toml"},
		{"secrets.toml above a token file", "token-shadowed-by-secrets-toml", secrets, nil, ".streamlit/secrets.toml"},
		{"token file", "token-expired-in-file", ".upstox_token", nil, ".upstox_token"},
		{"token file below an empty line of .env", "token-expired-in-file", ".upstox_token", blank, ".upstox_token"},
		{"empty line of .env", "token-missing", ".env", blank, ".env"},
		{"empty token file below an empty line of .env", "token-file-empty", ".upstox_token", blank, ".upstox_token"},
		{"sample text in the token file", "token-file-placeholder", ".upstox_token", nil, ".upstox_token"},
		{".env, asked for too", "token-expired-in-env-file", ".env", func(d *loginUser) { d.options.WriteEnv = true }, ".env"},
		{"secrets.toml, and .env asked for", "token-expired-in-secrets-toml", secrets, func(d *loginUser) { d.options.WriteEnv = true }, ".streamlit/secrets.toml .env"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newLoginUser(t, tc.scenario, simtest.FreeRedirect(t))
			if tc.more != nil {
				tc.more(d)
			}
			before := d.file(tc.file)
			done, err := d.logIn()
			if err != nil || strings.Join(done.Saved, " ") != tc.saved || len(done.Shadows) != 0 {
				t.Fatalf("%+v, %v", done, err)
			}
			parts := strings.Split(d.file(tc.file), done.Token.Value())
			if len(parts) != 2 || !strings.HasPrefix(before, parts[0]) || !strings.HasSuffix(before, parts[1]) {
				t.Errorf("%s is not as it was but for the token", tc.file)
			}
			found, err := checks.Run(t.Context(), d.session.World("test/1"), checks.Options{Only: []string{"environment", "token"}})
			if err != nil || len(found.Report.RootCauses()) != 0 {
				t.Errorf("the doctor still finds %+v, %v", found.Report.RootCauses(), err)
			}
		})
	}
}

// TestVariableThatHidesTheTokenIsSaidFirst: before the browser opens the user
// knows that the login alone will not do, and afterwards which variable it is.
func TestVariableThatHidesTheTokenIsSaidFirst(t *testing.T) {
	t.Parallel()
	d := newLoginUser(t, "token-expired", simtest.FreeRedirect(t))
	inFile := d.browser
	d.browser = func(url string) {
		d.mu.Lock()
		said := d.printed.String()
		d.mu.Unlock()
		if !strings.Contains(said, "UPSTOX_ACCESS_TOKEN (environment) is read first: it will hide the new token, which goes into .upstox_token.") {
			t.Errorf("the browser opens after %q", said)
		}
		inFile(url)
	}
	done, err := d.logIn()
	if err != nil || done.Evidence.Find("variable") != "UPSTOX_ACCESS_TOKEN" || done.Evidence.Find("accepted_file") != ".upstox_token" {
		t.Errorf("got %+v, %v", done, err)
	}
	found, err := checks.Run(t.Context(), d.session.World("test/1"), checks.Options{Only: []string{"environment", "token"}})
	if causes := found.Report.RootCauses(); err != nil || len(causes) != 1 || causes[0].Code != catalog.TokenShadowed.Code {
		t.Errorf("the next run finds %+v, %v", causes, err)
	}
}

func TestStrongerSourcesAreNamed(t *testing.T) {
	t.Parallel()
	d := newLoginUser(t, "token-expired", simtest.FreeRedirect(t))
	done, err := d.logIn()
	if err != nil || len(done.Shadows) != 1 || done.Shadows[0] != "UPSTOX_ACCESS_TOKEN (environment)" {
		t.Errorf("got %v, %v", done.Shadows, err)
	}
}

func TestWriteEnv(t *testing.T) {
	t.Parallel()
	d := newLoginUser(t, "token-expired-in-file", simtest.FreeRedirect(t))
	d.options.WriteEnv = true
	path := filepath.Join(d.session.Dir, ".env")
	if err := os.WriteFile(path, []byte("# mine\nUPSTOX_ACCESS_TOKEN=\"old\"\nA=1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	done, err := d.logIn()
	if err != nil || len(done.Shadows) != 0 || strings.Join(done.Saved, " ") != ".env" {
		t.Fatalf("%+v, %v", done, err)
	}
	if got := d.file(".env"); got != "# mine\nUPSTOX_ACCESS_TOKEN=\""+done.Token.Value()+"\"\nA=1\n" {
		t.Error(".env is not as it was but for the token")
	}
}

func TestByHand(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		give func(address *url.URL) (string, error)
		want *catalog.Entry
	}{
		{"the whole address", func(u *url.URL) (string, error) { return u.String(), nil }, nil},
		{"the address without a line end", func(u *url.URL) (string, error) { return u.String(), io.EOF }, nil},
		{"the bare code", func(u *url.URL) (string, error) { return u.Query().Get("code"), nil }, nil},
		{"a used code", func(u *url.URL) (string, error) { return "mk404x", nil }, catalog.LoginCodeInvalid},
		{"a foreign state", func(u *url.URL) (string, error) { return u.String() + "x", nil }, catalog.LoginStateMismatch},
		{"a word", func(u *url.URL) (string, error) { return "hello", nil }, catalog.LoginAddressInvalid},
		{"the end of the input", func(u *url.URL) (string, error) { return "", io.EOF }, catalog.LoginCancelled},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newLoginUser(t, "token-missing", "https://me.example/cb")
			shown := make(chan string, 1)
			d.options.Dialogue.Open, d.options.ByHand, d.options.Dialogue.Once = nil, true, true
			d.options.Dialogue.Show = func(url string) { shown <- url }
			d.options.Dialogue.Ask = func(context.Context, string) (string, error) { return tc.give(d.address(<-shown)) }
			done, err := d.logIn()
			if tc.want != nil {
				diagnosed(t, err, tc.want)
			} else if err != nil || d.file(".upstox_token") != done.Token.Value() {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestWrongWordsAtThePrompt: what is no code is not sent, a code that Upstox
// refuses does not end the login, and the browser or the next line does.
func TestWrongWordsAtThePrompt(t *testing.T) {
	t.Parallel()
	for _, redirect := range []string{simtest.FreeRedirect(t), "https://me.example/cb"} {
		t.Run(redirect, func(t *testing.T) {
			t.Parallel()
			d := newLoginUser(t, "token-missing", redirect)
			d.options.Dialogue.Open = nil
			shown := make(chan string, 1)
			d.options.Dialogue.Show = func(url string) { shown <- url }
			lines := []string{"hello", "mk404x"}
			d.options.Dialogue.Ask = func(ctx context.Context, _ string) (string, error) {
				if len(lines) > 0 {
					line := lines[0]
					lines = lines[1:]
					return line, nil
				}
				address := d.address(<-shown)
				if login.Lands(redirect) {
					go d.open(address.String()) // its page ends with the login
					<-ctx.Done()
					return "", ctx.Err()
				}
				return address.String(), nil
			}
			if _, err := d.logIn(); err != nil {
				t.Fatal(err)
			}
			said := d.printed.String()
			if strings.Count(said, "Upstox refuses that code") != 1 || strings.Count(said, "neither an address with code= in it nor a code. Still waiting.") != 1 {
				t.Errorf("said %q", said)
			}
		})
	}
}

// TestRefusedCodeIsTheDiagnosis: of a login to which nothing better came.
func TestRefusedCodeIsTheDiagnosis(t *testing.T) {
	t.Parallel()
	d := newLoginUser(t, "token-missing", "https://me.example/cb")
	lines := []string{"mk404x"}
	d.options.Dialogue.Open = nil
	d.options.Dialogue.Ask = func(context.Context, string) (string, error) {
		if len(lines) == 0 {
			return "", io.EOF
		}
		lines = nil
		return "mk404x", nil
	}
	_, err := d.logIn()
	diagnosed(t, err, catalog.LoginCodeInvalid)
}

func TestNoTerminalToAsk(t *testing.T) {
	t.Parallel()
	d := newLoginUser(t, "token-missing", "https://me.example/cb")
	if _, err := d.logIn(); !errors.Is(err, login.ErrNoTerminal) {
		t.Errorf("got %v", err)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, scenario string
		flags          map[string]string
		want           *catalog.Entry
	}{
		{"wrong key", "token-expired-in-file", map[string]string{"UPSTOX_API_KEY": "51a0c0de-0000-4a11-9b0c-5e1f0da7a5e7"}, catalog.LoginRedirectMismatch},
		{"wrong redirect", "token-expired-in-file", map[string]string{"UPSTOX_REDIRECT_URI": simtest.FreeRedirect(t)}, catalog.LoginRedirectMismatch},
		{"wrong secret", "token-expired-in-file", map[string]string{"UPSTOX_API_SECRET": "notthesecret"}, catalog.LoginCredentialsInvalid},
		{"no such name", "dns-not-found", nil, catalog.DNSNotFound},
		{"no network", "offline", nil, catalog.Offline},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newLoginUser(t, tc.scenario, simtest.FreeRedirect(t))
			for name, value := range tc.flags {
				d.world.Flags[name] = value
			}
			d.browser = func(url string) { go d.visit(url) }
			before := d.file(".upstox_token")
			_, err := d.logIn()
			f := diagnosed(t, err, tc.want)
			if f.Seen == "" || d.file(".upstox_token") != before {
				t.Errorf("seen %q, or the token file changed", f.Seen)
			}
			if v := tc.flags["UPSTOX_API_SECRET"]; v != "" && strings.Contains(err.Error(), v) {
				t.Error("the secret is shown")
			}
		})
	}
}

func TestDeadlineAndInterrupt(t *testing.T) {
	t.Parallel()
	d := newLoginUser(t, "token-expired-in-file", simtest.FreeRedirect(t))
	before := d.file(".upstox_token")
	ctx, cancel := context.WithCancel(t.Context())
	d.browser = func(string) { cancel() } // the user gives up when the tab opens
	if _, err := d.world.LogIn(ctx, d.options); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	for foreign, want := range map[string]*catalog.Entry{"": catalog.LoginTimeout, "?code=evil42&state=x": catalog.LoginStateMismatch} {
		ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
		defer cancel()
		d.browser = func(string) {
			if foreign != "" {
				d.open(d.world.Flags["UPSTOX_REDIRECT_URI"] + foreign)
			}
		}
		_, err := d.world.LogIn(ctx, d.options)
		diagnosed(t, err, want)
	}
	if d.file(".upstox_token") != before {
		t.Error("the old token is lost")
	}
}

func TestMissingCredentials(t *testing.T) {
	t.Parallel()
	uri := simtest.FreeRedirect(t)
	d := newLoginUser(t, "token-expired-in-file", uri)
	secret := d.session.Env["UPSTOX_API_SECRET"]
	env := d.world.Env
	d.world.Env = func(name string) (string, bool) {
		if name == "UPSTOX_API_SECRET" {
			return "YOUR_API_SECRET", true
		}
		return env(name)
	}
	_, err := d.logIn()
	if failure := diagnosed(t, err, catalog.EnvPlaceholderValue); failure.Target != "UPSTOX_API_SECRET" {
		t.Errorf("speaks of %s", failure.Target)
	}
	d.options.AskFor = func(_ context.Context, name string, hidden bool) (string, error) {
		if name != "UPSTOX_API_SECRET" || !hidden {
			t.Errorf("asks for %s, hidden %t", name, hidden)
		}
		return secret, nil
	}
	d.options.Confirm = func(_ context.Context, question string) (bool, error) {
		return strings.Contains(question, ".env"), nil
	}
	if _, err := d.logIn(); err != nil {
		t.Fatal(err)
	}
	if got := d.file(".env"); got != "UPSTOX_API_SECRET="+secret+"\n" {
		t.Error("the secret is not saved in .env")
	}
	d.options.AskFor = func(context.Context, string, bool) (string, error) { return "", io.EOF }
	if _, err := d.logIn(); err != nil { // it stands in .env now, but behind sample text
		t.Error(err)
	}
}

func TestUnwritableStoreIsFoundBeforeTheLogin(t *testing.T) {
	t.Parallel()
	d := newLoginUser(t, "token-missing", simtest.FreeRedirect(t))
	d.world.TokenFile = filepath.Join("no", "such", "token")
	d.browser = func(string) { t.Error("the user is sent to log in for nothing") }
	_, err := d.logIn()
	diagnosed(t, err, catalog.TokenFileUnwritable)
}

// TestAnotherAccount: who logs in is told whose token it is now, if the one before was
// of another account. A pasted code alone does not show whose it is.
func TestAnotherAccount(t *testing.T) {
	t.Parallel()
	of := func(claims string) string {
		part := base64.RawURLEncoding.EncodeToString
		return part([]byte(`{"alg":"HS256"}`)) + "." + part([]byte(claims)) + "." + part(make([]byte, 32))
	}
	for before, want := range map[string]string{
		of(`{"sub":"AB1234","iat":1795300000,"exp":1795300001}`): "AB1234",
		of(`{"sub":"4SIMUL","iat":1795300000,"exp":1795300001}`): "4SIMUL",
		of(`{"iat":1795300000,"exp":1795300001}`):                "",
	} {
		d := newLoginUser(t, "token-missing", "https://me.example/cb")
		writeFile(t, filepath.Join(d.session.Dir, ".upstox_token"), before)
		shown := make(chan string, 1)
		d.options.Dialogue.Open = nil
		d.options.Dialogue.Show = func(url string) { shown <- url }
		d.options.Dialogue.Ask = func(context.Context, string) (string, error) { return d.address(<-shown).Query().Get("code"), nil }
		done, err := d.logIn()
		if err != nil || done.Replaced.User != want || done.Token.User != "4SIMUL" {
			t.Errorf("%q: %q then %q, %v", want, done.Replaced.User, done.Token.User, err)
		}
	}
}
