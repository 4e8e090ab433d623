package report

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"upstox-doctor/checks/doctor"
)

// Progress shows on one line of a terminal what is being checked. It is told
// by doctor.Runner; a nil Progress shows nothing.
type Progress struct {
	w       io.Writer
	mu      sync.Mutex
	running []string
	done    int
	begun   time.Time
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

// Observe takes one event of the run.
func (p *Progress) Observe(e doctor.Event) {
	if p == nil {
		return
	}
	p.mu.Lock()
	name := strings.TrimSpace(e.Check.ID + " " + e.Check.Target)
	if e.Result == nil {
		p.running = append(p.running, name)
	} else {
		p.done++
		for i, r := range p.running {
			if r == name {
				p.running = append(p.running[:i], p.running[i+1:]...)
				break
			}
		}
	}
	p.mu.Unlock()
	p.draw()
}

// Done clears the line.
func (p *Progress) Done() {
	if p == nil {
		return
	}
	close(p.stop)
	p.ended.Wait()
	fmt.Fprint(p.w, "\r\x1b[K")
}

func (p *Progress) draw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.running) == 0 {
		return
	}
	line := fmt.Sprintf("%d done, checking %s", p.done, p.running[0])
	if n := len(p.running) - 1; n > 0 {
		line += fmt.Sprintf(" and %d more", n)
	}
	if time.Since(p.begun) > slow {
		line += ", taking longer than usual"
	}
	if width := terminalWidth(p.w); len(line) >= width {
		line = line[:width-1]
	}
	fmt.Fprint(p.w, "\r\x1b[K"+line)
}

// IsTerminal reports whether w is a terminal that can move its cursor.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
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
