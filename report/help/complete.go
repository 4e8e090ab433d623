package help

import (
	"slices"
	"strings"
	"unicode"
)

// A Candidate is a word that may stand next, with what it is.
type Candidate struct{ Word, About string }

// A Completion is what may stand at the end of a command line.
type Completion struct {
	Candidates []Candidate // whole words
	Files      bool        // also names of files, after Prefix of the current word
	Prefix     string
}

// Values are the candidates of a kind of value, such as SCENARIO, for a command,
// which is empty for the run.
type Values func(kind, command string) []Candidate

// fileKinds are the values for which the shell knows the candidates itself.
var fileKinds = []string{"FILE", "TAPE", "DIRECTORY", "COMMAND", "A", "B"}

// Complete tells what may follow the words of a command line, of which the last,
// maybe empty, is begun. It takes each word as a text.
func (p Program) Complete(words []string, values Values) Completion {
	current, before := words[len(words)-1], words[:len(words)-1]
	at := p.place(before)
	var found Completion
	name, value, given := strings.Cut(current, "=")
	switch flag, isFlag := findFlag(at.flags, name); {
	case at.value != nil:
		found = valuesOf(at.value.Value, at.command, at.value.Many, current, values)
	case at.ended:
		found.Files = true
	case given && isFlag && strings.HasPrefix(name, "--"):
		found = valuesOf(flag.Value, at.command, flag.Many, value, values)
		found.prepend(name + "=")
	case strings.HasPrefix(current, "-") && current != "-":
		found.Candidates = flagWords(at.flags)
	default:
		found = p.arguments(at, current, values)
	}
	found.Candidates = slices.DeleteFunc(found.Candidates, func(c Candidate) bool { return !strings.HasPrefix(c.Word, current) })
	return found
}

func (c *Completion) prepend(prefix string) {
	for i := range c.Candidates {
		c.Candidates[i].Word = prefix + c.Candidates[i].Word
	}
	c.Prefix = prefix + c.Prefix
}

// A place is where a command line has come to.
type place struct {
	command string // empty for none so far
	args    string
	flags   []Flag
	value   *Flag // that the next word is the value of
	ended   bool  // after "--"
}

func (p Program) place(words []string) place {
	at := place{flags: p.Flags}
	for _, word := range words {
		switch flag, isFlag := findFlag(at.flags, word); {
		case at.value != nil:
			at.value = nil
		case at.ended:
		case word == "--":
			at.ended = true
		case isFlag && flag.Value != "":
			at.value = &flag
		case strings.HasPrefix(word, "-"):
		case at.command == "":
			if c, ok := p.Command(word); ok {
				at.command, at.args, at.flags = c.Name, c.Args, c.Flags
			}
		}
	}
	return at
}

// findFlag finds a flag by its name with dashes.
func findFlag(flags []Flag, word string) (Flag, bool) {
	i := slices.IndexFunc(flags, func(f Flag) bool { return word == "--"+f.Name || f.Short != "" && word == "-"+f.Short })
	if i < 0 {
		return Flag{}, false
	}
	return flags[i], true
}

func flagWords(flags []Flag) []Candidate {
	all := []Candidate{{"--help", "show help"}}
	for _, f := range flags {
		if f.Name != "help" {
			all = append(all, Candidate{"--" + f.Name, f.Usage})
		}
	}
	return all
}

// arguments are the commands where none is named so far, and otherwise what the
// command takes.
func (p Program) arguments(at place, current string, values Values) Completion {
	var found Completion
	if at.command == "" {
		for _, c := range p.Commands {
			found.Candidates = append(found.Candidates, Candidate{c.Name, c.Summary})
			for _, alias := range c.Aliases {
				found.Candidates = append(found.Candidates, Candidate{alias, c.Summary})
			}
		}
		return found
	}
	for _, kind := range argWords(at.args) {
		if unicode.IsLower(rune(kind[0])) {
			found.Candidates = append(found.Candidates, Candidate{Word: kind})
			continue
		}
		more := valuesOf(kind, at.command, false, current, values)
		found.Candidates = append(found.Candidates, more.Candidates...)
		found.Files = found.Files || more.Files
	}
	return found
}

// argWords takes apart what a command says of its arguments: kinds of values in
// capitals, and words to be typed.
func argWords(args string) []string {
	words := strings.FieldsFunc(args, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' && r != '.' })
	return slices.DeleteFunc(words, func(w string) bool { return w == "or" || strings.HasPrefix(w, "-") })
}

// valuesOf are the values of a kind that may complete what is begun.
func valuesOf(kind, command string, many bool, begun string, values Values) Completion {
	if kind == "FORMAT" {
		if format, _, file := strings.Cut(begun, "="); file {
			return Completion{Files: true, Prefix: format + "="}
		}
	}
	kind, _, _ = strings.Cut(kind, ".") // FILE.zip
	found := Completion{Candidates: values(kind, command), Files: slices.Contains(fileKinds, kind)}
	if i := strings.LastIndex(begun, ","); many && i >= 0 {
		found.prepend(begun[:i+1])
	}
	return found
}
