package report

import (
	"maps"
	"net"
	"regexp"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/redact"
)

// defaultHost stands for {host} where the finding names none.
const defaultHost = "api.upstox.com"

// fix fills the steps of the entry with what the check saw. There is always at
// least one step. A sentence may name several targets, a command takes one.
func (b builder) fix(e *catalog.Entry, c Check, targets ...string) Fix {
	fix := Fix{Guide: e.Guide, Steps: []Step{}, Repair: e.Repair}
	values := placeholders(c)
	all := maps.Clone(values)
	if len(targets) > 1 {
		all["{target}"] = join(targets)
	}
	for _, s := range e.Steps {
		fix.Steps = append(fix.Steps, Step{
			Do:  fillSentence(s.Do, all),
			Run: fillCommand(s.Command(b.goos), values, b.goos),
		})
	}
	if len(fix.Steps) == 0 {
		fix.Steps = append(fix.Steps, Step{Do: "Read what the doctor knows about it.", Run: "upstox-doctor explain " + c.Code})
	}
	return fix
}

// placeholders returns what {target}, {host}, {proxy}, {file} and {connection}
// stand for.
func placeholders(c Check) map[string]string {
	text := func(name string) string {
		for _, it := range c.Evidence {
			if s, ok := it.Value.(string); ok && it.Name == name {
				return redact.Printable(s, maxName)
			}
		}
		return ""
	}
	host := defaultHost
	for _, h := range []string{c.Target, text("host")} {
		if isHost(h) {
			host = h
		}
	}
	v := map[string]string{"{target}": c.Target, "{host}": host, "{proxy}": text("proxy"), "{file}": text("file")}
	if v["{target}"] == "" {
		v["{target}"] = host
	}
	if v["{file}"] == "" {
		v["{file}"] = fileOf(c)
	}
	v["{connection}"] = connection(host, text)
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

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$`)

func isHost(s string) bool {
	return len(s) <= 253 && (hostName.MatchString(s) || net.ParseIP(s) != nil)
}

var placeholder = regexp.MustCompile(`\{(target|host|proxy|file|connection)\}`)

func fillSentence(s string, values map[string]string) string {
	return placeholder.ReplaceAllStringFunc(s, func(name string) string {
		if values[name] == "" {
			return "the " + strings.Trim(name, "{}")
		}
		return values[name]
	})
}

// fillCommand fills a command line so that a value stays one word of it,
// whatever it holds: values come from files and servers, and users paste the
// line into a shell.
func fillCommand(line string, values map[string]string, goos string) string {
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
			out.WriteString(quotable(value, quote, goos))
		} else {
			out.WriteString(shellWord(value, goos))
		}
		line = line[at[1]:]
	}
}

// plainWord is what no shell sees anything in.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9._/][A-Za-z0-9._/:@%+=-]*$`)

// quotable drops what would end the quotes or have a meaning inside them:
// PowerShell also takes typographic quotes, and a file name in Windows is made
// of backslashes.
func quotable(s string, quote rune, goos string) string {
	special := `"` + "`$!"
	if quote == '\'' {
		special = "'"
	}
	if goos == "windows" {
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
// else literally, in the shells of Unix and in PowerShell.
func shellWord(s, goos string) string {
	if strings.HasPrefix(s, "-") {
		s = "./" + s // a file, and no option
	}
	if plainWord.MatchString(s) {
		return s
	}
	if goos == "windows" {
		return "'" + quotable(strings.ReplaceAll(s, "'", ""), '\'', goos) + "'"
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// openQuote returns the quote in which a shell would be at the end of s, or 0.
func openQuote(s string) rune {
	var open rune
	for _, r := range s {
		switch {
		case open == 0 && (r == '"' || r == '\''):
			open = r
		case r == open:
			open = 0
		}
	}
	return open
}
