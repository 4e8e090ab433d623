package help

import (
	"cmp"
	"slices"
	"strings"
)

// maxFlagColumn is the widest column of flags that is kept free of their usages.
const maxFlagColumn = 26

// runTopic is the text about the program without a command.
const runTopic = "check"

// Page shows the program, or the command of that name: with all, every flag and
// the whole text of it, and otherwise what fits one screen.
func (p Program) Page(command string, all bool, width int) string {
	var out strings.Builder
	c, ok := p.Command(command)
	if !ok {
		c = Command{Name: runTopic, Flags: p.Flags}
	}
	t, _ := readTopic(c.Name)
	if ok {
		p.head(&out, c, width)
	} else {
		out.WriteString(wrap(p.Summary, p.Name+" - ", "  ", width))
		out.WriteString("\nUsage: " + p.Name + " [flags], or " + p.Name + " COMMAND [flags] [arguments]\n\n")
		p.commands(&out, width)
	}
	if len(t.calls) > 0 {
		out.WriteString("\nExamples:\n")
		for _, call := range t.calls {
			out.WriteString("  " + call + "\n")
		}
	}
	flagLists(&out, c.Flags, all, width)
	if all {
		if len(t.body) > 0 {
			out.WriteString("\n" + terminal(t.body, width))
		}
		return out.String()
	}
	if more := p.more(c, ok); more != "" {
		out.WriteString("\n" + more)
	}
	return out.String()
}

func (p Program) head(out *strings.Builder, c Command, width int) {
	out.WriteString(wrap(c.Summary, p.Name+" "+c.Name+" - ", "  ", width))
	usage := p.Name + " " + c.Name
	if len(c.Flags) > 0 {
		usage += " [flags]"
	}
	out.WriteString("\n" + wrap(usage+" "+c.Args, "Usage: ", "       ", width))
	if len(c.Aliases) > 0 {
		out.WriteString("       " + strings.Join(c.Aliases, ", ") + " is the same\n")
	}
}

// commands lists the commands under the names of their groups, which stand in a
// column of their own.
func (p Program) commands(out *strings.Builder, width int) {
	names, groups := 0, 0
	for _, c := range p.Commands {
		names, groups = max(names, len(c.Name)+2), max(groups, len(c.Group)+2)
	}
	before := ""
	for _, c := range p.Commands {
		lead := pad("", groups)
		if c.Group != before {
			lead = pad(c.Group, groups)
		}
		before = c.Group
		out.WriteString(wrap(c.Summary, lead+pad(c.Name, names), pad("", groups+names), width))
	}
}

// more says where the rest stands.
func (p Program) more(c Command, isCommand bool) string {
	call := p.Name
	if isCommand {
		call += " " + c.Name
	}
	text := ""
	if slices.ContainsFunc(c.Flags, func(f Flag) bool { return f.Group != "" }) {
		text = "All flags: " + call + " --help --all\n"
	}
	switch _, known := readTopic(c.Name); {
	case !isCommand:
		text = strings.TrimRight(text, "\n") + "   Topics: " + p.Name + " help topics\n"
	case known:
		text += "More: " + p.Name + " help " + c.Name + "\n"
	}
	return text
}

// flagLists shows flags under the names of their groups; without all only those
// of no group.
func flagLists(out *strings.Builder, flags []Flag, all bool, width int) {
	flags = append(slices.Clone(flags), Flag{Name: "help", Short: "h", Usage: "show this; with --all, every flag and all of the text"})
	for _, group := range flagGroups(flags) {
		if group != "" && !all {
			continue
		}
		group = cmp.Or(group, "Flags")
		out.WriteString("\n" + group + ":\n")
		column := 0
		for _, f := range flags {
			if n := len(f.term()) + 2; groupName(f) == group && n <= maxFlagColumn {
				column = max(column, n)
			}
		}
		for _, f := range flags {
			if groupName(f) == group {
				flagLines(out, f, all, column, width)
			}
		}
	}
}

func groupName(f Flag) string {
	return cmp.Or(f.Group, "Flags")
}

// flagGroups are the groups in the order in which they are first met, that of no
// name first.
func flagGroups(flags []Flag) []string {
	var groups []string
	for _, f := range flags {
		if !slices.Contains(groups, f.Group) {
			groups = append(groups, f.Group)
		}
	}
	if i := slices.Index(groups, ""); i > 0 {
		groups = append([]string{""}, slices.Delete(groups, i, i+1)...)
	}
	return groups
}

func flagLines(out *strings.Builder, f Flag, all bool, column, width int) {
	lead := "  " + pad(f.term(), column)
	if len(f.term())+2 > column {
		out.WriteString(strings.TrimRight(lead, " ") + "\n")
		lead = "  " + pad("", column)
	}
	out.WriteString(wrap(f.says(all), lead, pad("", 2+column), width))
}

// term is how the flag is typed.
func (f Flag) term() string {
	term := "--" + f.Name
	if f.Short != "" {
		term = "-" + f.Short + ", " + term
	}
	if f.Value != "" {
		term += " " + f.Value
	}
	return term
}

// says is what the flag is for, and with all its variable too.
func (f Flag) says(all bool) string {
	text := f.Usage
	if f.Default != "" && !strings.Contains(text, "default:") {
		text += " (" + f.Default + ")"
	}
	if all && f.Env != "" {
		text += " [" + f.Env + "]"
	}
	return text
}

// Topic shows the text of that name, and whether there is one. That of a command
// comes after what its page says.
func (p Program) Topic(name string, width int) (string, bool) {
	if name == "topics" {
		return p.topicList(width), true
	}
	if c, ok := p.Command(name); ok {
		page := p.Page(c.Name, false, width)
		if t, _ := readTopic(c.Name); len(t.body) > 0 {
			page += "\n" + terminal(t.body, width)
		}
		return page, true
	}
	t, ok := readTopic(name)
	if !ok {
		return "", false
	}
	return p.Name + " " + name + " - " + t.summary + "\n\n" + terminal(t.body, width), true
}

func (p Program) topicList(width int) string {
	var out strings.Builder
	out.WriteString("Topics of " + p.Name + " help NAME:\n\n")
	for _, name := range p.TopicNames() {
		t, _ := readTopic(name)
		out.WriteString(wrap(t.summary, "  "+pad(name, 14), pad("", 16), width))
	}
	out.WriteString("\nEach command is a topic too:\n\n")
	var names []string
	for _, c := range p.Commands {
		names = append(names, c.Name)
	}
	out.WriteString(wrap(strings.Join(names, ", "), "  ", "  ", width))
	return out.String()
}

// TopicNames are the texts that belong to no command.
func (p Program) TopicNames() []string {
	return slices.DeleteFunc(Topics(), func(name string) bool { _, ok := p.Command(name); return ok })
}
