package dotenv

import (
	"strings"
	"unicode"
)

// What can be wrong with a line. The list is closed, so that no error can
// ever quote the file.
const (
	whatNothing = "neither an assignment nor a comment"
	whatNoName  = "no name before ="
	whatShell   = "an assignment for cmd or PowerShell, not NAME=value"
	whatSpace   = "white space in the name"
	whatHidden  = "an invisible character in the name"
	whatName    = "the name holds something else than letters, digits and underscores"
	whatOpen    = "the quote that opens the value is never closed"
	whatAfter   = "text after the closing quote"
)

const blanks = " \t"

type parser struct {
	text string // line ends are \n
	pos  int    // start of a line
	line int
	file File
}

// statement reads the line at pos, or the lines of a quoted value.
func (p *parser) statement() {
	line, _, _ := strings.Cut(p.text[p.pos:], "\n")
	next := min(p.pos+len(line)+1, len(p.text))
	v := Var{Line: p.line}
	what := ""
	if text := strings.TrimLeft(line, blanks); !isIgnored(text) {
		v.Name, v.Exported, what = assignment(text)
		if v.Name != "" {
			at := p.pos + strings.IndexByte(line, '=') + 1
			var end int
			if v.Value, v.Quote, end, what = value(p.text, at); what == "" {
				next = max(next, end)
				v.Multiline = strings.Contains(strings.TrimSuffix(p.text[at:max(at, end)], "\n"), "\n")
				p.file.Vars = append(p.file.Vars, v)
			}
		}
	}
	if what != "" {
		p.file.Errors = append(p.file.Errors, &SyntaxError{Line: p.line, What: what})
	}
	p.line += strings.Count(p.text[p.pos:next], "\n")
	p.pos = next
}

// isIgnored reports whether a line says nothing: empty, invisible or a comment.
func isIgnored(text string) bool {
	return strings.HasPrefix(text, "#") ||
		strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }) == ""
}

// assignment reads the part before =. Without a name the line is either bad,
// which what tells, or a bare "export NAME", which sets nothing.
func assignment(text string) (name string, exported bool, what string) {
	if rest, ok := strings.CutPrefix(text, "export"); ok && strings.TrimLeft(rest, blanks) != rest {
		text, exported = strings.TrimLeft(rest, blanks), true
	}
	name, _, ok := strings.Cut(text, "=")
	name = strings.TrimRight(name, blanks)
	if !ok {
		if exported && badName(strings.TrimSpace(name)) == "" {
			return "", true, ""
		}
		return "", exported, whatNothing
	}
	if what := badName(name); what != "" {
		return "", exported, what
	}
	return name, exported, ""
}

// badName says what is wrong with a name. A dot and a hyphen are let pass, as
// other readers do; shells would not.
func badName(name string) string {
	lower := strings.ToLower(name)
	switch {
	case name == "":
		return whatNoName
	case strings.HasPrefix(lower, "$env:"), strings.HasPrefix(lower, "set "), strings.HasPrefix(lower, "setx "):
		return whatShell
	}
	for i, r := range name {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', r == '_':
		case i > 0 && ('0' <= r && r <= '9' || r == '.' || r == '-'):
		case unicode.IsSpace(r):
			return whatSpace
		case unicode.Is(unicode.Cf, r), unicode.IsControl(r):
			return whatHidden
		default:
			return whatName
		}
	}
	return ""
}

// value reads what follows the = that ends at from. The end is the start of
// the first line that does not belong to it.
func value(text string, from int) (value string, quote byte, end int, what string) {
	line, _, _ := strings.Cut(text[from:], "\n")
	trimmed := strings.TrimLeft(line, blanks)
	if trimmed == "" || trimmed[0] != '\'' && trimmed[0] != '"' {
		return unquoted(line), 0, from, ""
	}
	quote = trimmed[0]
	value, end, ok := quoted(text, from+len(line)-len(trimmed))
	if !ok {
		return "", quote, 0, whatOpen
	}
	tail, _, _ := strings.Cut(text[end:], "\n")
	if rest := strings.TrimSpace(tail); rest != "" && rest[0] != '#' {
		// A quote that is never closed ends at the next quote of the file,
		// lines below: the fault is where it opened.
		if strings.Contains(text[from:end], "\n") {
			return "", quote, 0, whatOpen
		}
		return "", quote, 0, whatAfter
	}
	return value, quote, min(end+len(tail)+1, len(text)), ""
}

// unquoted returns the text after =, without a comment. A # opens one only
// after a blank, so that secrets may hold it.
func unquoted(line string) string {
	for i := 1; i < len(line); i++ {
		if line[i] == '#' && strings.IndexByte(blanks, line[i-1]) >= 0 {
			line = line[:i]
		}
	}
	return strings.Trim(line, blanks)
}

// quoted reads the value whose opening quote stands at open; end is the
// position after the closing one. Unknown escapes stay as they are.
func quoted(text string, open int) (value string, end int, ok bool) {
	quote := text[open]
	escapes := map[byte]byte{'n': '\n', 't': '\t', '"': '"', '\\': '\\'}
	var b strings.Builder
	for i := open + 1; i < len(text); i++ {
		c := text[i]
		if c == quote {
			return b.String(), i + 1, true
		}
		if c == '\\' && quote == '"' && i+1 < len(text) {
			if plain, known := escapes[text[i+1]]; known {
				c = plain
				i++
			}
		}
		b.WriteByte(c)
	}
	return "", 0, false
}
