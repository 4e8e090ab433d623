package help

import (
	"strings"
	"unicode/utf8"
)

// minWidth is the narrowest page that is laid out.
const minWidth = 40

// terminal shows blocks as plain text.
func terminal(blocks []block, width int) string {
	var out strings.Builder
	for i, b := range blocks {
		if i > 0 && (b.kind != item || blocks[i-1].kind != item) {
			out.WriteString("\n")
		}
		switch b.kind {
		case title, heading:
			out.WriteString(strings.ToUpper(plain(b.text)) + "\n")
		case paragraph:
			out.WriteString(wrap(plain(b.text), "", "", width))
		case item:
			mark := b.mark + " "
			out.WriteString(wrap(plain(b.text), mark, strings.Repeat(" ", len(mark)), width))
		case code:
			for _, line := range b.lines {
				out.WriteString(strings.TrimRight("  "+line, " ") + "\n")
			}
		case table:
			out.WriteString(terminalTable(b.cells, width))
		}
	}
	return out.String()
}

// plain is a text without marks. A link to a topic says how to read it.
func plain(text string) string {
	var out strings.Builder
	for _, s := range spans(text) {
		out.WriteString(s.text)
		if topic, ok := strings.CutSuffix(s.link, ".md"); ok {
			out.WriteString(" (upstox-doctor help " + topic + ")")
		}
	}
	return out.String()
}

// terminalTable shows a table in columns if it fits, and otherwise a paragraph for
// each row.
func terminalTable(cells [][]string, width int) string {
	columns := make([]int, len(cells[0]))
	for _, row := range cells {
		for i, cell := range row {
			columns[i] = max(columns[i], utf8.RuneCountInString(plain(cell)))
		}
	}
	before := 0 // the place of the last column
	for _, w := range columns[:len(columns)-1] {
		before += w + 2
	}
	var out strings.Builder
	if before > width/2 || len(columns) > 2 && before+columns[len(columns)-1] > width {
		return terminalList(cells, width)
	}
	for _, row := range cells {
		var lead strings.Builder
		for i, cell := range row[:len(row)-1] {
			lead.WriteString(pad(plain(cell), columns[i]+2))
		}
		out.WriteString(wrap(plain(row[len(row)-1]), lead.String(), strings.Repeat(" ", before), width))
	}
	return out.String()
}

func terminalList(cells [][]string, width int) string {
	var out strings.Builder
	for _, row := range cells[1:] {
		out.WriteString(plain(row[0]) + "\n")
		out.WriteString(wrap(rowText(cells[0], row), "    ", "    ", width))
	}
	return out.String()
}

// rowText is what a row says beside its first cell: the second cell, and those
// after it with their heads.
func rowText(head, row []string) string {
	text := plain(row[1])
	for i := 2; i < len(row); i++ {
		if row[i] != "" {
			text += " (" + plain(head[i]) + ": " + plain(row[i]) + ")"
		}
	}
	return text
}

// pad fills a text to a width.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

// wrap breaks a text at spaces into lines, the first after one lead and the others
// after another.
func wrap(text, first, rest string, width int) string {
	var out strings.Builder
	line, empty := first, true
	for word := range strings.FieldsSeq(text) {
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > max(width, minWidth) {
			out.WriteString(strings.TrimRight(line, " ") + "\n")
			line, empty = rest, true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	out.WriteString(strings.TrimRight(line, " ") + "\n")
	return out.String()
}
