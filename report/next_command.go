package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
)

// A nextCommand is what to run after reading a page.
type nextCommand struct {
	after int // steps to do before it, which have no command
	run   string
}

// following is the command after a run that found nothing to mend.
func (b builder) following(d Document) string {
	step := catalog.WhenHealthy
	if d.End != doctor.Complete || !d.examinedAll() {
		step = catalog.WhenPartial
	}
	return b.call(step)
}

// call is the command of a step that needs nothing of what was found.
func (b builder) call(s catalog.Step) string {
	return b.fix(&catalog.Entry{Steps: []catalog.Step{s}}, Check{}).Steps[0].Run
}

// examinedAll reports whether each stage was examined.
func (d Document) examinedAll() bool {
	return !slices.ContainsFunc(d.stageRows(), func(r stageRow) bool { return r.status == doctor.Skip })
}

// next is the first command of the root cause to mend first.
func (d Document) next() nextCommand {
	if d.RootCause == nil {
		return nextCommand{run: d.following}
	}
	return d.RootCause.next()
}

// next is the first command of the steps, or what tells more.
func (c Cause) next() nextCommand {
	for i, s := range c.Fix.Steps {
		if s.Run != "" {
			return nextCommand{i, s.Run}
		}
	}
	return nextCommand{len(c.Fix.Steps), c.explain()}
}

// Call is a command as the program was called. Of m it uses OS and Caller.
func Call(line string, m Meta) string { return newBuilder(m).call(catalog.Step{Run: line}) }

// explain is the command that tells all that is known of the code.
func (c Cause) explain() string {
	return cmp.Or(c.more, "upstox-doctor explain "+c.Code)
}

// nextCommand ends a page with the command, alone on its line. The words before it
// join the verdict if that is one line with room for them.
func (p *page) nextCommand(n nextCommand, join bool) {
	if n.run == "" {
		return
	}
	intro := "Next:"
	switch {
	case n.after == 1:
		intro = "Next, after step 1:"
	case p.shown > 0 && n.after > p.shown: // the reader does not see all of them
		intro = "Next, after the steps:"
	case n.after > 1:
		intro = fmt.Sprintf("Next, after steps 1 to %d:", n.after)
	}
	lines := strings.Split(strings.TrimSuffix(p.buf.String(), "\n"), "\n")
	last := ansi.ReplaceAllString(lines[len(lines)-1], "")
	if join && width(last+". "+intro) <= min(p.Width, maxProseWidth) {
		p.buf.Truncate(p.buf.Len() - len("\n"))
		if !strings.ContainsAny(last[len(last)-1:], ".!?") {
			intro = "." + intro
		}
		intro = strings.Replace(intro, "Next", " Next", 1)
	}
	p.line(intro)
	p.unwrapped(n.run)
}
