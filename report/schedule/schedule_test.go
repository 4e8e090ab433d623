package schedule

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

// TestMain also plays the doctor: called by that name it writes how it was
// called into its working directory, and fails unless a file there is called
// healthy.
func TestMain(m *testing.M) {
	if !strings.HasPrefix(filepath.Base(os.Args[0]), "doctor") {
		os.Exit(m.Run())
	}
	told, _ := json.Marshal(os.Args[1:])
	if os.WriteFile("called.json", told, 0o600) != nil {
		os.Exit(4)
	}
	if _, err := os.Stat("healthy"); err != nil {
		os.Exit(3)
	}
}

// winter is a Monday, noon in India, when no clock of the north is advanced.
var winter = time.Date(2026, 11, 23, 6, 30, 0, 0, time.UTC)

const defaultTime = 8*time.Hour + 40*time.Minute

func options(k Kind) Options {
	return Options{
		Kind: k, At: defaultTime, Zone: time.UTC, Now: winter,
		Program: "/home/me/bin/upstox-doctor", Dir: "/home/me/bot",
	}
}

func made(t *testing.T, o Options) Entry {
	t.Helper()
	e, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestDefault(t *testing.T) {
	t.Parallel()
	for goos, want := range map[string]Kind{"linux": Systemd, "darwin": Launchd, "windows": Windows, "freebsd": Cron} {
		if got := Default(goos); got != want {
			t.Errorf("%s: %s, want %s", goos, got, want)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*Options)
		want   string
	}{
		{"when tokens end", func(o *Options) { o.At = 3*time.Hour + 30*time.Minute }, "time 03:30 IST: not between"},
		{"when the pre-open begins", func(o *Options) { o.At = 9 * time.Hour }, "time 09:00 IST: not between"},
		{"no such kind", func(o *Options) { o.Kind = "at" }, `schedule "at": none of cron, systemd, launchd, windows`},
		{"line break in the command", func(o *Options) { o.OnFail = "a\nb" }, `command "a\nb"`},
		{"control character in the directory", func(o *Options) { o.Dir = "/a\x1b" }, `directory "/a\x1b"`},
		{"no UTF-8", func(o *Options) { o.EnvFile = "/\xff" }, "variables file"},
		{"mail without cron", func(o *Options) { o.Kind, o.Mail = Systemd, "me" }, "only cron sends mail, not systemd"},
		{"mail to a command line", func(o *Options) { o.Mail = "me; rm" }, "no address"},
		{"mail to a flag", func(o *Options) { o.Mail = "-oX" }, "no address"},
		{"too long for cron", func(o *Options) { o.OnFail = strings.Repeat("x", 1000) }, "of which cron takes 998"},
		{"quote on Windows", func(o *Options) { o.Kind, o.Program = Windows, `C:\a"b` }, "holds a quote"},
		{"variable on Windows", func(o *Options) { o.Kind, o.TokenFile = Windows, `C:\%A%` }, "takes for a variable"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o := options(Cron)
			tc.change(&o)
			if e, err := New(o); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q:\n%s", err, tc.want, e.Text())
			}
		})
	}
}

// TestExplained holds what every text says, and that lines stay readable.
func TestExplained(t *testing.T) {
	t.Parallel()
	for _, k := range Kinds {
		t.Run(string(k), func(t *testing.T) {
			t.Parallel()
			o := options(k)
			o.OnFail, o.EnvFile, o.TokenFile = "/usr/bin/say", "/etc/my.env", "/run/token"
			e := made(t, o)
			text := e.Text()
			for _, want := range []string{"08:40 IST, Monday to Friday", o.Dir, o.Program, o.OnFail, "--env-file", o.EnvFile, "--token-file", o.TokenFile, "HTTPS_PROXY"} {
				if !strings.Contains(text, want) {
					t.Errorf("lacks %q:\n%s", want, text)
				}
			}
			for _, command := range e.Activate {
				if !strings.Contains(text, " "+command+"\n") {
					t.Errorf("does not say %q", command)
				}
			}
			if len(e.Activate) == 0 {
				t.Error("nothing puts it to work")
			}
			if strings.Contains(text, "go build") {
				t.Error("warns of go run without a reason")
			}
			o.Temporary = true
			if text := made(t, o).Text(); !strings.Contains(text, "CAREFUL: go run") {
				t.Errorf("does not warn of go run:\n%s", text)
			}
			for _, line := range strings.Split(text, "\n") {
				if strings.HasPrefix(line, "# ") && !strings.HasPrefix(line, "#     ") && len(line) > 80 {
					t.Errorf("wide comment: %q", line)
				}
			}
		})
	}
}
