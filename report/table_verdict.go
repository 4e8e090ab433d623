package report

import (
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
)

// maxVerdicts bounds the root causes that the verdict names.
const maxVerdicts = 3

// verdict writes what matters most: one line for each root cause, or one for
// all if there is none.
func (p *page) verdict(d Document) {
	if text := unfinished(d.End); text != "" {
		p.say("STOP", red, text)
	}
	for i, c := range d.RootCauses {
		if i == maxVerdicts {
			p.say("", "", fmt.Sprintf("and %d more", len(d.RootCauses)-i))
			break
		}
		if d.Summary.Fail > 0 {
			p.say("FAIL", red, c.Code+": "+c.Title)
		} else {
			p.say("WARN", yellow, c.Code+": "+c.Title)
		}
	}
	if d.Summary.Fail == 0 && d.End == doctor.Complete {
		p.prose("", healthy(d), green)
	}
}

// say writes "FAIL  text" with the word in its colour.
func (p *page) say(word string, st style, text string) {
	p.styledProse(fmt.Sprintf("%-6s", word), st, text, bold)
}

func unfinished(e doctor.End) string {
	switch e {
	case doctor.Interrupted:
		return "Interrupted: this is what was found until then."
	case doctor.OutOfTime:
		return "The time for the whole run was over before the last check: this is what was found until then."
	case doctor.Faulty:
		return "A check of the doctor itself failed, so this report is not complete."
	}
	return ""
}

// healthy says what passed, and what the last check of the stream saw: the
// price and its age, or when the market opens.
func healthy(d Document) string {
	if d.NoTrading != "" {
		return d.NoTrading
	}
	var stages []string
	last := ""
	for _, c := range d.Checks {
		if c.Status != doctor.Pass {
			continue
		}
		if !slices.Contains(stages, c.Stage) {
			stages = append(stages, c.Stage)
		}
		if c.Stage == catalog.StageTicks && c.Message != "" {
			last = c.Message
		}
	}
	var text string
	switch {
	case len(stages) == 0 && d.Summary.Warn == 0:
		return "No check has run."
	case d.Summary.Warn > 0:
		text = "Nothing fails."
	case len(stages) == len(catalog.Stages()):
		text = "All six stages pass."
	default:
		text = "Only " + join(stages) + " ran, and all passed."
	}
	if r, size := utf8.DecodeRuneInString(last); size > 0 {
		text += " " + string(unicode.ToUpper(r)) + last[size:]
	}
	return text
}

// closing says how the program ends and how scripts get the same.
func (p *page) closing(d Document) {
	text := fmt.Sprintf("Exit status %d: %s. As JSON: --output json", d.ExitCode, meaning(d.ExitCode))
	if long := "Done in " + elapsed(d.DurationMS) + ". " + text; width(long) <= p.Width {
		text = long
	}
	p.prose("", text, dim)
}

func meaning(exit int) string {
	switch exit {
	case 0:
		return "nothing failed"
	case 1:
		return "a check failed"
	case 3:
		return "only warnings"
	case 130:
		return "interrupted"
	}
	return "not complete"
}
