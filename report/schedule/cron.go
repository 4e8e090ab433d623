package schedule

import (
	"fmt"
	"strings"
)

// The marks let a later entry replace this one and nothing else.
const (
	cronBegin = "# >>> upstox-doctor"
	cronEnd   = "# <<< upstox-doctor"
)

// maxCommand is how long a command Debian's cron takes, in bytes.
const maxCommand = 998

func (o Options) cron(h runTime) (Entry, error) {
	const name = "upstox-doctor.cron"
	install := []commentLine{
		saved(name),
		{run: "(crontab -l 2>/dev/null | sed '/^" + cronBegin + "/,/^" + cronEnd + "/d'; cat " + name + ") | crontab -"},
		{say: "This keeps your other entries; piping the text to crontab alone would delete them."},
	}
	notes := append(o.introduction(h.words()), o.cronFailureNote(), bare("cron", "as a line HTTPS_PROXY=... before the last one"))
	notes = append(notes, install...)

	command := o.cronCommand()
	if len(command) > maxCommand {
		return Entry{}, fmt.Errorf("command for cron: %d bytes, of which cron takes %d", len(command), maxCommand)
	}
	var days []string
	for _, d := range h.days() {
		days = append(days, fmt.Sprint(int(d)))
	}
	var b strings.Builder
	b.WriteString(cronBegin + "\n" + asComments("# ", notes))
	if o.Mail != "" {
		b.WriteString("MAILTO=" + o.Mail + "\n")
	}
	fmt.Fprintf(&b, "%d %d * * %s %s\n", int(h.at.Minutes())%60, int(h.at.Hours()), strings.Join(days, ","), command)
	b.WriteString(cronEnd + "\n")
	return Entry{Kind: Cron, Files: []File{{Name: name, Content: b.String()}}, Activate: runs(install)}, nil
}

// cronFailureNote says what follows a failed run. Cron mails whatever a command
// prints, so the doctor runs quietly.
func (o Options) cronFailureNote() commentLine {
	text := "It prints nothing when all is well. What it prints otherwise cron mails to "
	if o.Mail == "" {
		text += "you"
	} else {
		text += o.Mail
	}
	text += ", if this machine can send mail."
	if o.OnFail != "" {
		text += " After a failed run the command behind || runs."
	}
	return commentLine{say: text}
}

func (o Options) cronCommand() string {
	words := []string{"cd", shWord(o.Dir), "&&", shWord(o.Program), "-q"}
	for _, w := range o.flags() {
		words = append(words, shWord(w))
	}
	if o.OnFail != "" {
		words = append(words, "||", "sh", "-c", shWord(o.OnFail))
	}
	return strings.Join(words, " ")
}
