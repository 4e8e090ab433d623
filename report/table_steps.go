package report

import (
	"fmt"
	"strings"

	"upstox-doctor/checks/catalog"
)

// labels is the width of the column of labels.
const labels = 12

// labelled writes "Why         text", wrapped, with the text in one column.
func (p *page) labelled(label, text string) {
	if text != "" {
		p.prose(fmt.Sprintf("%-*s", labels, label), text, "")
	}
}

// ownerText says who must act. The words are those of the contract's owners.
func ownerText(owner string) string {
	switch owner {
	case string(catalog.Network):
		return "your network team or internet provider"
	case string(catalog.Proxy):
		return "the administrator of your proxy"
	case string(catalog.Upstox):
		return "Upstox"
	case string(catalog.Market):
		return "nobody: the market decides"
	}
	return "you"
}

// steps writes what to do, each command and address on a line of its own.
func (p *page) steps(f Fix) {
	if f.Guide != "" {
		p.labelled("Guide", "the row "+quoted(f.Guide))
	}
	p.blank()
	p.line(p.paint(bold, "What to do"))
	for i, s := range f.Steps {
		p.step(fmt.Sprintf("%2d. ", i+1), s)
	}
}

func (p *page) step(head string, s Step) {
	rest := printable(s.Do)
	for {
		at := address.FindStringIndex(rest)
		if at == nil {
			break
		}
		url := strings.TrimRight(rest[at[0]:at[1]], ".,;:!?)")
		if before := strings.TrimSpace(rest[:at[0]]); before != "" || strings.TrimSpace(head) != "" {
			p.prose(head, before, "")
		}
		p.unwrapped(url)
		head = strings.Repeat(" ", len(head))
		rest = strings.TrimLeft(rest[at[0]+len(url):], ".,;:!?) ")
	}
	if rest != "" {
		p.prose(head, rest, "")
	}
	if s.Run != "" {
		p.unwrapped(s.Run)
	}
}

// quoted puts a row of the guide in quotes unless it brings its own.
func quoted(s string) string {
	if strings.Contains(s, `"`) {
		return s
	}
	return `"` + s + `"`
}
