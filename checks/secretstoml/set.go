package secretstoml

import (
	"errors"
	"fmt"
	"strings"
)

// Set returns the file with a new text for the value of that name, as in
// [Value.Name]. All other bytes stay. Errors never quote the file.
func Set(data []byte, name, text string) ([]byte, error) {
	before, err := Parse(data)
	if err != nil {
		return nil, err
	}
	old, found := before.named(name)
	if !found {
		return nil, errors.New("the value is no longer there")
	}
	after := []byte(string(data[:old.from]) + written(text, data[old.from]) + string(data[old.to:]))
	now, err := Parse(after)
	if got, _ := now.named(name); err != nil || got.Text != text || len(now.Values) != len(before.Values) {
		return nil, errors.New("the value cannot be written so that it is read again")
	}
	return after, nil
}

// Get returns the value of exactly that name in the file, or "".
func Get(data []byte, name string) string {
	file, _ := Parse(data)
	v, _ := file.named(name)
	return v.Text
}

// named is the value of exactly that name.
func (f File) named(name string) (Value, bool) {
	for _, v := range f.Values {
		if v.Name == name {
			return v, true
		}
	}
	return Value{}, false
}

// written is the text in quotes: literal ones if it had them and can have them.
func written(text string, quote byte) string {
	if quote == '\'' && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == '\'' || r == 0x7f }) {
		return "'" + text + "'"
	}
	var out strings.Builder
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			out.WriteByte('\\')
			out.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&out, `\u%04X`, r)
		default:
			out.WriteRune(r)
		}
	}
	return `"` + out.String() + `"`
}
