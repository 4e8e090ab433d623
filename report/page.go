package report

import (
	"bytes"
	"cmp"
	"io"
	"runtime"
	"strings"

	"upstox-doctor/checks/lazyregexp"
	"upstox-doctor/checks/redact"
)

// Bounds of the width of what is written for people, in columns.
const (
	defaultWidth  = 80
	minWidth      = 40
	maxProseWidth = 100 // wider lines of prose are hard to read
)

// Options say how reports for people look. The zero value is 80 columns wide,
// without colour.
type Options struct {
	Width   int  // of the terminal, in columns; zero means 80, less than 40 means 40
	Color   bool // adds colour; what it says stands in words as well
	ASCII   bool // the reader's terminal shows no other characters
	Verbose bool // leaves nothing out
	Quiet   bool // says nothing when all is well
	Caller  Caller
}

// A page collects lines for people. Nothing is written before all of it is
// known, so that a reader never has half a table.
type page struct {
	Options
	buf   bytes.Buffer
	shown int // steps of the first cause, if not all of them are written
}

func newPage(o Options) *page {
	if o.Width <= 0 {
		o.Width = defaultWidth
	}
	o.Width = max(o.Width, minWidth)
	return &page{Options: o}
}

// send writes the page; its error is that of the writer, such as a closed pipe.
func (p *page) send(w io.Writer) error {
	if p.buf.Len() == 0 {
		return nil
	}
	_, err := w.Write(append(bytes.TrimRight(p.buf.Bytes(), "\n"), '\n'))
	return err
}

// style is an ANSI rendition.
type style string

const (
	bold   style = "1"
	red    style = "1;31"
	green  style = "32"
	yellow style = "33"
	dim    style = "2"
	cyan   style = "36"
)

func (p *page) paint(st style, s string) string {
	if !p.Color || st == "" || s == "" {
		return s
	}
	return "\x1b[" + string(st) + "m" + s + "\x1b[0m"
}

func (p *page) line(s string) {
	if p.ASCII {
		s = asciiSymbols.Replace(s)
	}
	p.raw(s)
}

func (p *page) raw(s string) {
	p.buf.WriteString(strings.TrimRight(s, " "))
	p.buf.WriteByte('\n')
}

// asciiSymbols replace the signs of pages, column for column. Words from
// outside, such as names of files, stay as they are.
var asciiSymbols = strings.NewReplacer("✓", "+", "✗", "x", "…", "~", "→", ">")

// rows counts the rows that the page takes on its terminal, which breaks a
// command that is wider.
func (p *page) rows() (n int) {
	for line := range strings.Lines(p.buf.String()) {
		columns := width(ansi.ReplaceAllString(strings.TrimSuffix(line, "\n"), ""))
		n += max(1, (columns+p.Width-1)/p.Width)
	}
	return n
}

var ansi = lazyregexp.New("\x1b\\[[0-9;]*m")

// add puts the lines of another page at the end.
func (p *page) add(q *page) {
	p.buf.Write(q.buf.Bytes())
	p.shown = cmp.Or(p.shown, q.shown)
}

// blank writes an empty line, unless the last one is empty already.
func (p *page) blank() {
	if !bytes.HasSuffix(p.buf.Bytes(), []byte("\n\n")) {
		p.buf.WriteByte('\n')
	}
}

// unwrapped writes a command or an address on a line of its own, never wrapped,
// so that it can be copied whole at any width.
func (p *page) unwrapped(s string) {
	for line := range strings.SplitSeq(s, "\n") {
		p.raw("    " + p.paint(cyan, redact.Printable(line, 0)))
	}
}

// call is a call of the program as it was called.
func (p *page) call(line string) string {
	return p.Caller.command(line, p.Caller.shell(runtime.GOOS))
}

// prose writes wrapped text; the first line begins with head and the others
// with as many spaces.
func (p *page) prose(head, s string, st style) { p.styledProse(head, bold, s, st) }

// styledProse is prose with a style for the head.
func (p *page) styledProse(head string, hst style, s string, st style) {
	indent := strings.Repeat(" ", width(head))
	lines := wrap(printable(s), min(p.Width, maxProseWidth)-len(indent))
	if len(lines) == 0 {
		lines = []string{""}
	}
	word := strings.TrimRight(head, " ")
	head = p.paint(hst, word) + head[len(word):]
	for i, line := range lines {
		switch {
		case width(indent+line) <= p.Width:
			p.line(head + p.paint(st, line))
		case i == 0 && word != "":
			p.line(head)
			p.unwrapped(line)
		default:
			p.unwrapped(line)
		}
		head = indent
	}
}

var address = lazyregexp.New(`(?:https?|wss?)://[^\s"'<>]+`)

// wrap breaks text into lines of at most the given number of columns. An
// address that is longer gets a line of its own, whole; any other word that is
// longer is broken.
func wrap(s string, columns int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		if line != "" && width(line)+1+width(word) <= columns {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for width(word) > columns && address.FindString(word) != word {
			head := prefixThatFits(word, columns)
			lines = append(lines, head)
			word = word[len(head):]
		}
		line = word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// prefixThatFits returns the longest beginning of s that fits, and at least one
// character.
func prefixThatFits(s string, columns int) string {
	used := 0
	for i, r := range s {
		used += width(string(r))
		if used > columns && i > 0 {
			return s[:i]
		}
	}
	return s
}

// shorten makes a word fit by an ellipsis in place of its end.
func shorten(s string, columns int) string {
	if width(s) <= columns {
		return s
	}
	return prefixThatFits(s, columns-1) + "…"
}

// join names things in a sentence: "a", "a and b", "a, b and c".
func join(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
