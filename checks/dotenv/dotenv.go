// Package dotenv reads .env files in order to tell what is wrong in them. It
// knows lines, encodings, quotes and duplicates, expands nothing, and puts no
// text of the file into an error: any line may hold a secret.
package dotenv

import (
	"fmt"
	"slices"
	"strings"
)

// A File is what could be read of a .env file.
type File struct {
	Vars   []Var          // in the order of the file, duplicates included
	Errors []*SyntaxError // in the order of the file; the lines concerned have no Var
	BOM    bool           // begins with a byte order mark, which other readers take for a part of the first name
	CRLF   bool           // has Windows line ends, which shells and Docker take for a part of the value
}

// A Var is one assignment. An unknown Name may be a secret too: a wrapped base64
// text that ends in = looks like an assignment.
type Var struct {
	Name, Value string
	Line        int  // of the name, from 1
	Quote       byte // 0, '\'' or '"'
	Exported    bool
	Multiline   bool // the value goes on in the lines below
}

// A SyntaxError says in words what is wrong, and never quotes the file.
type SyntaxError struct {
	Line     int    // from 1; 0 if the whole file is concerned
	What     string // no value, no name
	Encoding string // as from [Encoding], if that is what is wrong
}

func (e *SyntaxError) Error() string {
	if e.Line == 0 {
		return e.What
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.What)
}

// Parse reads a .env file: NAME=value with an optional export before it,
// comments, single quotes (literal), double quotes (with \n, \t, \" and \\),
// quoted values over several lines, and " #" comments after unquoted values.
// A bad line does not lose the others: Parse goes on, keeps every error in
// File.Errors and returns the first one, a *SyntaxError.
func Parse(data []byte) (File, error) {
	if enc := Encoding(data); enc != "UTF-8" {
		e := &SyntaxError{What: "the file is " + enc + ", not UTF-8 text", Encoding: enc}
		return File{Errors: []*SyntaxError{e}}, e
	}
	p := parser{line: 1}
	p.text, p.file.BOM = strings.CutPrefix(string(data), "\ufeff")
	end := lineEnd(p.text)
	p.file.CRLF = end == "\r\n"
	p.text = strings.ReplaceAll(p.text, end, "\n")
	p.text = strings.TrimRight(p.text, "\r") // a line end that is cut short
	for p.pos < len(p.text) {
		p.statement()
	}
	if len(p.file.Errors) > 0 {
		return p.file, p.file.Errors[0]
	}
	return p.file, nil
}

// lineEnd is what the lines of the text end in. A carriage return alone ends
// them in files of old Macs, which have nothing else.
func lineEnd(text string) string {
	switch {
	case strings.Contains(text, "\r\n"):
		return "\r\n"
	case strings.Contains(text, "\r") && !strings.Contains(text, "\n"):
		return "\r"
	}
	return "\n"
}

// Lookup returns the last variable of that name: the last one wins.
func (f File) Lookup(name string) (Var, bool) {
	for i := len(f.Vars) - 1; i >= 0; i-- {
		if f.Vars[i].Name == name {
			return f.Vars[i], true
		}
	}
	return Var{}, false
}

// Multiline reports whether any variable of that name goes over several lines.
func (f File) Multiline(name string) bool {
	return slices.ContainsFunc(f.Vars, func(v Var) bool { return v.Name == name && v.Multiline })
}

// Duplicates returns the lines that set the name, or nil if it is set at most
// once.
func (f File) Duplicates(name string) []int {
	var lines []int
	for _, v := range f.Vars {
		if v.Name == name {
			lines = append(lines, v.Line)
		}
	}
	if len(lines) < 2 {
		return nil
	}
	return lines
}
