package schedule

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"upstox-doctor/report/notify"
)

// withLogin are the options of an entry that logs in and tells by a command with
// everything in it that some syntax would obey.
func withLogin(t *testing.T, k Kind) (o Options, args []string) {
	t.Helper()
	o = stage(t, k)
	o.Login, o.Notify, o.OnFail = true, onFail, ""
	return o, []string{"--trading-day", "--login", "--request", "--yes", "--login-deadline", "60m", "--notify", onFail}
}

func TestEntriesThatLogIn(t *testing.T) {
	t.Parallel()
	t.Run("cron", func(t *testing.T) {
		t.Parallel()
		o, args := withLogin(t, Cron)
		if status := run(t, "/", "sh", "-c", command(t, made(t, o), dialects["of Debian"])); status != 3 {
			t.Errorf("status %d, want the doctor's own", status)
		}
		want(t, o, append([]string{"-q"}, args...), "")
	})
	t.Run("systemd", func(t *testing.T) {
		t.Parallel()
		o, args := withLogin(t, Systemd)
		if status := run(t, o.Dir, words(t, setting(t, made(t, o).Files[0].Content, "ExecStart"))...); status != 3 {
			t.Errorf("status %d, want the doctor's own", status)
		}
		want(t, o, append([]string{"-q"}, args...), "")
	})
	t.Run("launchd", func(t *testing.T) {
		t.Parallel()
		o, args := withLogin(t, Launchd)
		if status := run(t, o.Dir, read(t, made(t, o)).ProgramArguments...); status != 3 {
			t.Errorf("status %d, want the doctor's own", status)
		}
		want(t, o, append([]string{"-o", "table=" + reportFile}, args...), "")
	})
}

func TestTaskThatLogsIn(t *testing.T) {
	t.Parallel()
	o := options(Windows)
	o.Login, o.Notify = true, notify.Desktop
	e := made(t, o)
	if f := readTask(t, o); f.Words != "-o table=upstox-doctor-report.txt --trading-day --login --request --yes --login-deadline 60m --notify desktop" {
		t.Errorf("arguments %s", f.Words)
	}
	if !strings.Contains(e.Text(), "<ExecutionTimeLimit>PT70M</ExecutionTimeLimit>") {
		t.Error("the task is ended while it waits for the user")
	}
	o.Notify = `curl "x"`
	if _, err := New(o); err == nil {
		t.Error("takes a quote that cannot be written")
	}
}

// TestSchedulersTakeEntriesThatLogIn lets the programs themselves read the texts.
func TestSchedulersTakeEntriesThatLogIn(t *testing.T) {
	t.Parallel()
	for kind, check := range map[Kind][]string{
		Cron: {"crontab", "-n"}, Systemd: {"systemd-analyze", "--user", "verify"}, Launchd: {"xmllint", "--noout", "--nonet"}, Windows: {"xmllint", "--noout", "--nonet"},
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			need(t, check[0])
			o, _ := withLogin(t, kind)
			if kind == Windows {
				o = options(kind)
				o.Login, o.Notify = true, notify.Desktop
			}
			dir, args := t.TempDir(), check[1:]
			for _, f := range made(t, o).Files {
				path := filepath.Join(dir, f.Name)
				if err := os.WriteFile(path, []byte(f.Content), 0o600); err != nil {
					t.Fatal(err)
				}
				args = append(args, path)
			}
			cmd := exec.Command(check[0], args...)
			cmd.Env = []string{"HOME=" + dir, "XDG_RUNTIME_DIR=" + dir, "PATH=" + os.Getenv("PATH")}
			if said, err := cmd.CombinedOutput(); err != nil || kind != Cron && len(said) > 0 {
				t.Errorf("%v: %s", err, said)
			}
		})
	}
}

func TestLoginIsExplained(t *testing.T) {
	t.Parallel()
	for _, k := range Kinds {
		o := options(k)
		o.Login, o.Notify = true, notify.Desktop
		text := regexp.MustCompile(`\s+(# )?`).ReplaceAllString(made(t, o).Text(), " ")
		for _, words := range []string{"On holidays of the exchange it ends at once", "approve it within the hour", "A notice on the desktop tells how it has ended"} {
			if !strings.Contains(text, words) {
				t.Errorf("%s lacks %q:\n%s", k, words, text)
			}
		}
		o.Login, o.Notify = false, "say it"
		if text := made(t, o).Text(); !strings.Contains(text, "of a failed") || strings.Contains(text, "approve") {
			t.Errorf("%s:\n%s", k, text)
		}
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	for k, want := range map[Kind]string{Cron: "", Systemd: "", Launchd: notify.Desktop, Windows: notify.Desktop} {
		if got := DefaultNotify(k, false); got != want {
			t.Errorf("%s tells by %q, want %q", k, got, want)
		}
		if got := DefaultNotify(k, true); got != notify.Desktop {
			t.Errorf("%s with a login tells by %q", k, got)
		}
	}
	if DefaultTime(true) >= DefaultTime(false) || clock(DefaultTime(true)) != "08:30" {
		t.Errorf("logs in at %s", clock(DefaultTime(true)))
	}
}
