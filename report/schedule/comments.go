package schedule

import (
	"fmt"
	"strings"
	"time"

	"upstox-doctor/report/notify"
)

// commentWidth is the width of a comment, in characters.
const commentWidth = 76

// A commentLine is a sentence of explanation, or a command alone on its line.
type commentLine struct{ say, run string }

// introduction says what the entry is, and when it runs.
func (o Options) introduction(when string) []commentLine {
	notes := []commentLine{{say: "Examines the connection to Upstox before the market opens. " + when +
		" On holidays of the exchange it runs too."}}
	if o.Login {
		notes = []commentLine{{say: "Logs in to Upstox before the market opens, if the token has ended, and examines the connection. " + when +
			" On holidays of the exchange it ends at once, without a failure."},
			{say: "Upstox asks you in its app or on WhatsApp: approve it within the hour. It then sends the token to the notifier URL of your app, and what runs there must write it to the token file, here or in the directory below."}}
	}
	switch o.Notify {
	case "":
	case notify.Desktop:
		notes = append(notes, commentLine{say: "A notice on the desktop tells " + o.told() + "."})
	default:
		notes = append(notes, commentLine{say: "The command behind --notify tells " + o.told() + "; it has the words on standard input."})
	}
	if o.Temporary {
		notes = append(notes, commentLine{say: "CAREFUL: go run made the program named below and will delete it. " +
			"Build it first, and let the built program print this entry:"},
			commentLine{run: "go build -o ~/bin/upstox-doctor ."})
	}
	return notes
}

// told says of which runs a notice is given.
func (o Options) told() string {
	if o.Login {
		return "how it has ended"
	}
	return "of a failed run"
}

// bare reminds of what a program that no shell starts does not see, and where
// a variable can be set for it.
func bare(who, where string) commentLine {
	return commentLine{say: who + " does not know the variables of your shell. Credentials come from the files in " +
		"the directory below. If you need a proxy, set HTTPS_PROXY " + where + "."}
}

// saved tells how to get the text into a file.
func saved(name string) commentLine {
	return commentLine{say: fmt.Sprintf("To install it, save this text as %s (add -o table=%s to the command that printed it). Then:", name, name)}
}

// words says when it runs, by the machine's clock and in India.
func (h runTime) words() string {
	days := h.days()
	zone := h.zone.String()
	if zone == "Local" || zone == "" {
		zone = "its own zone"
	}
	if len(h.turns) == 1 && h.at == h.turns[0].ist && h.first == time.Monday {
		return "It runs at " + clock(h.at) + " IST, Monday to Friday, by the clock of this machine."
	}
	text := fmt.Sprintf("It runs at %s by the clock of this machine (%s, now %s), %s to %s: that is %s IST, Monday to Friday.",
		clock(h.at), zone, h.turns[0].from.Format("UTC-07:00"), days[0], days[4], clock(h.turns[0].ist))
	if len(h.turns) == 1 {
		return text
	}
	var later []string
	for _, t := range h.turns[1:] {
		later = append(later, clock(t.ist)+" IST from "+t.from.Format("2 January 2006"))
	}
	return text + " The clocks change here and not in India, so it is " + strings.Join(later, ", and ") + "."
}

// asComments sets the notes in lines that begin with the mark, paragraphs
// wrapped and commands whole.
func asComments(mark string, notes []commentLine) string {
	var b strings.Builder
	for i, n := range notes {
		switch {
		case n.run != "":
			fmt.Fprintf(&b, "%s    %s\n", mark, n.run)
			continue
		case i > 0:
			b.WriteString(strings.TrimRight(mark, " ") + "\n")
		}
		line := mark
		for _, word := range strings.Fields(n.say) {
			if len(line)+len(word) > commentWidth && line != mark {
				b.WriteString(strings.TrimRight(line, " ") + "\n")
				line = mark
			}
			line += word + " "
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

// xmlComment is the notes as a comment of XML, which no "--" may stand in.
func xmlComment(notes []commentLine) string {
	return "<!--\n" + strings.ReplaceAll(asComments("  ", notes), "--", "- -") + "-->\n"
}

// runs are the commands among the notes.
func runs(notes []commentLine) (all []string) {
	for _, n := range notes {
		if n.run != "" {
			all = append(all, n.run)
		}
	}
	return all
}
