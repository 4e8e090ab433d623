package help

import (
	"slices"
	"strings"
	"time"
)

// A ManPage is a manual page with its place below a directory of such pages.
type ManPage struct {
	Name    string // upstox-doctor-watch
	Section string // 1 for commands, 7 for other texts
	Summary string
	Text    string // roff
}

// File is where the page belongs: man1/upstox-doctor-watch.1
func (m ManPage) File() string { return "man" + m.Section + "/" + m.Name + "." + m.Section }

// ManPages are the page of the program, one for each command and one for each
// text that belongs to no command, dated so.
func (p Program) ManPages(date time.Time) []ManPage {
	run := Command{Name: runTopic, Summary: p.Summary, Flags: p.Flags}
	pages := []ManPage{p.manPage(p.Name, run, date)}
	for _, c := range p.Commands {
		pages = append(pages, p.manPage(p.Name+"-"+c.Name, c, date))
	}
	for _, name := range p.TopicNames() {
		t, _ := readTopic(name)
		var out strings.Builder
		p.manHead(&out, p.Name+"-"+name, "7", t.summary, date)
		if len(t.body) > 0 && t.body[0].kind != heading {
			out.WriteString(".SH DESCRIPTION\n")
		}
		roff(&out, t.body)
		p.seeAlso(&out)
		pages = append(pages, ManPage{p.Name + "-" + name, "7", t.summary, out.String()})
	}
	return pages
}

func (p Program) manPage(name string, c Command, date time.Time) ManPage {
	var out strings.Builder
	p.manHead(&out, name, "1", c.Summary, date)
	p.synopsis(&out, name == p.Name, c)
	t, _ := readTopic(c.Name)
	out.WriteString(".SH DESCRIPTION\n")
	n := slices.IndexFunc(t.body, func(b block) bool { return b.kind == heading })
	if n < 0 {
		n = len(t.body)
	}
	if n > 0 {
		roff(&out, t.body[:n])
	} else {
		roffLines(&out, "See the flags and examples below.")
	}
	if name == p.Name {
		p.manCommands(&out)
	}
	manFlags(&out, c.Flags)
	if len(t.calls) > 0 {
		out.WriteString(".SH EXAMPLES\n")
		roffCode(&out, t.calls, true)
	}
	roff(&out, t.body[n:])
	p.seeAlso(&out)
	return ManPage{name, "1", c.Summary, out.String()}
}

func (p Program) manHead(out *strings.Builder, name, section, summary string, date time.Time) {
	out.WriteString(".TH " + strings.ToUpper(name) + " " + section + ` "` + date.UTC().Format(time.DateOnly) + `" "` + p.Name + " " + p.Version + `" "` + p.Name + " manual\"\n")
	out.WriteString(".SH NAME\n" + roffCodeText(name) + ` \- ` + roffText(summary) + "\n")
}

func (p Program) synopsis(out *strings.Builder, isProgram bool, c Command) {
	out.WriteString(".SH SYNOPSIS\n")
	call := "`" + p.Name + "`"
	if !isProgram {
		call = "`" + p.Name + " " + c.Name + "`"
	}
	if len(c.Flags) > 0 {
		call += " [flags]"
	}
	if c.Args != "" {
		call += " " + c.Args
	}
	roffLines(out, call)
	if isProgram {
		out.WriteString(".br\n")
		roffLines(out, "`"+p.Name+"` COMMAND [flags] [arguments]")
	}
	for _, alias := range c.Aliases {
		out.WriteString(".br\n")
		roffLines(out, "`"+p.Name+" "+alias+"` is the same")
	}
}

func (p Program) manCommands(out *strings.Builder) {
	out.WriteString(".SH COMMANDS\n")
	for _, c := range p.Commands {
		out.WriteString(".TP\n")
		roffLines(out, "`"+c.Name+"`")
		roffLines(out, c.Summary)
	}
}

func manFlags(out *strings.Builder, flags []Flag) {
	if len(flags) == 0 {
		return
	}
	out.WriteString(".SH OPTIONS\n")
	for _, group := range flagGroups(flags) {
		if group != "" {
			out.WriteString(".SS " + group + "\n")
		}
		for _, f := range flags {
			if f.Group != group {
				continue
			}
			out.WriteString(".TP\n")
			roffLines(out, "`"+f.term()+"`")
			roffLines(out, f.says(true))
		}
	}
}

// seeAlso names the other pages.
func (p Program) seeAlso(out *strings.Builder) {
	out.WriteString(".SH SEE ALSO\n")
	words := []string{"`" + p.Name + "`(1)"}
	for _, c := range p.Commands {
		words = append(words, "`"+p.Name+"-"+c.Name+"`(1)")
	}
	for _, name := range p.TopicNames() {
		words = append(words, "`"+p.Name+"-"+name+"`(7)")
	}
	roffLines(out, strings.Join(words, ", "))
}
