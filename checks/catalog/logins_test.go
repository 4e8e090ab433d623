package catalog

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const apiKey, apiSecret = "11111111-2222", "s3cr3t+&%"

// tokenServer answers the exchange as Upstox does, and refuses any other code.
func tokenServer(t *testing.T) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for name, want := range map[string]string{
			"client_id": apiKey, "client_secret": apiSecret, "grant_type": "authorization_code",
			"redirect_uri": "http://127.0.0.1:5000/callback", "code": "mk404x",
		} {
			if got := r.PostFormValue(name); got != want {
				w.WriteHeader(http.StatusUnauthorized)
				_, _ = w.Write([]byte(`{"status":"error","errors":[{"errorCode":"UDAPI100057","message":"` + name + `","error_code":"UDAPI100057"}]}`))
				return
			}
		}
		_, _ = w.Write([]byte(`{"email":"a@b.c","access_token":"new.access.token","extended_token":"new.extended.token"}`))
	}))
	t.Cleanup(s.Close)
	return s
}

// shell runs the commands in one bash, as a user pastes them, and returns what
// is printed.
func shell(t *testing.T, dir, server, input string, env []string, commands ...string) string {
	t.Helper()
	for _, tool := range []string{"bash", "curl", "awk"} {
		if _, err := exec.LookPath(tool); err != nil || runtime.GOOS == "windows" {
			t.Skip("no " + tool)
		}
	}
	script := strings.ReplaceAll(strings.Join(commands, "\n"), "https://api.upstox.com/v2/login/authorization/token", server)
	cmd := exec.CommandContext(t.Context(), "bash", "-c", script)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(input)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH")}, env...)
	out, _ := cmd.CombinedOutput()
	for _, secret := range []string{apiSecret, "new.access", "new.extended", "old.token"} {
		if strings.Contains(string(out), secret) {
			t.Errorf("prints %s:\n%s", secret, out)
		}
	}
	return string(out)
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestLoginByHand(t *testing.T) {
	t.Parallel()
	const address = "http://127.0.0.1:5000/callback?code=mk404x&state=1 \n"
	for name, env := range map[string]string{
		"as documented":   "UPSTOX_API_KEY=" + apiKey + "\nUPSTOX_API_SECRET='" + apiSecret + "'\nUPSTOX_REDIRECT_URI=http://127.0.0.1:5000/callback\nUPSTOX_ACCESS_TOKEN=old.token\nA=1\n",
		"from Windows":    "UPSTOX_API_KEY=" + apiKey + "\r\nUPSTOX_API_SECRET='" + apiSecret + "'\r\nUPSTOX_REDIRECT_URI=http://127.0.0.1:5000/callback\r\nUPSTOX_ACCESS_TOKEN=old.token\r\nA=1\r\n",
		"other names":     "UPSTOX_CLIENT_ID=" + apiKey + "\nUPSTOX_CLIENT_SECRET='" + apiSecret + "'\nUPSTOX_REDIRECT_URI=http://127.0.0.1:5000/callback\nexport UPSTOX_ACCESS_TOKEN=old.token\nA=1\n",
		"without a token": "UPSTOX_API_KEY=" + apiKey + "\nUPSTOX_API_SECRET='" + apiSecret + "'\nUPSTOX_REDIRECT_URI=http://127.0.0.1:5000/callback\nA=1\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, dir, ".env", env)
			out := shell(t, dir, tokenServer(t).URL, address, nil, loginURL, loginExchange, loginEnv, `echo "left: $UPSTOX_ACCESS_TOKEN"`)
			want := "https://api.upstox.com/v2/login/authorization/dialog?response_type=code&client_id=" + apiKey + "&redirect_uri=http://127.0.0.1:5000/callback\naddress: token saved\nleft: \n"
			if out != want {
				t.Errorf("prints\n%q\nwant\n%q", out, want)
			}
			if got := read(t, dir, ".upstox_token"); !strings.Contains(got, `"access_token":"new.access.token"`) {
				t.Errorf("token file: %q", got)
			}
			info, err := os.Stat(filepath.Join(dir, ".upstox_token"))
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("mode: %v, %v", info.Mode(), err)
			}
			got := read(t, dir, ".env")
			if strings.Contains(got, "old.token") || !strings.Contains(got, "\nA=1") || strings.Contains(env, "ACCESS_TOKEN") != strings.Contains(got, "UPSTOX_ACCESS_TOKEN=new.access.token\n") {
				t.Errorf(".env: %q", got)
			}
			left, _ := filepath.Glob(filepath.Join(dir, "*.new"))
			hidden, _ := filepath.Glob(filepath.Join(dir, ".*.new"))
			if len(left)+len(hidden) > 0 {
				t.Errorf("leaves %s %s", left, hidden)
			}
		})
	}
}

func TestLoginByHandRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, ".upstox_token", "old.token")
	env := []string{"UPSTOX_API_KEY=" + apiKey, "UPSTOX_API_SECRET=" + apiSecret, "UPSTOX_REDIRECT_URI=http://127.0.0.1:5000/callback"}
	if out := shell(t, dir, tokenServer(t).URL, "used12\n", env, loginExchange); out != "address: UDAPI100057\n" {
		t.Errorf("prints %q", out)
	}
	if got := read(t, dir, ".upstox_token"); got != "old.token" {
		t.Errorf("the old token is lost: %q", got)
	}
}

func TestLoginByHandWithoutValues(t *testing.T) {
	t.Parallel()
	for name, env := range map[string]string{
		"no file":         "",
		"empty":           "A=1\n",
		"sample text":     "UPSTOX_API_KEY=<your key>\nUPSTOX_API_SECRET=" + apiSecret + "\n",
		"space after =":   "UPSTOX_API_SECRET= " + apiSecret + "\n",
		"byte order mark": "\ufeffUPSTOX_API_KEY=old.token\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if env != "" {
				write(t, dir, ".env", env)
			}
			if out := shell(t, dir, "", "", nil, loginURL); !strings.Contains(out, "is not set") || strings.Contains(out, "dialog") {
				t.Errorf("prints %q", out)
			}
		})
	}
}

func TestProxiesAreShownWithoutPasswords(t *testing.T) {
	t.Parallel()
	out := shell(t, t.TempDir(), "", "", []string{"HTTPS_PROXY=http://user:" + apiSecret + "@proxy.corp:3128", "http_proxy=u:" + apiSecret + "@p:1", "ALL_PROXY=socks5://p:2"}, seeProxies.Run+" | sort")
	if want := "ALL_PROXY=socks5://p:2\nHTTPS_PROXY=http://***@proxy.corp:3128\nhttp_proxy=***@p:1\n"; out != want {
		t.Errorf("prints %q, want %q", out, want)
	}
}

func TestShadowedTokensAreShownByName(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, ".env", "A=1\nUPSTOX_ACCESS_TOKEN=old.token\n")
	write(t, dir, ".upstox_token", "old.token")
	out := shell(t, dir, "", "", []string{"UPSTOX_ANALYTICS_TOKEN=old.token"}, TokenShadowed.Steps[0].Run)
	if !strings.HasPrefix(out, "UPSTOX_ANALYTICS_TOKEN\n.env:2:UPSTOX_ACCESS_TOKEN\n-rw") {
		t.Errorf("prints %q", out)
	}
}

func TestCleaningKeepsTheRest(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("perl"); err != nil {
		t.Skip("no perl")
	}
	dir := t.TempDir()
	write(t, dir, ".env", "\ufeffA=1 \r\n# c\r\nB=x\u200b\n")
	if out := shell(t, dir, "", "", nil, EnvMalformedValue.Steps[0].Run); out != "" {
		t.Errorf("prints %q", out)
	}
	if got := read(t, dir, ".env"); got != "A=1\n# c\nB=x\n" {
		t.Errorf("got %q", got)
	}
}

func TestConvertingLeavesUTF8Alone(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("iconv"); err != nil {
		t.Skip("no iconv")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"plain": "A=1\n", "wide": "\xff\xfeA\x00=\x001\x00\n\x00"} {
		write(t, dir, name, text)
		shell(t, dir, "", "", nil, strings.ReplaceAll(EnvFileUnreadable.Steps[2].Run, "{file}", name))
		if got := read(t, dir, name); got != "A=1\n" {
			t.Errorf("%s: got %q", name, got)
		}
	}
}
