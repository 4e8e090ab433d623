package help

import "strings"

// maxRoffLine is the longest line of text, in bytes, that mandoc takes without a
// remark.
const maxRoffLine = 78

// roff writes blocks in the macros of man(7).
func roff(out *strings.Builder, blocks []block) {
	begun := true // a section begins without a macro of its own
	for _, b := range blocks {
		switch b.kind {
		case title, heading:
			out.WriteString(".SH " + roffText(strings.ToUpper(plain(b.text))) + "\n")
			begun = true
			continue
		case paragraph:
			if !begun {
				out.WriteString(".PP\n")
			}
			roffLines(out, b.text)
		case item:
			mark := b.mark
			if mark == "-" {
				mark = `\(bu`
			}
			out.WriteString(".IP " + mark + " 4\n")
			roffLines(out, b.text)
		case code:
			roffCode(out, b.lines, begun)
		case table:
			for _, row := range b.cells[1:] {
				out.WriteString(".TP\n")
				roffLines(out, row[0])
				roffLines(out, rowText(b.cells[0], row))
			}
		}
		begun = false
	}
}

func roffCode(out *strings.Builder, lines []string, begun bool) {
	if !begun {
		out.WriteString(".PP\n")
	}
	out.WriteString(".RS 4\n.nf\n")
	for _, line := range lines {
		out.WriteString(roffLine(roffCodeText(strings.TrimRight(line, " "))) + "\n")
	}
	out.WriteString(".fi\n.RE\n")
}

// roffLines writes a text with marks in lines that are not too long.
func roffLines(out *strings.Builder, text string) {
	var words []string
	join := false // the next word belongs to the one before
	for _, s := range spans(text) {
		escaped, font, end := roffText(plainSpan(s)), "", ""
		if s.code {
			escaped, font, end = roffCodeText(s.text), `\fB`, `\fP`
		}
		fields := strings.Fields(escaped)
		if len(fields) > 0 && strings.TrimLeft(escaped, " ") != escaped {
			join = false
		}
		for i, field := range fields {
			field = font + field + end
			if join && i == 0 && len(words) > 0 {
				words[len(words)-1] += field
				continue
			}
			words = append(words, field)
		}
		join = len(fields) > 0 && strings.TrimRight(escaped, " ") == escaped
	}
	line := ""
	for _, word := range words {
		if line != "" && len(line)+1+len(word) > maxRoffLine {
			out.WriteString(roffLine(line) + "\n")
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	out.WriteString(roffLine(line) + "\n")
}

// plainSpan is the text of one span, a link with what it leads to.
func plainSpan(s span) string {
	if topic, ok := strings.CutSuffix(s.link, ".md"); ok {
		return s.text + " (upstox-doctor help " + topic + ")"
	}
	return s.text
}

// roffText keeps a text from being read as commands of roff.
func roffText(s string) string { return strings.ReplaceAll(s, `\`, `\e`) }

// roffCodeText also keeps dashes and quotes as they must be typed.
func roffCodeText(s string) string {
	return strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`).Replace(s)
}

// roffLine keeps a line from being read as a request.
func roffLine(s string) string {
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		return `\&` + s
	}
	return s
}
