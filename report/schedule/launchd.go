package schedule

import (
	"fmt"
	"strings"
)

const (
	label = "local.upstox-doctor"
	// reportFile is where the report of the last run is, in the directory, where
	// nothing else keeps what a program prints.
	reportFile = "upstox-doctor-report.txt"
	// orElse runs its arguments, and the command in $0 if they fail. Their
	// status is the one that stays.
	orElse = `"$@" && exit; status=$?; sh -c "$0"; exit "$status"`
)

func (o Options) launchd(h runTime) Entry {
	const name, place = label + ".plist", "~/Library/LaunchAgents"
	activate := []commentLine{{run: "launchctl bootstrap gui/$(id -u) " + place + "/" + name}}
	trouble := "The report of the last run is in " + reportFile + ", in the directory below."
	if o.OnFail != "" {
		trouble += " After a failed run your command runs, the first string after the script."
	}
	notes := append(o.introduction(h.words()+" A run that the machine slept through begins when it wakes."),
		commentLine{say: trouble + " The exit status of the last run is the last exit code here:"},
		commentLine{run: "launchctl print gui/$(id -u)/" + label},
		bare("launchd", "as a key of EnvironmentVariables"), saved(name), commentLine{run: "mv " + name + " " + place + "/"})
	notes = append(notes, activate...)
	notes = append(notes, commentLine{say: "Before you install a new text, take the old one out:"}, commentLine{run: "launchctl bootout gui/$(id -u)/" + label})

	args := append([]string{o.Program, "-o", "table=" + reportFile}, o.flags()...)
	if o.OnFail != "" {
		args = append([]string{"/bin/sh", "-c", orElse, o.OnFail}, args...)
	}
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
`)
	b.WriteString(xmlComment(notes))
	fmt.Fprintf(&b, "<plist version=\"1.0\">\n<dict>\n  <key>Label</key>\n  <string>%s</string>\n", label)
	b.WriteString("  <key>ProgramArguments</key>\n  <array>\n")
	for _, a := range args {
		fmt.Fprintf(&b, "    <string>%s</string>\n", xmlText(a))
	}
	fmt.Fprintf(&b, "  </array>\n  <key>WorkingDirectory</key>\n  <string>%s</string>\n", xmlText(o.Dir))
	b.WriteString("  <key>StartCalendarInterval</key>\n  <array>\n")
	for _, d := range h.days() {
		fmt.Fprintf(&b, "    <dict><key>Weekday</key><integer>%d</integer><key>Hour</key><integer>%d</integer><key>Minute</key><integer>%d</integer></dict>\n",
			d, int(h.at.Hours()), int(h.at.Minutes())%60)
	}
	b.WriteString("  </array>\n</dict>\n</plist>\n")
	return Entry{Kind: Launchd, Files: []File{{name, place, b.String()}}, Activate: runs(activate)}
}
