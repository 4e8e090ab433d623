package help

import "strings"

// shellRules say how a shell takes a line apart, as far as that can be read
// without running anything.
type shellRules struct {
	escape rune   // makes the next character an ordinary one
	ends   string // characters that end a command
	breaks string // characters after which readline begins a word anew
}

var (
	bashRules       = shellRules{escape: '\\', ends: ";|&\n"}
	powershellRules = shellRules{escape: '`', ends: ";|\n"}
)

// A line is a command line up to the cursor, without its quotes.
type line struct {
	words []string // after the name of the program; the last is the current one
	quote rune     // that is open, or 0
	from  int      // where in the current word readline's word begins
}

func (l line) current() string { return l.words[len(l.words)-1] }

// readLine takes a line apart. Variables, command substitutions and globs stay the
// characters that they are.
func readLine(text string, rules shellRules) line {
	r := lineReader{rules: rules}
	for _, c := range text {
		r.read(c)
	}
	words := append(r.words, r.word.String())
	for len(words) > 1 && isAssignment(words[0]) {
		words = words[1:]
	}
	if len(words) == 1 { // the name of the program itself
		return line{words: []string{""}}
	}
	return line{words: words[1:], quote: r.quote, from: r.from}
}

type lineReader struct {
	rules   shellRules
	words   []string
	word    strings.Builder
	begun   bool // the word is there, though it may be empty
	quote   rune
	escaped bool
	from    int
}

func (r *lineReader) read(c rune) {
	switch {
	case r.escaped:
		r.escaped = false
		if r.quote == '"' && r.rules.escape == '\\' && !strings.ContainsRune("\"$`\\", c) {
			r.word.WriteRune('\\')
		}
		r.put(c)
	case c == r.rules.escape && r.quote != '\'':
		r.escaped, r.begun = true, true
	case r.quote != 0 && c == r.quote:
		r.quote = 0
	case r.quote != 0:
		r.put(c)
	case c == '\'' || c == '"':
		r.quote, r.begun = c, true
		r.from = r.word.Len()
	case c == ' ' || c == '\t':
		r.end()
	case strings.ContainsRune(r.rules.ends, c):
		r.end()
		r.words = nil
	default:
		r.put(c)
		if strings.ContainsRune(r.rules.breaks, c) {
			r.from = r.word.Len()
		}
	}
}

func (r *lineReader) put(c rune) {
	r.word.WriteRune(c)
	r.begun = true
}

func (r *lineReader) end() {
	if r.begun {
		r.words = append(r.words, r.word.String())
	}
	r.word.Reset()
	r.begun, r.from = false, 0
}

// isAssignment reports whether a word before the program sets a variable.
func isAssignment(word string) bool {
	name, _, ok := strings.Cut(word, "=")
	return ok && name != "" && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == ""
}
