package report

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"upstox-doctor/checks/files"
)

// A Page is something that can be written: a Document, a List or an
// Explanation. Each has at least these two formats.
type Page interface {
	Table(io.Writer, Options) error
	JSON(io.Writer) error
}

// A Kind is what a page tells of, where that gives it further formats.
type Kind string

// The kinds of pages that have formats of their own.
const (
	OfRun   Kind = "a run"
	OfWatch Kind = "a watch"
)

type format struct {
	name  string
	kinds []Kind // that have it; nil for every page
	write func(io.Writer, Page, Options) error
}

// formats is the one list of formats. A new one is a file with a function and
// a line here.
var formats = []format{
	{"table", nil, func(w io.Writer, p Page, o Options) error { return p.Table(w, o) }},
	{"json", nil, func(w io.Writer, p Page, _ Options) error { return p.JSON(w) }},
	{"short", []Kind{OfRun}, ofRun(Document.short)},
	{"jsonl", []Kind{OfRun, OfWatch}, ofRun(Document.jsonl)},
	{"junit", []Kind{OfRun}, ofRun(Document.junit)},
	{"tap", []Kind{OfRun}, ofRun(Document.tap)},
	{"nagios", []Kind{OfRun}, ofRun(Document.nagios)},
	{"prometheus", []Kind{OfRun}, ofRun(Document.prometheus)},
	{"markdown", []Kind{OfRun}, ofRun(Document.markdown)},
	{"github", []Kind{OfRun}, ofRun(Document.github)},
	{"html", []Kind{OfRun}, ofRun(Document.html)},
}

// ofRun is the writer of a format that only the report of a run has.
func ofRun(write func(Document, io.Writer, Options) error) func(io.Writer, Page, Options) error {
	return func(w io.Writer, p Page, o Options) error {
		d, ok := p.(Document)
		if !ok {
			return errors.New("this page does not have the format")
		}
		return write(d, w, o)
	}
}

// Formats returns the names of the formats that pages of one of the kinds
// have, the usual one first; without a kind, those that every page has.
func Formats(kinds ...Kind) []string {
	var names []string
	for _, f := range formats {
		if f.kinds == nil || slices.ContainsFunc(f.kinds, func(k Kind) bool { return slices.Contains(kinds, k) }) {
			names = append(names, f.name)
		}
	}
	return names
}

// An Output is one place where the report goes: a format and a file, or
// standard output if Path is empty.
type Output struct{ Format, Path string }

// ParseOutputs reads what --output was given, each "format" or "format=file".
// No two outputs may share a place. The page to be written is of one of the
// kinds, or of none that matters.
func ParseOutputs(values []string, kinds ...Kind) ([]Output, error) {
	var outputs []Output
	for _, v := range values {
		o, err := ParseOutput(v, kinds...)
		if err != nil {
			return nil, err
		}
		for _, other := range outputs {
			switch {
			case other.Path != o.Path:
			case o.Path == "":
				return nil, fmt.Errorf("outputs %s and %s: only one may go to standard output", other.Format, o.Format)
			default:
				return nil, fmt.Errorf("outputs %s and %s: both go to %s", other.Format, o.Format, o.Path)
			}
		}
		outputs = append(outputs, o)
	}
	return outputs, nil
}

// ParseOutput reads "json" or "json=report.json".
func ParseOutput(s string, kinds ...Kind) (Output, error) {
	name, path, file := strings.Cut(s, "=")
	known := Formats(kinds...)
	chosen := slices.IndexFunc(formats, func(f format) bool { return f.name == name })
	switch {
	case chosen < 0:
		return Output{}, fmt.Errorf("output %q: unknown format, choose %s", name, either(known))
	case !slices.Contains(known, name):
		return Output{}, fmt.Errorf("output %q: only for the report of %s; here choose %s", name, formats[chosen].kinds[0], either(known))
	case file && path == "":
		return Output{}, fmt.Errorf("output %q: the file name is empty", s)
	case strings.ContainsRune(path, utf8.RuneError): // which the library that reads flags has made of other bytes
		return Output{}, fmt.Errorf("output %q: the file name is no UTF-8 text", s)
	case path == "-":
		path = ""
	case path != "":
		path = filepath.Clean(path)
	}
	return Output{name, path}, nil
}

// either names things to choose from: "a or b", "a, b or c".
func either(names []string) string {
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// Write writes the page to every output, as a table on standard output if none
// is named. One that cannot be written does not keep the others from being
// written; the error names each. A file comes to be whole or stays as it was.
func Write(outputs []Output, stdout io.Writer, page Page, o Options) error {
	if len(outputs) == 0 {
		outputs = []Output{{Format: formats[0].name}}
	}
	var errs []error
	for _, out := range outputs {
		i := slices.IndexFunc(formats, func(f format) bool { return f.name == out.Format })
		var err error
		switch {
		case i < 0:
			err = errors.New("unknown format")
		case out.Path == "":
			err = formats[i].write(stdout, page, o)
		default:
			plain := o
			plain.Color, plain.Quiet, plain.Verbose = false, false, true // a file has no first screen
			err = files.Replace(out.Path, func(w io.Writer) error { return formats[i].write(w, page, plain) })
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("write output %s: %w", out, err))
		}
	}
	return errors.Join(errs...)
}

// String is the form that ParseOutput reads.
func (o Output) String() string {
	if o.Path == "" {
		return o.Format
	}
	return o.Format + "=" + o.Path
}
