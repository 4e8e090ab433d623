package report

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"upstox-doctor/checks/doctor"
)

// Progress shows on a terminal how the six stages fill, in the rows that the
// report begins with. It is told by doctor.Runner; a nil Progress shows nothing.
type Progress struct {
	w       io.Writer
	mu      sync.Mutex
	running []doctor.Check
	found   Document // what has ended so far
	drawn   int      // rows on the terminal
	begun   time.Time
	lines   map[string]bool // stages that have been said, where the cursor cannot be moved; nil where it can
	stop    chan struct{}
	ended   sync.WaitGroup
}

// slow is when the line says that it takes longer than usual.
const slow = 3 * time.Second

// NewProgress begins to show progress on w, unless shown is false.
func NewProgress(w io.Writer, shown bool) *Progress {
	if !shown {
		return nil
	}
	p := &Progress{w: w, begun: time.Now(), stop: make(chan struct{})}
	p.ended.Go(func() {
		tick := time.NewTicker(time.Second / 4)
		defer tick.Stop()
		for {
			select {
			case <-p.stop:
				return
			case <-tick.C:
				p.draw()
			}
		}
	})
	return p
}

// NewStageLines shows progress as a line for each stage that begins, for a terminal
// that cannot move its cursor.
func NewStageLines(w io.Writer) *Progress {
	return &Progress{w: w, lines: map[string]bool{}}
}

// Observe takes one event of the run.
func (p *Progress) Observe(e doctor.Event) {
	if p == nil {
		return
	}
	p.mu.Lock()
	if p.lines != nil {
		defer p.mu.Unlock()
		if stage := (doctor.Result{ID: e.Check.ID}).Stage(); e.Result == nil && !p.lines[stage] {
			p.lines[stage] = true
			fmt.Fprintln(p.w, "checking "+stage)
		}
		return
	}
	if e.Result == nil {
		p.running = append(p.running, e.Check)
	} else {
		p.found.Checks = append(p.found.Checks, newBuilder(Meta{}).check(*e.Result))
		same := func(c doctor.Check) bool { return c.ID == e.Check.ID && c.Target == e.Check.Target }
		p.running = slices.DeleteFunc(p.running, same)
	}
	p.mu.Unlock()
	p.draw()
}

// Done takes the rows away, so that the report stands in their place.
func (p *Progress) Done() {
	if p == nil || p.lines != nil {
		return
	}
	close(p.stop)
	p.ended.Wait()
	fmt.Fprint(p.w, p.back()+"\x1b[J")
}

// back leads to the first row.
func (p *Progress) back() string {
	if p.drawn == 0 {
		return "\r"
	}
	return fmt.Sprintf("\r\x1b[%dA", p.drawn)
}

// draw writes all rows at once, line over line, so that nothing flickers.
func (p *Progress) draw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	columns := terminalWidth(p.w)
	ascii := ASCII(os.LookupEnv)
	var b strings.Builder
	b.WriteString(p.back())
	p.drawn = 0
	for _, r := range p.found.stageRows() {
		line := p.row(r)
		if ascii {
			line = asciiSymbols.Replace(line)
		}
		b.WriteString(Fit(line, columns-1) + "\x1b[K\n")
		p.drawn++
	}
	fmt.Fprint(p.w, b.String())
}

// row is a stage that has ended, or what it is waiting for.
func (p *Progress) row(r stageRow) string {
	for _, c := range p.running {
		if (doctor.Result{ID: c.ID}).Stage() != r.name {
			continue
		}
		text := strings.TrimSpace("checking " + strings.TrimPrefix(c.ID, r.name+".") + " " + c.Target)
		if time.Since(p.begun) > slow {
			text += ", slower than usual"
		}
		return fmt.Sprintf("%-*s%-*s  %s", headWidth-stageWidth-2, "…", stageWidth, r.name, text)
	}
	if r.texts[0] == notAsked {
		return strings.Repeat(" ", headWidth-stageWidth-2) + r.name
	}
	return (&page{}).stageHead(r) + r.fit(terminalWidth(p.w)-headWidth-1)
}

// IsTerminal reports whether w is a terminal that can move its cursor.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// IsDumbTerminal reports whether w is a terminal that cannot move its cursor.
func IsDumbTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") == "dumb"
}

// terminalWidth is the width of the terminal in columns, and 80 of what is
// none.
func terminalWidth(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return defaultWidth
}

// TerminalOptions fills in how pages look on w: its width, its characters,
// and colour if wanted: "always", "never", or "auto" for a terminal without NO_COLOR.
func TerminalOptions(w io.Writer, color string, o Options) Options {
	o.Width = terminalWidth(w)
	o.ASCII = ASCII(os.LookupEnv)
	o.Color = color == "always" || color == "auto" && IsTerminal(w) && os.Getenv("NO_COLOR") == ""
	return o
}

// ASCII reports whether the environment asks for no other characters.
func ASCII(env func(string) (string, bool)) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value, _ := env(name); value != "" {
			value = strings.ToLower(value)
			return !strings.Contains(value, "utf-8") && !strings.Contains(value, "utf8")
		}
	}
	return false
}
