// Package secretstoml reads Streamlit's .streamlit/secrets.toml, and replaces
// one value in it. It knows where each value stands, and puts no text of the
// file into an error: any line may hold a secret.
package secretstoml

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"upstox-doctor/checks/dotenv"
	"upstox-doctor/checks/lazyregexp"
)

// A File is what could be read of a secrets file.
type File struct {
	Values []Value // texts and numbers of the root and of the table upstox, in the order of the file
}

// A Value is one assignment.
type Value struct {
	Name string // as in the file, with its table: "upstox.access_token"
	Text string
	Line int // from 1

	Multiline bool // the value goes on in the lines below
	Inline    bool // one of an inline table, which may set others on the same line

	path     []string
	from, to int // bytes of the file that are the value, with its quotes
}

// A SyntaxError says in words what is wrong, and never quotes the file.
type SyntaxError struct {
	Line, Column int    // from 1; 0 if the whole file is concerned
	What         string // no value, no name
	Encoding     string // as from [dotenv.Encoding], if that is what is wrong
}

func (e *SyntaxError) Error() string {
	if e.Line == 0 {
		return e.What
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.What)
}

const (
	mark  = "\ufeff" // byte order mark
	table = "upstox"
)

// Parse reads a secrets file. As in Streamlit, a file with one error gives no
// values at all. The error is a *SyntaxError.
func Parse(data []byte) (File, error) {
	if enc := dotenv.Encoding(data); enc != "UTF-8" {
		return File{}, &SyntaxError{What: "the file is " + enc + ", not UTF-8 text", Encoding: enc}
	}
	text := bytes.TrimPrefix(data, []byte(mark))
	if err := toml.Unmarshal(text, new(map[string]any)); err != nil {
		return File{}, syntaxError(text, err)
	}
	var p unstable.Parser
	p.Reset(text)
	f, at := File{}, []string(nil)
	for p.NextExpression() {
		switch e := p.Expression(); e.Kind {
		case unstable.Table, unstable.ArrayTable:
			at = keys(e)
			if e.Kind == unstable.ArrayTable {
				at = append(at, "") // one of many, which no name leads to
			}
		case unstable.KeyValue:
			f.add(at, e)
		}
	}
	for i, v := range f.Values {
		f.Values[i].Line = 1 + bytes.Count(text[:v.from], []byte("\n"))
		f.Values[i].Multiline = bytes.Contains(text[v.from:v.to], []byte("\n"))
		f.Values[i].from, f.Values[i].to = v.from+len(data)-len(text), v.to+len(data)-len(text)
	}
	return f, nil
}

// add takes over a value, or those of an inline table.
func (f *File) add(at []string, e *unstable.Node) {
	path, v := append(slices.Clone(at), keys(e)...), e.Value()
	switch v.Kind {
	case unstable.InlineTable:
		first := len(f.Values)
		for inner := v.Children(); inner.Next(); {
			f.add(path, inner.Node())
		}
		for i := range f.Values[first:] {
			f.Values[first+i].Inline = true
		}
	case unstable.String, unstable.Integer:
		if len(path) == 1 || len(path) == 2 && strings.EqualFold(path[0], table) {
			from := int(v.Raw.Offset)
			f.Values = append(f.Values, Value{
				Name: strings.Join(path, "."), Text: string(v.Data), path: path, from: from, to: from + int(v.Raw.Length),
			})
		}
	}
}

func keys(e *unstable.Node) []string {
	var names []string
	for k := e.Key(); k.Next(); {
		names = append(names, string(k.Node().Data))
	}
	return names
}

// unquoted is the commonest fault: a value whose quotes were forgotten.
var unquoted = lazyregexp.New(`^[^=]*=[ \t]*[^\s'"\[{]`)

func syntaxError(text []byte, err error) *SyntaxError {
	e, ok := errors.AsType[*toml.DecodeError](err)
	if !ok {
		return &SyntaxError{What: "the file is not TOML"}
	}
	s := &SyntaxError{What: "not TOML"}
	s.Line, s.Column = e.Position()
	lines := bytes.SplitAfter(text, []byte("\n"))
	line := lines[min(max(s.Line, 1), len(lines))-1]
	switch {
	case len(e.Key()) > 0:
		s.What = "a name that stands twice"
	case unquoted.Match(line):
		s.What = "a value without quotes"
	}
	return s
}

// prefix is what the names of variables begin with; in the file it may be missing.
const prefix = "UPSTOX_"

// Lookup returns the value that stands for a variable such as UPSTOX_API_KEY, in
// any case: under its full name in the root, then in the table upstox with or
// without the prefix, then without the prefix in the root.
func (f File) Lookup(variable string) (Value, bool) {
	bare := strings.TrimPrefix(variable, prefix)
	for _, path := range [][]string{{variable}, {table, variable}, {table, bare}, {bare}} {
		for _, v := range f.Values {
			if slices.EqualFunc(v.path, path, strings.EqualFold) {
				return v, true
			}
		}
	}
	return Value{}, false
}
