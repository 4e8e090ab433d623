package help

import (
	_ "embed"
	"encoding/base64"
	"slices"
	"strings"
)

//go:embed completion.bash
var bashScript string

//go:embed completion.zsh
var zshScript string

//go:embed completion.fish
var fishScript string

//go:embed completion.ps1
var powershellScript string

// Shells are those that Script has a script for.
func Shells() []string { return []string{"bash", "zsh", "fish", "powershell"} }

// Script returns the script that makes a shell complete words, and whether there
// is one. It hands the command line to the program as a text and lets the program
// say what may follow, so that nothing a user has typed is evaluated.
func Script(shell string) (string, bool) {
	script, ok := map[string]string{"bash": bashScript, "zsh": zshScript, "fish": fishScript, "powershell": powershellScript}[shell]
	return script, ok
}

// Answer is what the program says to the script of a shell: in the first line
// whether file names count, and then a candidate in each line.
func (p Program) Answer(shell string, args []string, values Values) string {
	switch {
	case shell == "bash" && len(args) == 2:
		return p.answerBash(args[0], args[1], values)
	case shell == "powershell" && len(args) == 1:
		text, err := base64.StdEncoding.DecodeString(args[0])
		if err != nil {
			return ""
		}
		l := readLine(string(text), powershellRules)
		return written(p.Complete(l.words, values), func(w string) string { return w })
	case (shell == "zsh" || shell == "fish") && len(args) > 0:
		words := slices.Clone(args)
		if last := &words[len(words)-1]; shell == "fish" { // which gives it with its quotes
			*last = readLine("x "+*last, bashRules).current()
		}
		return written(p.Complete(words, values), func(w string) string { return w })
	}
	return ""
}

func written(c Completion, word func(string) string) string {
	var out strings.Builder
	out.WriteString(map[bool]string{true: "files", false: "words"}[c.Files] + "\t" + c.Prefix + "\n")
	for _, candidate := range c.Candidates {
		out.WriteString(word(candidate.Word) + "\t" + candidate.About + "\n")
	}
	return out.String()
}

// answerBash gives the pieces that replace what readline takes for the current
// word, which begins after an open quote or after the last of its breaks.
func (p Program) answerBash(breaks, text string, values Values) string {
	rules := bashRules
	rules.breaks = breaks
	l := readLine(text, rules)
	found := p.Complete(l.words, values)
	found.Prefix = "" // readline looks for files behind its own break
	return written(found, func(w string) string {
		if l.from > len(w) {
			return ""
		}
		return quoted(w[l.from:], l.quote)
	})
}

// quoted writes a word for bash inside an open quote, or for none.
func quoted(w string, quote rune) string {
	special := map[rune]string{'"': "\"$`\\", '\'': "", 0: " \t\"'`$&|;<>()[]{}*?!#~\\"}[quote]
	var out strings.Builder
	for _, r := range w {
		if strings.ContainsRune(special, r) {
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return out.String()
}
