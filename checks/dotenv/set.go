package dotenv

import (
	"errors"
	"fmt"
	"strings"

	"upstox-doctor/checks/lazyregexp"
)

// plainValue is what every reader of .env files takes as it stands.
var plainValue = lazyregexp.New(`^[A-Za-z0-9._~:/?&=+%@-]+$`)

// Get returns the value of the name in the file, or "".
func Get(data []byte, name string) string {
	file, _ := Parse(data)
	v, _ := file.Lookup(name)
	return v.Value
}

// Set returns the file with a new value for the name, in every line that
// assigns it, or in a new line at the end if none does. All other bytes stay.
// Errors name lines and never quote the file.
func Set(data []byte, name, value string) ([]byte, error) {
	before, err := Parse(data)
	if e, ok := errors.AsType[*SyntaxError](err); ok && e.Encoding != "" {
		return nil, err
	}
	end := lineEnd(string(data))
	lines := strings.SplitAfter(string(data), end[len(end)-1:])
	found := false
	for _, v := range before.Vars {
		if v.Name != name {
			continue
		}
		if v.Quote != 0 && strings.Contains(v.Value, "\n") {
			return nil, fmt.Errorf("line %d: a value over several lines", v.Line)
		}
		lines[v.Line-1], found = assign(lines[v.Line-1], v.Quote, value), true
	}
	text := strings.Join(lines, "")
	if !found {
		text = appended(text, name+"="+written(value, 0), end)
	}
	after, _ := Parse([]byte(text))
	if got, _ := after.Lookup(name); got.Value != value || len(after.Errors) != len(before.Errors) {
		return nil, errors.New("the value cannot be written so that it is read again")
	}
	return []byte(text), nil
}

// assign replaces the value in one line of the file.
func assign(line string, quote byte, value string) string {
	at := strings.IndexByte(line, '=') + 1
	old := strings.TrimRight(line[at:], "\r\n")
	if quote != 0 {
		at += len(old) - len(strings.TrimLeft(old, blanks))
		_, end, _ := quoted(line[at:], 0)
		old = line[at : at+end]
	} else if value := unquoted(old); value != "" {
		at += strings.Index(old, value)
		old = value
	} else {
		old = ""
	}
	return line[:at] + written(value, quote) + line[at+len(old):]
}

// written is the value with quotes, if it had some or needs them.
func written(value string, quote byte) string {
	switch {
	case quote == 0 && plainValue.MatchString(value):
		return value
	case quote != '"' && !strings.ContainsAny(value, "'\n"):
		return "'" + value + "'"
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(value) + `"`
}

func appended(text, line, end string) string {
	if text != "" && text != "\ufeff" && !strings.HasSuffix(text, end[len(end)-1:]) {
		text = strings.TrimRight(text, "\r") + end // a line end may be cut short
	}
	return text + line + end
}
