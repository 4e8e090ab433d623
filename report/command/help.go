package command

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"upstox-doctor/checks/files"
	"upstox-doctor/report"
	"upstox-doctor/report/help"
)

// maxHelpWidth is the widest line of help, in columns.
const maxHelpWidth = 80

// Help shows what the program says of a command or a topic; without a name, of
// itself.
func (a App) Help(p help.Program, name string) error {
	if name == "" {
		return a.say(p.Page("", false, a.helpWidth()))
	}
	text, ok := p.Topic(name, a.helpWidth())
	if !ok {
		known := append(commandWords(p), help.Topics()...)
		return UsageError("%q is neither a command nor a topic (help topics names them)%s", name, DidYouMean(name, known))
	}
	return a.say(text)
}

// HelpPage shows what --help shows of a command, which is empty for the program.
func (a App) HelpPage(p help.Program, command string, all bool) error {
	return a.say(p.Page(command, all, a.helpWidth()))
}

// PrintVersion says which program this is.
func (a App) PrintVersion() error { return a.say("upstox-doctor version " + a.Version + "\n") }

func (a App) helpWidth() int {
	o := report.TerminalOptions(a.Out, "never", report.Options{})
	return min(cmp.Or(o.Width, maxHelpWidth), maxHelpWidth)
}

// CutAll takes --all from the words of a command line that asks for help.
func CutAll(words []string) (rest []string, all bool) {
	asked := false
	for i, word := range words {
		switch word {
		case "--":
			words, rest = words[:i], words[i:]
		case "--help", "-h":
			asked = true
		}
		if rest != nil {
			break
		}
	}
	var kept []string
	for _, word := range words {
		if word == "--all" && asked {
			all = true
			continue
		}
		kept = append(kept, word)
	}
	return append(kept, rest...), all
}

// ManOptions is which manual pages to give, and where.
type ManOptions struct {
	Pages []string // at most one; none for a list
	Dir   string   // to write all of them into; empty for none
}

// Man lists the manual pages, prints one, or writes all of them.
func (a App) Man(p help.Program, o ManOptions) error {
	pages := p.ManPages(buildDate())
	switch {
	case len(o.Pages) > 1 || len(o.Pages) == 1 && o.Dir != "":
		return UsageError("man takes one page, or --dir for all of them")
	case o.Dir != "":
		return writeManPages(pages, o.Dir)
	case len(o.Pages) == 0:
		var list strings.Builder
		for _, page := range pages {
			fmt.Fprintf(&list, "%s(%s)\t%s\n", page.Name, page.Section, page.Summary)
		}
		return a.say(list.String())
	}
	var names []string
	for _, page := range pages {
		short := strings.TrimPrefix(page.Name, p.Name+"-")
		if page.Name == o.Pages[0] || short == o.Pages[0] {
			return a.say(page.Text)
		}
		names = append(names, short)
	}
	return UsageError("there is no manual page %q%s", o.Pages[0], DidYouMean(o.Pages[0], names))
}

func writeManPages(pages []help.ManPage, dir string) error {
	for _, page := range pages {
		path := filepath.Join(dir, filepath.FromSlash(page.File()))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fault(err)
		}
		if err := files.Replace(path, func(w io.Writer) error { _, err := io.WriteString(w, page.Text); return err }); err != nil {
			return fault(err)
		}
	}
	return nil
}

// buildDate is the time of the commit that the program is built from, or else that
// of SOURCE_DATE_EPOCH, or now.
func buildDate() time.Time {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if at, err := time.Parse(time.RFC3339, s.Value); s.Key == "vcs.time" && err == nil {
				return at
			}
		}
	}
	if seconds, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64); err == nil {
		return time.Unix(seconds, 0)
	}
	return time.Now()
}

// Completion prints the script that makes a shell complete words.
func (a App) Completion(shells []string) error {
	if len(shells) != 1 {
		return UsageError("completion takes one shell: %s", strings.Join(help.Shells(), ", "))
	}
	script, ok := help.Script(shells[0])
	if !ok {
		return UsageError("no completion for %q: choose one of %s%s", shells[0], strings.Join(help.Shells(), ", "), DidYouMean(shells[0], help.Shells()))
	}
	return a.say(script)
}

// CompleteName is the hidden command by which the scripts ask.
const CompleteName = "__complete"

// Complete answers such a script: the shell, and then what it hands over.
func (a App) Complete(p help.Program, words []string) error {
	if len(words) == 0 {
		return ExitError{Status: ExitUsage}
	}
	return a.say(p.Answer(words[0], words[1:], values(p)))
}

func (a App) say(text string) error {
	if _, err := fmt.Fprint(a.Out, text); err != nil {
		return fault(err)
	}
	return nil
}

func commandWords(p help.Program) []string {
	var words []string
	for _, c := range p.Commands {
		words = append(append(words, c.Name), c.Aliases...)
	}
	return words
}
