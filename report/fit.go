package report

// Fit returns a printable line with an ellipsis in place of what does not fit
// into the columns.
func Fit(s string, columns int) string {
	if columns < 1 {
		return ""
	}
	if s = shorten(s, columns); width(s) > columns { // a wide character and an ellipsis
		return "…"
	}
	return s
}

// Width is the number of columns that a terminal needs for s.
func Width(s string) int { return width(s) }

// Wrap breaks s into lines that fit, at words where that can be done.
func Wrap(s string, columns int) []string {
	var lines []string
	for _, line := range wrap(printable(s), columns) {
		lines = append(lines, shorten(line, columns))
	}
	return lines
}

// Clean returns text from outside in one line without secrets. Of m it uses
// Scrub.
func Clean(s string, m Meta) string { return cleaner{m.Scrub}.text(s, maxMessage) }
