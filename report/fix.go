package report

import (
	"cmp"
	"fmt"
	"maps"
	"net"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/lazyregexp"
	"upstox-doctor/checks/redact"
)

// defaultHost stands for {host} where the finding names none.
const defaultHost = "api.upstox.com"

// fix fills the steps of the entry with what the check saw. There is always at
// least one step. A sentence may name several targets, a command takes one.
func (b builder) fix(e *catalog.Entry, c Check, targets ...string) Fix {
	fix := Fix{Guide: e.Guide, Steps: []Step{}, Repair: e.Repair}
	seen := b.seen(c, targets)
	values := placeholders(c, seen)
	all := maps.Clone(values)
	if len(targets) > 1 {
		all["{target}"] = join(targets)
	}
	steps := e.StepsFor(seen)
	if len(steps) == 0 {
		steps = []catalog.Step{{Do: "Read what the doctor knows about it.", Run: "upstox-doctor explain " + c.Code}}
	}
	for _, s := range steps {
		line, rules := s.Command(b.goos, b.caller.shell(b.goos))
		line = b.caller.command(fillCommand(line, values, rules), rules)
		fix.Steps = append(fix.Steps, Step{Do: fillSentence(s.Do, all), Run: line})
	}
	return fix
}

// seen is what the catalog makes steps from.
func (b builder) seen(c Check, targets []string) catalog.Finding {
	f := catalog.Finding{Code: c.Code, Target: c.Target, Targets: targets, Evidence: map[string]any{}, Passed: b.passed}
	for _, it := range c.Evidence {
		f.Evidence[it.Name] = it.Value
	}
	return f
}

// placeholders returns what the names in braces stand for.
func placeholders(c Check, seen catalog.Finding) map[string]string {
	v := map[string]string{}
	for _, name := range catalog.Placeholders {
		v["{"+name+"}"] = redact.Printable(seen.Text(name), maxName)
	}
	host := defaultHost
	for _, h := range []string{c.Target, v["{host}"]} {
		if isHost(h) {
			host = h
		}
	}
	v["{host}"], v["{target}"] = host, cmp.Or(c.Target, host)
	if v["{file}"] == "" {
		v["{file}"] = fileOf(c)
	}
	v["{connection}"] = connection(host, seen.Text)
	return v
}

// connection is what a filter blocks, with what its page names.
func connection(host string, text func(name string) string) string {
	v := "connections to " + host + ", port 443"
	for _, named := range []struct{ name, before string }{{"filter", "block page of "}, {"category", "category "}, {"reference", "reference "}} {
		if s := text(named.name); s != "" {
			v += ", " + named.before + s
		}
	}
	return v
}

// fileOf guesses the file of a finding that names none in its evidence.
func fileOf(c Check) string {
	switch {
	case strings.HasPrefix(c.Target, ".") || strings.ContainsAny(c.Target, `/\`):
		return c.Target
	case strings.HasPrefix(c.Code, "token-"):
		return ".upstox_token"
	}
	return ".env"
}

var hostName = lazyregexp.New(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$`)

func isHost(s string) bool {
	return len(s) <= 253 && (hostName.MatchString(s) || net.ParseIP(s) != nil)
}

var placeholder = lazyregexp.New(`\{(` + strings.Join(catalog.Placeholders, "|") + `)\}`)

func fillSentence(s string, values map[string]string) string {
	return placeholder.ReplaceAllStringFunc(s, func(name string) string {
		if values[name] == "" {
			return "the " + strings.ReplaceAll(strings.Trim(name, "{}"), "_", " ")
		}
		return values[name]
	})
}

// fillCommand fills a command line so that a value stays one word of it,
// whatever it holds: values come from files and servers, and users paste the
// line into a shell.
func fillCommand(line string, values map[string]string, shell catalog.Shell) string {
	var out strings.Builder
	for {
		at := placeholder.FindStringIndex(line)
		if at == nil {
			out.WriteString(line)
			return out.String()
		}
		out.WriteString(line[:at[0]])
		name := line[at[0]:at[1]]
		value := values[name]
		if name == "{target}" && !isHost(value) {
			value = values["{host}"] // a command can do nothing with a variable's name
		}
		if value == "" { // only a proxy can be unknown
			value = "http://PROXY:PORT"
		}
		if quote := openQuote(out.String()); quote != 0 {
			below, atHome := strings.CutPrefix(value, "~/")
			if atHome && quote == '"' {
				out.WriteString(homeOf(shell))
				value = below
			}
			out.WriteString(quotable(value, quote, shell))
		} else {
			if strings.HasPrefix(value, "-") {
				value = "./" + value // a file, and no option
			}
			out.WriteString(shellWord(value, shell))
		}
		line = line[at[1]:]
	}
}

// plainWord is what no shell sees anything in.
var plainWord = lazyregexp.New(`^[A-Za-z0-9._/-][A-Za-z0-9._/:@%+=-]*$`)

// quotable drops what would end the quotes or have a meaning inside them:
// PowerShell also takes typographic quotes, and a file name in Windows is made
// of backslashes.
func quotable(s string, quote rune, shell catalog.Shell) string {
	special := `"` + "`$!"
	if quote == '\'' {
		special = "'"
	}
	if shell == catalog.Cmd {
		special += "%"
	}
	if shell != catalog.POSIX {
		special += "\u2018\u2019\u201a\u201b\u201c\u201d\u201e"
	} else if quote == '"' {
		special += `\`
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(special, r) {
			return -1
		}
		return r
	}, s)
}

// shellWord quotes a value unless it needs no quotes. Single quotes take all
// else literally, in POSIX shells and in PowerShell.
func shellWord(s string, shell catalog.Shell) string {
	below, atHome := strings.CutPrefix(s, "~/")
	switch {
	case atHome && shell == catalog.POSIX: // which reads ~ outside of quotes alone
		return "~/" + shellWord(below, shell)
	case atHome:
		return `"` + homeOf(shell) + quotable(below, '"', shell) + `"`
	case plainWord.MatchString(s):
		return s
	}
	switch shell {
	case catalog.Cmd:
		return `"` + quotable(s, '"', shell) + `"`
	case catalog.PowerShell:
		return "'" + quotable(strings.ReplaceAll(s, "'", ""), '\'', shell) + "'"
	}
	if !redact.IsVisible(s) {
		return printfWord(s)
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// printfWord is a word of a POSIX shell for a value that cannot be shown. Line
// ends at its end are lost.
func printfWord(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c <= ' ' || c > '~' || strings.IndexByte("%\\'-", c) >= 0:
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	return `"$(printf '` + b.String() + `')"`
}

// homeOf is the home directory, for a place in double quotes.
func homeOf(shell catalog.Shell) string {
	if shell == catalog.Cmd {
		return `%USERPROFILE%\`
	}
	return "$HOME/"
}

// openQuote returns the quote in which a shell would be at the end of s, or 0. In
// double quotes, $( begins a command with quotes of its own.
func openQuote(s string) rune {
	open, before := []rune{0}, rune(0) // the innermost last
	for _, r := range s {
		switch top := open[len(open)-1]; {
		case r == top && top != '(', r == ')' && top == '(':
			open = open[:len(open)-1]
		case top == '\'':
		case r == '(' && (top != '"' || before == '$'), top != '"' && (r == '"' || r == '\''):
			open = append(open, r)
		}
		before = r
	}
	if top := open[len(open)-1]; top != '(' {
		return top
	}
	return 0
}
