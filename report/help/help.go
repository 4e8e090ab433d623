// Package help tells how the program is used: on a terminal, as manual pages, and
// to a shell that completes words. Commands and flags are read from the command
// line itself, and the texts from the Markdown files beside.
package help

import (
	"cmp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// A Program is a command line: its commands and its flags.
type Program struct {
	Name, Version, Summary string
	Flags                  []Flag // of the run, which needs no command
	Commands               []Command
}

// A Command is one word of the command line with what it takes.
type Command struct {
	Name    string
	Aliases []string
	Summary string // what it does, in one line
	Args    string // what it takes beside flags: capitals for a kind, small letters for a word
	Group   string // that it is listed under
	Flags   []Flag
}

// A Flag is one option.
type Flag struct {
	Name    string // without dashes
	Short   string // one letter, optional
	Value   string // the kind of value in capitals; empty for a switch
	Usage   string
	Default string // empty if it says nothing
	Env     string // the variable, optional
	Group   string // empty for a flag that every user should know
	Many    bool   // may be repeated, or take several values with commas
}

// Read describes an application of the library. Hidden commands and flags are
// left out.
func Read(app *cli.App) Program {
	p := Program{Name: app.Name, Version: app.Version, Summary: app.Usage, Flags: readFlags(app.Flags)}
	for _, c := range app.Commands {
		if c.Hidden {
			continue
		}
		p.Commands = append(p.Commands, Command{
			Name: c.Name, Aliases: c.Aliases, Summary: c.Usage, Args: c.ArgsUsage, Group: c.Category, Flags: readFlags(c.Flags),
		})
	}
	return p
}

// Command finds a command by its name or an alias.
func (p Program) Command(name string) (Command, bool) {
	i := slices.IndexFunc(p.Commands, func(c Command) bool { return c.Name == name || slices.Contains(c.Aliases, name) })
	if i < 0 {
		return Command{}, false
	}
	return p.Commands[i], true
}

func readFlags(flags []cli.Flag) []Flag {
	var all []Flag
	for _, f := range flags {
		doc, ok := f.(cli.DocGenerationFlag)
		if !ok || f == cli.HelpFlag || f == cli.VersionFlag { // which each page shows by itself
			continue
		}
		flag := Flag{Name: f.Names()[0], Usage: strings.ReplaceAll(doc.GetUsage(), "`", "")}
		if doc.TakesValue() {
			flag.Value, flag.Default = valueName(doc.GetUsage(), flag.Name), defaultOf(doc)
		}
		if env := doc.GetEnvVars(); len(env) > 0 {
			flag.Env = env[0]
		}
		for _, name := range f.Names()[1:] {
			if len(name) == 1 {
				flag.Short = name
			}
		}
		if c, ok := f.(cli.CategorizableFlag); ok {
			flag.Group = c.GetCategory()
		}
		_, flag.Many = f.(*cli.StringSliceFlag)
		all = append(all, flag)
	}
	return all
}

// valueName is what the usage has between backquotes, or else the flag's last
// word.
func valueName(usage, name string) string {
	_, rest, _ := strings.Cut(usage, "`")
	quoted, _, _ := strings.Cut(rest, "`")
	return cmp.Or(quoted, strings.ToUpper(name[strings.LastIndex(name, "-")+1:]))
}

// defaultOf is the value of a flag that is not given, as it would be typed.
func defaultOf(doc cli.DocGenerationFlag) string {
	text := strings.Trim(doc.GetDefaultText(), `"`)
	for _, zeros := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zeros) {
			text = text[:len(text)-2]
		}
	}
	if text == "0" || text == "0s" {
		return ""
	}
	return text
}
