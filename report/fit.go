package report

import (
	"fmt"
	"strings"
	"time"
)

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

// Lasting tells a duration in at most two units, below ten seconds to a tenth.
func Lasting(d time.Duration) string {
	s := int64((d + time.Second/2) / time.Second)
	m := int64((d + time.Minute/2) / time.Minute)
	switch {
	case d < 0:
		return "-" + Lasting(-d)
	case d < 9950*time.Millisecond:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case s < 120:
		return fmt.Sprintf("%d s", s)
	case s < 600:
		return twoUnits(s/60, "min", s%60, "s")
	case m < 120:
		return fmt.Sprintf("%d min", m)
	case m < 48*60:
		return twoUnits(m/60, "h", m%60, "min")
	}
	return twoUnits(m/60/24, "days", m/60%24, "h")
}

// twoUnits leaves out a second unit that is zero.
func twoUnits(large int64, of string, small int64, unit string) string {
	text := fmt.Sprintf("%d %s %d %s", large, of, small, unit)
	if small == 0 {
		text, _ = strings.CutSuffix(text, fmt.Sprintf(" 0 %s", unit))
	}
	return text
}

// Grouped writes a number as Indian papers do: 12,34,567.
func Grouped(n int64) string {
	if n < 0 {
		return "-" + Grouped(-n)
	}
	digits := fmt.Sprint(n)
	if len(digits) <= 3 {
		return digits
	}
	head, tail := digits[:len(digits)-3], digits[len(digits)-3:]
	for len(head) > 2 {
		head, tail = head[:len(head)-2], head[len(head)-2:]+","+tail
	}
	return head + "," + tail
}

// Clean returns text from outside in one line without secrets. Of m it uses
// Scrub.
func Clean(s string, m Meta) string { return cleaner{m.Scrub}.text(s, mostMessage) }
