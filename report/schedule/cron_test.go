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

// cronLine is the line of the entry that is neither comment nor setting.
func cronLine(t *testing.T, e Entry) string {
	t.Helper()
	var lines []string
	for line := range strings.Lines(e.Files[0].Content) {
		if !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "MAILTO=") {
			lines = append(lines, strings.TrimSuffix(line, "\n"))
		}
	}
	if len(lines) != 1 {
		t.Fatalf("%d lines to run: %q", len(lines), lines)
	}
	return lines[0]
}

// dialects are what crons make of a backslash and the character behind it
// before the shell gets the command. All end it at a bare %.
var dialects = map[string]*strings.Replacer{
	"that leaves the backslash":      strings.NewReplacer(`\\`, `\\`, `\%`, `\%`),
	"that takes it from the percent": strings.NewReplacer(`\\`, `\\`, `\%`, "%"),
	"that sees the last of many":     strings.NewReplacer(`\%`, "%"),
	"of Debian":                      strings.NewReplacer(`\\`, `\`, `\%`, "%"),
}

// command is what cron hands to the shell.
func command(t *testing.T, e Entry, dialect *strings.Replacer) string {
	t.Helper()
	line := strings.SplitN(cronLine(t, e), " ", 6)[5]
	if bare := regexp.MustCompile(`(^|[^\\])(\\\\)*%`); bare.MatchString(line) {
		t.Fatalf("cron ends the command at a %%: %s", line)
	}
	return dialect.Replace(line)
}

func TestCronRunsTheCommand(t *testing.T) {
	t.Parallel()
	for name, dialect := range dialects {
		t.Run("cron "+name, func(t *testing.T) {
			t.Parallel()
			o := stage(t, Cron)
			line := command(t, made(t, o), dialect)
			if status := run(t, "/", "sh", "-c", line); status != 0 {
				t.Errorf("status %d", status)
			}
			want(t, o, []string{"-q"}, onFailTells)
			recovered(t, o)
			run(t, "/", "sh", "-c", line)
			want(t, o, []string{"-q"}, "")
			o.OnFail = ""
			os.Remove(filepath.Join(o.Dir, "healthy"))
			line = command(t, made(t, o), dialect)
			if status := run(t, "/", "sh", "-c", line); status != 3 {
				t.Errorf("status %d, want the doctor's own", status)
			}
		})
	}
}

func TestCronMail(t *testing.T) {
	t.Parallel()
	o := options(Cron)
	if text := made(t, o).Text(); strings.Contains(text, "MAILTO") || !strings.Contains(text, "cron mails to\n# you,") {
		t.Errorf("without an address:\n%s", text)
	}
	o.Mail = "me+bot@example.com,root"
	if text := made(t, o).Text(); !strings.Contains(text, "\nMAILTO=me+bot@example.com,root\n") {
		t.Errorf("with an address:\n%s", text)
	}
}

// TestCronTakesTheText lets Debian's crontab read the text. It installs none.
func TestCronTakesTheText(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("no Debian crontab")
	}
	need(t, "crontab")
	o := stage(t, Cron)
	o.Mail = "me@example.com"
	long := options(Cron)
	long.OnFail = strings.Repeat("x", maxCommand-len("cd /home/me/bot && /home/me/bin/upstox-doctor -q || sh -c "))
	for name, tc := range map[string]struct {
		text string
		good bool
	}{
		"an entry":          {made(t, o).Text(), true},
		"the longest":       {made(t, long).Text(), true},
		"longer":            {strings.Replace(made(t, long).Text(), "xxx", "xxxx", 1), false},
		"no crontab at all": {"40 8 * * Mun cd\n", false},
	} {
		file := filepath.Join(t.TempDir(), "crontab")
		if err := os.WriteFile(file, []byte(tc.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if said, err := exec.Command("crontab", "-n", file).CombinedOutput(); (err == nil) != tc.good {
			t.Errorf("%s: %v %s", name, err, said)
		}
	}
}

// TestCronInstall runs the printed command against a crontab of its own, which
// is a file, and wants the other entries untouched and ours there once.
func TestCronInstall(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	need(t, "sh")
	need(t, "sed")
	e := made(t, options(Cron))
	others := "# >>> mine\n0 5 * * * backup # >>> upstox-doctor\n# <<< mine\n"
	const fake = "#!/bin/sh\ncase $1 in -l) cat \"$0.tab\";; -) cat >\"$0.new\"; mv \"$0.new\" \"$0.tab\";; esac\n"
	for name, text := range map[string]string{"crontab": fake, "crontab.tab": others, "upstox-doctor.cron": e.Text()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		// The shell reads the script, so no process of this test has to.
		cmd := exec.Command("sh", "-c", `crontab() { sh "$PWD/crontab" "$@"; }; `+e.Activate[0])
		cmd.Dir = dir
		if said, err := cmd.CombinedOutput(); err != nil || len(said) > 0 {
			t.Fatalf("%v %s", err, said)
		}
		if got, err := os.ReadFile(filepath.Join(dir, "crontab.tab")); err != nil || string(got) != others+e.Text() {
			t.Errorf("%v, the crontab is now:\n%s", err, got)
		}
	}
}
