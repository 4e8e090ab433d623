package catalog

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const apiSecret = "s3cr3t+&%"

// shell runs the commands in one bash, as a user pastes them, and returns what
// is printed.
func shell(t *testing.T, dir, input string, env []string, commands ...string) string {
	t.Helper()
	for _, tool := range []string{"bash", "curl", "awk"} {
		if _, err := exec.LookPath(tool); err != nil || runtime.GOOS == "windows" {
			t.Skip("no " + tool)
		}
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-c", strings.Join(commands, "\n"))
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

// TestRepairsBeginTheLogin: an entry that a login repairs begins the login in
// its steps, and describes no other way.
func TestRepairsBeginTheLogin(t *testing.T) {
	t.Parallel()
	for _, e := range All() {
		commands := ""
		for _, s := range e.Steps {
			commands += s.Run + s.Mac + s.Windows + "\n"
		}
		if e.Repair == "login" && !strings.Contains(commands, "upstox-doctor login\n") {
			t.Errorf("%s: no step logs in", e.Code)
		}
		if strings.Contains(commands, "authorization/dialog") || strings.Contains(commands, "authorization/token") {
			t.Errorf("%s: a step does the login by other means", e.Code)
		}
	}
}

func TestProxiesAreShownWithoutPasswords(t *testing.T) {
	t.Parallel()
	out := shell(t, t.TempDir(), "", []string{"HTTPS_PROXY=http://user:" + apiSecret + "@proxy.corp:3128", "http_proxy=u:" + apiSecret + "@p:1", "ALL_PROXY=socks5://p:2"}, seeProxies.Run+" | sort")
	if want := "ALL_PROXY=socks5://p:2\nHTTPS_PROXY=http://***@proxy.corp:3128\nhttp_proxy=***@p:1\n"; out != want {
		t.Errorf("prints %q, want %q", out, want)
	}
}

func TestShadowedTokensAreShownByName(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, ".env", "A=1\nUPSTOX_ACCESS_TOKEN=old.token\n")
	write(t, dir, ".upstox_token", "old.token")
	out := shell(t, dir, "", []string{"UPSTOX_ANALYTICS_TOKEN=old.token"}, TokenShadowed.Steps[0].Run)
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
	if out := shell(t, dir, "", nil, EnvMalformedValue.Steps[0].Run); out != "" {
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
		shell(t, dir, "", nil, strings.ReplaceAll(EnvFileUnreadable.Steps[2].Run, "{file}", name))
		if got := read(t, dir, name); got != "A=1\n" {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

// A key that stands still alone is named in the steps, and the rest of the stream
// is not blamed.
func TestStepsOfFrozenKey(t *testing.T) {
	t.Parallel()
	f := Finding{Code: NoLiveTicks.Code, Target: "NSE_EQ|A", Evidence: map[string]any{"quote_price": 2.5}}
	steps := NoLiveTicks.Remedy(f)
	if steps[0].Run != "upstox-doctor watch --instrument 'NSE_EQ|A'" || !strings.Contains(steps[1].Do, "NSE_EQ|A") {
		t.Errorf("%+v", steps)
	}
	if f.Target = "NSE_EQ|it's"; NoLiveTicks.Remedy(f)[0].Run != "" {
		t.Error("a command that no shell can read")
	}
	if f.Evidence = nil; strings.Contains(NoLiveTicks.Remedy(f)[0].Do, f.Target) {
		t.Error("the whole stream stands still, and one key is named")
	}
}
