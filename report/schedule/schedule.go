// Package schedule writes the entry that lets cron, systemd, launchd or the
// Task Scheduler of Windows run the checks on each trading morning. It only
// makes text: it installs nothing and reads no clock, zone or file.
package schedule

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"upstox-doctor/checks/lazyregexp"
	"upstox-doctor/report/notify"
)

// A Kind is a program that runs others by the clock.
type Kind string

const (
	Cron    Kind = "cron"
	Systemd Kind = "systemd"
	Launchd Kind = "launchd"
	Windows Kind = "windows"
)

// Kinds are all kinds, in the order in which they are named to the user.
var Kinds = []Kind{Cron, Systemd, Launchd, Windows}

// Default returns the kind that fits an operating system, by its GOOS. On Linux
// it is systemd: its timers take India's zone as it is, and a failed run stays
// visible, while mail from cron needs a mail server that few machines have.
func Default(goos string) Kind {
	switch goos {
	case "linux":
		return Systemd
	case "darwin":
		return Launchd
	case "windows":
		return Windows
	}
	return Cron
}

// Options say what is to run, when, and what follows a failed run. Paths are
// absolute.
type Options struct {
	Kind      Kind
	At        time.Duration  // since midnight in India
	Zone      *time.Location // of the machine that is to run it
	Now       time.Time      // the entry is made to fit the year that begins here
	Program   string         // the doctor's own file
	Temporary bool           // the program's file is one that go run deletes
	Dir       string         // where .env and .upstox_token are

	EnvFile, TokenFile string // empty for those in Dir
	Login              bool   // request a token first, on trading days only
	Notify             string // notify.Desktop or a command of the shell, or empty
	OnFail             string // command of the shell to run after a failed run, or empty
	Mail               string // where cron sends the report of a failed run, or empty
}

// DefaultTime is when to run: time enough before the market opens to log in, and
// more if somebody is to approve it.
func DefaultTime(login bool) time.Duration {
	if login {
		return 8*time.Hour + 30*time.Minute
	}
	return 8*time.Hour + 40*time.Minute
}

// DefaultNotify is how to tell of a run: by the desktop where nothing else would
// say that it has failed, and where somebody waits for its login.
func DefaultNotify(k Kind, login bool) string {
	if login || k == Launchd || k == Windows {
		return notify.Desktop
	}
	return ""
}

// A File is one text to install.
type File struct {
	Name      string
	Directory string // directory that it belongs in; empty where any will do
	Content   string
}

// An Entry is what to install and how.
type Entry struct {
	Kind     Kind
	Files    []File
	Activate []string // commands that put the files to work, in order

	head string // comments before the first of several files
}

// Text returns the whole entry, with its explanation as comments.
func (e Entry) Text() string {
	if len(e.Files) == 1 {
		return e.Files[0].Content
	}
	var b strings.Builder
	b.WriteString(e.head)
	for _, f := range e.Files {
		fmt.Fprintf(&b, "\n%s%s\n%s", fileMark, f.Name, f.Content)
	}
	return b.String()
}

// New makes the entry. An error says which option cannot be used.
func New(o Options) (Entry, error) {
	if err := o.check(); err != nil {
		return Entry{}, err
	}
	if o.Kind == Systemd {
		return o.systemd(), nil
	}
	h, err := fitRunTime(o.At, o.Zone, o.Now)
	if err != nil {
		return Entry{}, err
	}
	switch o.Kind {
	case Cron:
		return o.cron(h)
	case Launchd:
		return o.launchd(h), nil
	case Windows:
		return o.windows(h)
	}
	return Entry{}, fmt.Errorf("schedule %q: none of %s", o.Kind, names())
}

// mailAddress is what Debian's cron takes for an address: others it drops.
var mailAddress = lazyregexp.New(`^[A-Za-z0-9_.+%@,][A-Za-z0-9_.+%@,-]*$`)

func (o Options) check() error {
	if o.At <= tokensEnd || o.At >= preOpen {
		return fmt.Errorf("time %s IST: not between %s, when tokens end, and %s, when the pre-open begins",
			clock(o.At), clock(tokensEnd), clock(preOpen))
	}
	for _, given := range []struct{ name, text string }{
		{"program", o.Program}, {"directory", o.Dir}, {"variables file", o.EnvFile},
		{"token file", o.TokenFile}, {"command", o.OnFail}, {"notice", o.Notify},
	} {
		if !utf8.ValidString(given.text) || strings.ContainsFunc(given.text, isControl) {
			return fmt.Errorf("%s %q: a line break, a control character or no UTF-8", given.name, given.text)
		}
	}
	switch {
	case o.Mail == "":
	case o.Kind != Cron:
		return fmt.Errorf("mail to %q: only cron sends mail, not %s", o.Mail, o.Kind)
	case !mailAddress.MatchString(o.Mail):
		return fmt.Errorf("mail to %q: no address that cron takes", o.Mail)
	}
	return nil
}

// isControl reports whether no format can hold the character on its line.
func isControl(r rune) bool {
	return r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' || r >= 0xfffe && r <= 0xffff
}

func names() string {
	var all []string
	for _, k := range Kinds {
		all = append(all, string(k))
	}
	return strings.Join(all, ", ")
}

// loginTime is how long a token request is waited for: until the market has been
// open for a quarter of an hour, if it is sent at the usual time.
const loginTime = "60m"

// flags are those that every kind of entry gives to the program.
func (o Options) flags() (args []string) {
	if o.Login {
		args = append(args, "--trading-day", "--login", "--request", "--yes", "--login-deadline", loginTime)
	}
	if o.Notify != "" {
		args = append(args, "--notify", o.Notify)
	}
	if o.EnvFile != "" {
		args = append(args, "--env-file", o.EnvFile)
	}
	if o.TokenFile != "" {
		args = append(args, "--token-file", o.TokenFile)
	}
	return args
}
