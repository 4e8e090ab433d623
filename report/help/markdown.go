package help

import (
	"fmt"
	"strings"
)

// A block is one part of a text.
type block struct {
	kind  blockKind
	text  string     // of a heading, a paragraph or an item, with marks for code and links
	mark  string     // what stands before an item: "-" or a number
	lines []string   // of code
	cells [][]string // of a table, the head first
	shown bool       // code that is output or of another language, and no command
}

type blockKind int

const (
	title blockKind = iota
	heading
	paragraph
	item
	code
	table
)

// parse reads the part of Markdown that texts are written in: headings of two
// levels, paragraphs, items, fenced code and tables, with code and links inside.
// Anything else is an error, since it would be shown as it is written.
func parse(text string) ([]block, error) {
	p := parser{lines: strings.Split(strings.TrimRight(text, "\n"), "\n")}
	for p.n < len(p.lines) {
		if err := p.next(); err != nil {
			return nil, fmt.Errorf("line %d: %w", p.n+1, err)
		}
	}
	return p.blocks, nil
}

type parser struct {
	lines  []string
	n      int // the line to be read
	blocks []block
}

func (p *parser) next() error {
	line := p.lines[p.n]
	number, _, isNumber := strings.Cut(line, ". ")
	switch {
	case line == "", strings.HasPrefix(line, "<!--"):
		p.n++
	case strings.HasPrefix(line, "# "):
		p.add(block{kind: title, text: line[2:]})
	case strings.HasPrefix(line, "## "):
		p.add(block{kind: heading, text: line[3:]})
	case strings.HasPrefix(line, "```"):
		return p.code(line[3:])
	case strings.HasPrefix(line, "| "):
		return p.table()
	case strings.HasPrefix(line, "- "):
		p.blocks = append(p.blocks, block{kind: item, mark: "-", text: p.joined(line[2:])})
	case isNumber && strings.Trim(number, "0123456789") == "":
		p.blocks = append(p.blocks, block{kind: item, mark: number + ".", text: p.joined(line[len(number)+2:])})
	case strings.ContainsAny(line[:1], "#>*_+<!~ \t|-="):
		return fmt.Errorf("%q is no paragraph, heading, item, code or table", line)
	default:
		p.blocks = append(p.blocks, block{kind: paragraph, text: p.joined(line)})
	}
	return p.inline()
}

func (p *parser) add(b block) {
	p.blocks = append(p.blocks, b)
	p.n++
}

// joined is a text with the lines that continue it.
func (p *parser) joined(text string) string {
	for p.n++; p.n < len(p.lines); p.n++ {
		line := strings.TrimSpace(p.lines[p.n])
		if line == "" || strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "```") || strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "#") {
			break
		}
		if first, _, ok := strings.Cut(line, ". "); ok && strings.Trim(first, "0123456789") == "" {
			break
		}
		text += " " + line
	}
	return text
}

func (p *parser) code(language string) error {
	b := block{kind: code, shown: language != ""}
	for p.n++; p.n < len(p.lines); p.n++ {
		if p.lines[p.n] == "```" {
			p.add(b)
			return nil
		}
		b.lines = append(b.lines, p.lines[p.n])
	}
	return fmt.Errorf("code without an end")
}

func (p *parser) table() error {
	b := block{kind: table}
	for ; p.n < len(p.lines) && strings.HasPrefix(p.lines[p.n], "|"); p.n++ {
		if strings.HasPrefix(p.lines[p.n], "|---") {
			continue
		}
		const bar = "\x00" // stands for an escaped one
		row := strings.ReplaceAll(p.lines[p.n], `\|`, bar)
		var cells []string
		for cell := range strings.SplitSeq(strings.Trim(row, "|"), "|") {
			cells = append(cells, strings.ReplaceAll(strings.TrimSpace(cell), bar, "|"))
		}
		if len(b.cells) > 0 && len(cells) != len(b.cells[0]) {
			return fmt.Errorf("a row of %d cells under a head of %d", len(cells), len(b.cells[0]))
		}
		b.cells = append(b.cells, cells)
	}
	p.blocks = append(p.blocks, b)
	return nil
}

// inline checks the marks inside the block that was read last.
func (p *parser) inline() error {
	if len(p.blocks) == 0 {
		return nil
	}
	text := p.blocks[len(p.blocks)-1].text
	if strings.Count(text, "`")%2 != 0 {
		return fmt.Errorf("a backquote without an end in %q", text)
	}
	for _, s := range spans(text) {
		if !s.code && strings.ContainsAny(s.text, "*<>\\") {
			return fmt.Errorf("%q holds marks that are not understood", s.text)
		}
	}
	return nil
}

// A span is a piece of a text.
type span struct {
	text string
	code bool
	link string // a file of a topic, or an address; optional
}

// spans takes a text apart at its marks.
func spans(text string) []span {
	var all []span
	for i, part := range strings.Split(text, "`") {
		if i%2 == 1 {
			all = append(all, span{text: part, code: true})
			continue
		}
		for part != "" {
			before, rest, open := strings.Cut(part, "[")
			name, after, closed := strings.Cut(rest, "](")
			link, after, ended := strings.Cut(after, ")")
			if !open || !closed || !ended {
				all = append(all, span{text: part})
				break
			}
			all = append(all, span{text: before}, span{text: name, link: link})
			part = after
		}
	}
	return all
}
