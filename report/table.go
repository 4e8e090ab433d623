package report

import (
	"bytes"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"upstox-doctor/checks/doctor"
)

// Table writes the report for people: a row for each stage, each root cause
// with what to do about it, and last the verdict with the next command. So much
// of it is shown as one screen takes, or with Verbose all.
func (d Document) Table(w io.Writer, o Options) error {
	if o.Quiet && d.Status == string(doctor.Pass) && (d.Login == nil || d.Login.Status == "pass") {
		return nil
	}
	p, end := newPage(o), newPage(o)
	if d.NoTrading != "" {
		p.prose("", d.NoTrading, "")
		return p.send(w)
	}
	end.ending(d)
	said := p.stages(d)
	room := rowsFor(d) - p.rows() - end.rows()
	p.changed(d)
	if p.Verbose {
		p.blank()
		p.results(d)
		p.allCauses(d)
	} else {
		p.causes(d, said, room)
	}
	if p.shown > 0 { // which the words before the next command depend on
		end = newPage(o)
		end.shown = p.shown
		end.ending(d)
	}
	p.login(d)
	p.add(end)
	return p.send(w)
}

// ending writes what stands last, where a terminal shows it: how it was waited,
// the verdict, and the next command.
func (p *page) ending(d Document) {
	p.line("")
	p.waited(d.Wait)
	if p.Verbose {
		p.closing(d)
	}
	p.verdict(d)
	p.nextCommand(d.next(), len(d.RootCauses) < 2)
}

// A column of a grid. The last column of a grid takes the room that the others
// leave.
type column struct {
	head     string
	maxWidth int // columns of text; 0 means as wide as needed
	right    bool
	words    map[string]style // colours of cells that hold one of these words
}

const between = "  "

// table writes a table without borders, which is read well in logs and chats
// and without Unicode. Cells of the last column are wrapped to at most lines
// lines, zero meaning any number; the others are shortened. The library is
// told nothing about widths, because it does not hold them when a word is
// long: every cell fits before it comes there.
func (p *page) table(columns []column, rows [][]string, lines int) {
	room, last := p.Width, len(columns)-1
	for i, c := range columns[:last] {
		widest := width(c.head)
		for _, row := range rows {
			widest = max(widest, width(row[i]))
		}
		if c.maxWidth > 0 {
			widest = min(widest, c.maxWidth)
		}
		columns[i].maxWidth = widest
		room -= widest + len(between)
	}
	out := make([][]string, len(rows))
	for r, row := range rows {
		for i, cell := range row {
			if i == last {
				cell = paragraph(cell, room, lines)
			} else {
				cell = p.paint(columns[i].words[cell], short(cell, columns[i].maxWidth))
			}
			out[r] = append(out[r], cell)
		}
	}
	p.plain(columns, out)
}

// short makes a cell fit that is not wrapped. It keeps the indentation.
func short(s string, columns int) string {
	text := strings.TrimLeft(s, " ")
	return shorten(s[:len(s)-len(text)]+printable(text), columns)
}

// paragraph wraps a cell; what does not fit gives way to an ellipsis.
func paragraph(s string, columns, lines int) string {
	var words []string
	for word := range strings.FieldsSeq(printable(s)) {
		words = append(words, shorten(word, columns))
	}
	wrapped := wrap(strings.Join(words, " "), columns)
	if lines > 0 && len(wrapped) > lines {
		wrapped = wrapped[:lines]
		wrapped[lines-1] = prefixThatFits(wrapped[lines-1], columns-2) + " …"
	}
	return strings.Join(wrapped, "\n")
}

// plain lets the library lay out cells that fit. The library ignores what its
// writer answers, so it writes into memory.
func (p *page) plain(columns []column, rows [][]string) {
	var head []string
	var align tw.Alignment
	for _, c := range columns {
		head = append(head, c.head)
		if c.right {
			align = append(align, tw.AlignRight)
		} else {
			align = append(align, tw.AlignLeft)
		}
	}
	var buf bytes.Buffer
	t := tablewriter.NewTable(&buf,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: tw.BorderNone,
			Symbols: tw.NewSymbolCustom("plain").WithRow("-").WithColumn(between).WithCenter(between),
			Settings: tw.Settings{
				Separators: tw.Separators{ShowHeader: tw.Off, BetweenColumns: tw.On, BetweenRows: tw.Off},
				Lines:      tw.Lines{ShowHeaderLine: tw.On, ShowTop: tw.Off, ShowBottom: tw.Off},
			},
		})),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithPadding(tw.PaddingNone),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithAlignment(align),
	)
	t.Header(head)
	err := t.Bulk(rows)
	if err == nil {
		err = t.Render()
	}
	if err != nil {
		panic("report: lay out a table in memory: " + err.Error())
	}
	for line := range strings.Lines(buf.String()) {
		p.line(strings.TrimSuffix(line, "\n"))
	}
}

// width is the number of columns that a terminal needs for s, the same in
// every locale.
func width(s string) int { return twwidth.WidthWithOptions(s, twwidth.Options{}) }

var resultWords = map[string]style{
	"pass": green, "WARN": yellow, "FAIL": red, "skip": dim,
}

// word is how a status is shown: what needs attention stands out without
// colour too.
func word(s doctor.Status) string {
	if s == doctor.Warn || s == doctor.Fail {
		return strings.ToUpper(string(s))
	}
	return string(s)
}
