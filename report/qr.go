package report

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// quiet is the margin that a QR code needs, in modules.
const quiet = 2

// QR draws an address as a QR code, two rows of it in one line of text, or says
// why it cannot.
func (t *Prompter) QR(url string) {
	code, err := qr.Encode(url, qr.L)
	if err != nil {
		t.Say("This address is too long for a QR code.")
		return
	}
	if need, has := code.Size+2*quiet, terminalWidth(t.errs); need > has {
		t.Say(fmt.Sprintf("The QR code needs %d columns, and this terminal has %d.", need, has))
		return
	}
	t.write(drawQR(code))
}

// drawQR draws dark on light in colours of its own, since a code in the colours of
// a dark terminal is inverted, which many cameras do not read.
func drawQR(code *qr.Code) string {
	var lines []string
	for y := -quiet; y < code.Size+quiet; y += 2 {
		var line strings.Builder
		for x := -quiet; x < code.Size+quiet; x++ {
			line.WriteString(halves[code.Black(x, y)][code.Black(x, y+1)])
		}
		lines = append(lines, "\x1b[30;107m"+line.String()+"\x1b[0m")
	}
	return strings.Join(lines, "\n")
}

// halves are the characters of two modules, the upper and then the lower one.
var halves = map[bool]map[bool]string{
	true:  {true: "\u2588", false: "\u2580"},
	false: {true: "\u2584", false: " "},
}
