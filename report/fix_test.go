package report

import (
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/redact"
)

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	const all = "{target} {host} {proxy} {file}"
	with := func(pairs ...string) evidence {
		var e evidence
		for i := 0; i < len(pairs); i += 2 {
			e = append(e, doctor.Item{Name: pairs[i], Value: pairs[i+1]})
		}
		return e
	}
	for _, tc := range []struct {
		name         string
		check        Check
		sentence     string
		command      string
		alsoSentence []string // all targets
	}{
		{name: "nothing known", check: Check{},
			sentence: "api.upstox.com api.upstox.com the proxy .env",
			command:  "api.upstox.com api.upstox.com http://PROXY:PORT .env"},
		{name: "a host", check: Check{Target: feed},
			sentence: feed + " " + feed + " the proxy .env",
			command:  feed + " " + feed + " http://PROXY:PORT .env"},
		{name: "a variable is no host", check: Check{Target: "UPSTOX_API_KEY"},
			sentence: "UPSTOX_API_KEY api.upstox.com the proxy .env",
			command:  "api.upstox.com api.upstox.com http://PROXY:PORT .env"},
		{name: "an instrument key is no host", check: Check{Target: "NSE_INDEX|Nifty 50"},
			sentence: "NSE_INDEX|Nifty 50 api.upstox.com the proxy .env",
			command:  "api.upstox.com api.upstox.com http://PROXY:PORT .env"},
		{name: "a file as target", check: Check{Target: "conf/live.env"},
			sentence: "conf/live.env api.upstox.com the proxy conf/live.env",
			command:  "api.upstox.com api.upstox.com http://PROXY:PORT conf/live.env"},
		{name: "the token file", check: Check{Code: "token-file-permissions"},
			sentence: "api.upstox.com api.upstox.com the proxy .upstox_token",
			command:  "api.upstox.com api.upstox.com http://PROXY:PORT .upstox_token"},
		{name: "evidence", check: Check{Target: feed, Evidence: with("host", "other.example", "proxy", "http://p.example:3128", "file", "my env")},
			sentence: feed + " other.example http://p.example:3128 my env",
			command:  feed + " other.example http://p.example:3128 'my env'"},
		{name: "a file of the home directory", check: Check{Target: "~/.streamlit/my secrets.toml"},
			sentence: "~/.streamlit/my secrets.toml api.upstox.com the proxy ~/.streamlit/my secrets.toml",
			command:  "api.upstox.com api.upstox.com http://PROXY:PORT ~/'.streamlit/my secrets.toml'"},
		{name: "evidence that is no host", check: Check{Target: api, Evidence: with("host", "$(reboot)")},
			sentence: "api.upstox.com api.upstox.com the proxy .env",
			command:  "api.upstox.com api.upstox.com http://PROXY:PORT .env"},
		{name: "an address", check: Check{Target: "2606:4700::6812:1607"},
			sentence: "2606:4700::6812:1607 2606:4700::6812:1607 the proxy .env",
			command:  "2606:4700::6812:1607 2606:4700::6812:1607 http://PROXY:PORT .env"},
		{name: "several targets", check: Check{Target: api}, alsoSentence: []string{api, feed},
			sentence: api + " and " + feed + " api.upstox.com the proxy .env",
			command:  "api.upstox.com api.upstox.com http://PROXY:PORT .env"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			e := &catalog.Entry{Steps: []catalog.Step{{Do: all, Run: all}}}
			got := builder{goos: "linux"}.fix(e, tc.check, tc.alsoSentence...).Steps[0]
			if got.Do != tc.sentence {
				t.Errorf("got sentence %q, want %q", got.Do, tc.sentence)
			}
			if got.Run != tc.command {
				t.Errorf("got command %q, want %q", got.Run, tc.command)
			}
		})
	}
}

// shellSyntax are values that have a meaning in a shell.
var shellSyntax = []string{
	"$(touch pwned)", "`touch pwned`", "; touch pwned", "a' ; touch pwned ; '", `a" ; touch pwned ; "`, "| touch pwned", "&& touch pwned",
	"$HOME", "!!", `\`, `a\" ; touch pwned #`, "* ?", "~", "-rf", "{a,b}", "> pwned", "a\u2019; touch pwned; \u2018", "a b", "[x]", "#", "%PATH%",
}

// TestCommandsKeepValuesInOneWord lets a real shell read the lines.
func TestCommandsKeepValuesInOneWord(t *testing.T) {
	t.Parallel()
	sh, err := exec.LookPath("sh")
	if err != nil || runtime.GOOS == "windows" {
		t.Skip("no Unix shell here")
	}
	for template, want := range map[string]func(string) string{
		`printf '%s\n' {file}`: func(v string) string {
			if strings.HasPrefix(v, "-") {
				return "./" + v
			}
			return v
		},
		`: "x" 'y'; printf '%s\n' "{file}"`: func(v string) string { return quotable(v, '"', catalog.POSIX) },
		`(printf '%s\n' "$(printf %s {file})")`: func(v string) string {
			if strings.HasPrefix(v, "-") {
				return "./" + v
			}
			return v
		},
		`: "x"; printf '%s\n' '{file}'`: func(v string) string { return quotable(v, '\'', catalog.POSIX) },
	} {
		var script, wants []string
		for _, value := range shellSyntax {
			script = append(script, fillCommand(template, map[string]string{"{file}": value}, catalog.POSIX))
			wants = append(wants, want(value))
		}
		cmd := exec.Command(sh, "-c", strings.Join(script, "\n"))
		cmd.Dir = t.TempDir()
		out, err := cmd.CombinedOutput()
		if diff := cmp.Diff(wants, strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")); err != nil || diff != "" {
			t.Errorf("%s: the shell ends with %v and reads (- want, + got)\n%s", template, err, diff)
		}
	}
}

func TestWindowsCommands(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ template, value, want string }{
		{`notepad "{file}"`, `C:\Users\A B\.env`, `notepad "C:\Users\A B\.env"`},
		{`notepad {file}`, `C:\Users\A B\.env`, `notepad 'C:\Users\A B\.env'`},
		{`notepad {file}`, "a\u2019; calc; \u2018", `notepad 'a; calc; '`},
		{`notepad "{file}"`, "a\u201d; calc; $(calc) `\"", `notepad "a; calc; (calc) "`},
		{`notepad {file}`, `.env`, `notepad .env`},
	} {
		if got := fillCommand(tc.template, map[string]string{"{file}": tc.value}, catalog.PowerShell); got != tc.want {
			t.Errorf("got %s, want %s", got, tc.want)
		}
	}
}

func TestFixIsOfTheSystem(t *testing.T) {
	t.Parallel()
	e := &catalog.Entry{Code: "x", Guide: "row", Repair: "login", Steps: []catalog.Step{{Do: "Do.", Run: "linux", Mac: "mac", Windows: "windows"}}}
	for goos, want := range map[string]string{"linux": "linux", "darwin": "mac", "windows": "windows", "freebsd": "linux"} {
		got := builder{goos: goos}.fix(e, Check{})
		if !slices.Equal(got.Steps, []Step{{"Do.", want}}) || got.Guide != "row" || got.Repair != "login" {
			t.Errorf("on %s got %+v", goos, got)
		}
	}
	if got := (builder{}).fix(&catalog.Entry{Code: "x"}, Check{Code: "x"}); len(got.Steps) != 1 || got.Steps[0].Run != "upstox-doctor explain x" {
		t.Errorf("an entry without steps gives %+v", got)
	}
}

// TestCatalogCommandsFill takes every command of the catalog through the
// filling: no placeholder may be left in any.
func TestCatalogCommandsFill(t *testing.T) {
	t.Parallel()
	for _, e := range catalog.All() {
		for _, goos := range []string{"linux", "darwin", "windows"} {
			for _, s := range (builder{goos: goos}).fix(e, Check{Code: e.Code, Target: feed}).Steps {
				if placeholder.MatchString(s.Do + s.Run) {
					t.Errorf("%s on %s: a placeholder is left in %q, %q", e.Code, goos, s.Do, s.Run)
				}
			}
		}
	}
}

func TestHomeDirectoryInEachShell(t *testing.T) {
	t.Parallel()
	const line = `a {file} "{file}"`
	for shell, want := range map[catalog.Shell]string{
		catalog.POSIX:      `a ~/.x/y.toml "$HOME/.x/y.toml"`,
		catalog.PowerShell: `a "$HOME/.x/y.toml" "$HOME/.x/y.toml"`,
		catalog.Cmd:        `a "%USERPROFILE%\.x/y.toml" "%USERPROFILE%\.x/y.toml"`,
	} {
		if got := fillCommand(line, map[string]string{"{file}": "~/.x/y.toml"}, shell); got != want {
			t.Errorf("%s: got %s, want %s", shell, got, want)
		}
	}
}

// TestWordsThatCannotBeShown are the same to a shell.
func TestWordsThatCannotBeShown(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"a\nb", "-\x1b[31m", "c\u009b2J\u202e\x7f", "\xff\xfe", "100 %\\x'\"$(echo made)`echo made`\t"} {
		word := shellWord(value, catalog.POSIX)
		if !redact.IsVisible(word) {
			t.Errorf("%q is shown as %q", value, word)
		}
		if _, err := exec.LookPath("sh"); err != nil {
			continue
		}
		if got, err := exec.Command("sh", "-c", "printf %s "+word).Output(); err != nil || string(got) != value {
			t.Errorf("%s is %q to a shell, want %q (%v)", word, got, value, err)
		}
	}
}
