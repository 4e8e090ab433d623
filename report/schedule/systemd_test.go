package schedule

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// setting is the value of a setting that stands once in the unit.
func setting(t *testing.T, unit, name string) string {
	t.Helper()
	found := regexp.MustCompile(`(?m)^`+name+`=(.*)$`).FindAllStringSubmatch(unit, -1)
	if len(found) != 1 {
		t.Fatalf("%d settings %s in:\n%s", len(found), name, unit)
	}
	return found[0][1]
}

// words takes ExecStart apart as systemd does: quotes and backslashes, then
// specifiers, then variables. Neither of the latter may be left.
func words(t *testing.T, line string) (all []string) {
	t.Helper()
	for line != "" {
		var word string
		if quoted := regexp.MustCompile(`^"((?:[^"\\]|\\["\\])*)"(?: |$)`).FindStringSubmatch(line); quoted != nil {
			word, line = strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(quoted[1]), line[len(quoted[0]):]
		} else {
			word, line, _ = strings.Cut(line, " ")
			if strings.ContainsAny(word, `"'\`) {
				t.Errorf("bare word %q", word)
			}
		}
		all = append(all, doubled(t, doubled(t, word, "%"), "$"))
	}
	return all
}

// doubled halves the doubled characters and refuses single ones.
func doubled(t *testing.T, s, char string) string {
	t.Helper()
	parts := strings.Split(s, char+char)
	for _, p := range parts {
		if strings.Contains(p, char) {
			t.Errorf("systemd would replace something in %q", s)
		}
	}
	return strings.Join(parts, char)
}

func TestSystemdRunsTheCommand(t *testing.T) {
	t.Parallel()
	o := stage(t, Systemd)
	e := made(t, o)
	service, failed := e.Files[0].Content, e.Files[2].Content
	if got := setting(t, service, "OnFailure"); got != e.Files[2].Name {
		t.Errorf("OnFailure=%s", got)
	}
	for _, unit := range []string{service, failed} {
		if got := doubled(t, setting(t, unit, "WorkingDirectory"), "%"); got != o.Dir {
			t.Errorf("works in %q, want %q", got, o.Dir)
		}
	}
	if status := run(t, o.Dir, words(t, setting(t, service, "ExecStart"))...); status != 3 {
		t.Errorf("status %d, want the doctor's own", status)
	}
	run(t, o.Dir, words(t, setting(t, failed, "ExecStart"))...)
	want(t, o, []string{"-q"}, onFailTells)
}

func TestSystemdPaths(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/home/me":     "/home/me",
		"/100%":        "/100%%",
		`/ends with \`: `/ends with \/`,
		"/ends with ":  "/ends with /",
	} {
		if got := unitPath(path); got != want {
			t.Errorf("%q becomes %q, want %q", path, got, want)
		}
	}
	for path, want := range map[string]string{
		"/usr/bin/x": "/usr/bin/x",
		"/a b/100%":  `"/a b/100%%"`,
		"/it's":      `/bin/sh -c "exec \"$$0\" \"$$@\"" "/it's"`,
	} {
		if got := unitProgram(path); got != want {
			t.Errorf("%q becomes %s, want %s", path, got, want)
		}
	}
}

// TestSystemdTakesTheUnits saves the units as the text says, with its own
// command, and lets systemd verify them.
func TestSystemdTakesTheUnits(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("no systemd")
	}
	need(t, "systemd-analyze")
	need(t, "awk")
	for name, tc := range map[string]struct {
		change func(*Options)
		spoil  string
		good   bool
	}{
		"awkward":         {func(*Options) {}, "", true},
		"ends in a space": {func(o *Options) { o.Dir += " " }, "", true},
		"no command":      {func(o *Options) { o.OnFail = "" }, "", true},
		"spoilt zone":     {func(*Options) {}, "Asia/Kolkata", false},
		"no such program": {func(*Options) {}, "/bin/sh -c", false},
		"spoilt weekdays": {func(*Options) {}, "Mon..Fri", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			units := filepath.Join(home, ".config", "systemd", "user")
			if err := os.MkdirAll(units, 0o700); err != nil {
				t.Fatal(err)
			}
			o := stage(t, Systemd)
			tc.change(&o)
			e := made(t, o)
			text := e.Text()
			if tc.spoil != "" {
				text = strings.Replace(text, tc.spoil, "x"+tc.spoil, 1)
			}
			if err := os.WriteFile(filepath.Join(home, "upstox-doctor.units"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			save := regexp.MustCompile(`(?m)^#     (awk .*)$`).FindStringSubmatch(text)[1]
			args := []string{"--user", "verify"}
			for _, f := range e.Files {
				args = append(args, filepath.Join(units, f.Name))
			}
			var said []byte
			for _, command := range []*exec.Cmd{exec.Command("sh", "-c", save), exec.Command("systemd-analyze", args...)} {
				command.Dir = home
				command.Env = []string{"HOME=" + home, "XDG_RUNTIME_DIR=" + home, "PATH=" + os.Getenv("PATH")}
				var err error
				if said, err = command.CombinedOutput(); err != nil {
					said = append(said, err.Error()...)
				}
			}
			if good := len(said) == 0; good != tc.good {
				t.Errorf("good is %v: %s\n%s", good, said, text)
			}
		})
	}
}

// TestSystemdCalendar asks systemd for the runs of a year, on a machine far
// from India.
func TestSystemdCalendar(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("no systemd")
	}
	need(t, "systemd-analyze")
	timer := made(t, options(Systemd)).Files[1].Content
	cmd := exec.Command("systemd-analyze", "calendar", "--iterations=261", "--base-time=2026-11-23 00:00:00 UTC", setting(t, timer, "OnCalendar"))
	cmd.Env = append(os.Environ(), "TZ=America/New_York", "LC_ALL=C")
	said, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	days := map[string]int{}
	for _, run := range regexp.MustCompile(`\(in UTC\): (\w+) [-0-9]+ (\S+) UTC`).FindAllStringSubmatch(string(said), -1) {
		if run[2] != "03:10:00" {
			t.Errorf("runs at %s UTC", run[2])
		}
		days[run[1]]++
	}
	if len(days) != 5 || days["Mon"]+days["Fri"] < 104 || days["Sat"]+days["Sun"] > 0 {
		t.Errorf("runs %v", days)
	}
	if got := setting(t, timer, "Persistent"); got != "false" {
		t.Errorf("Persistent=%s", got)
	}
}
