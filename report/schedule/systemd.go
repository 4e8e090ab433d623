package schedule

import (
	"fmt"
	"strings"
)

// fileMark begins the line before each of several files.
const fileMark = "# File: "

const unitPlace = "~/.config/systemd/user"

func (o Options) systemd() Entry {
	activate := []commentLine{
		{run: "systemctl --user daemon-reload"},
		{run: "systemctl --user enable --now upstox-doctor.timer"},
		{say: "Timers of a user stand still while the user is logged out, unless:"},
		{run: "loginctl enable-linger"},
	}
	notes := o.introduction("It runs at " + clock(o.At) + " IST, Monday to Friday, whatever the zone of this machine.")
	trouble := "The first command lists a failed run, the second shows the last reports:"
	if o.OnFail != "" {
		trouble = "After a failed run upstox-doctor-failed.service runs your command. " + trouble
	}
	notes = append(notes, commentLine{say: trouble},
		commentLine{run: "systemctl --user --failed"}, commentLine{run: "journalctl --user -u upstox-doctor -n 60"},
		bare("systemd", "as a line Environment=HTTPS_PROXY=... of the service"), saved("upstox-doctor.units"),
		commentLine{run: "mkdir -p " + unitPlace},
		commentLine{run: `awk '/^` + fileMark + `/ {f = ENVIRON["HOME"] "/.config/systemd/user/" $3} f {print > f}' upstox-doctor.units`},
	)
	e := Entry{Kind: Systemd, Activate: runs(activate), head: asComments("# ", append(notes, activate...))}
	for _, unit := range []struct{ name, content string }{
		{"upstox-doctor.service", o.service()}, {"upstox-doctor.timer", o.timer()}, {"upstox-doctor-failed.service", o.failed()},
	} {
		if unit.content != "" {
			e.Files = append(e.Files, File{unit.name, unitPlace, unit.content})
		}
	}
	return e
}

func (o Options) service() string {
	after := ""
	if o.OnFail != "" {
		after = "OnFailure=upstox-doctor-failed.service\n"
	}
	words := []string{unitProgram(o.Program), "-q"}
	for _, w := range o.flags() {
		words = append(words, unitWord(w))
	}
	return fmt.Sprintf(`[Unit]
Description=Check of the connection to Upstox
%s
[Service]
Type=oneshot
WorkingDirectory=%s
ExecStart=%s
`, after, unitPath(o.Dir), strings.Join(words, " "))
}

// timer names the zone, so that neither the machine's zone nor its summer time
// matter.
func (o Options) timer() string {
	return fmt.Sprintf(`[Unit]
Description=Check of the connection to Upstox before the market opens

[Timer]
OnCalendar=Mon..Fri *-*-* %s:00 Asia/Kolkata
# A run that the machine was off for is not made up for at some later hour.
# One that it slept through begins when it wakes.
Persistent=false

[Install]
WantedBy=timers.target
`, clock(o.At))
}

func (o Options) failed() string {
	if o.OnFail == "" {
		return ""
	}
	return fmt.Sprintf(`[Unit]
Description=What follows a failed check of the connection to Upstox

[Service]
Type=oneshot
WorkingDirectory=%s
ExecStart=/bin/sh -c %s
`, unitPath(o.Dir), unitWord(o.OnFail))
}
