package live

import (
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
)

// minRedraw is the time between two drawings.
const minRedraw = time.Second / 4

// Control sequences of xterm, which tmux and Windows support too. Wrapping is off
// during a watch, since terminals disagree about the width of characters.
const (
	enter     = "\x1b[?1049h\x1b[?25l\x1b[?7l" // other screen, no cursor, no wrapping
	home      = "\x1b[H"
	eraseLine = "\x1b[K"
	eraseRest = "\x1b[J"
	// A screen that has grown and is not empty leaves lines behind in tmux.
	leave = home + eraseRest + "\x1b[?7h\x1b[?25h\x1b[?1049l"
)

// ScreenOptions holds a Screen's options.
type ScreenOptions struct {
	Color bool
	ASCII bool // the terminal knows no other characters
	Meta  report.Meta
	Size  func() (columns, rows int) // asked at each drawing
}

// A Screen shows a watch on the terminal's alternate screen; Close restores the
// content from before.
type Screen struct {
	w       io.Writer
	options ScreenOptions
	stop    func()

	mu            sync.Mutex // a change of the window's size draws too
	last          *snapshot
	anomalies     []anomaly
	drawn         time.Time
	begun, closed bool
	suspended     bool
	err           error
	stopSignals   func()
}

// NewScreen draws on w. Once a write has failed it writes nothing more, and
// calls stop.
func NewScreen(w io.Writer, options ScreenOptions, stop func()) *Screen {
	s := &Screen{w: w, options: options, stop: stop}
	s.stopSignals = onSignal(s.redraw, s.suspend)
	return s
}

// Err is the first error of the terminal.
func (s *Screen) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Frame does nothing: only Refresh redraws the screen.
func (s *Screen) Frame(time.Time, *feed.Message) {}

// Notice keeps anomalies, to be shown with the next Refresh.
func (s *Screen) Notice(n watch.Notice) {
	if n.Kind != watch.Anomaly || n.Finding == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.anomalies = slices.DeleteFunc(s.anomalies, func(o anomaly) bool { return o.Code == n.Finding.Code })
	s.anomalies = append(s.anomalies, anomaly{*n.Finding, n.At})
	s.anomalies = s.anomalies[max(0, len(s.anomalies)-maxAnomalies):]
}

// Refresh draws, unless it has just done so.
func (s *Screen) Refresh(state *watch.State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if since := state.Now.Sub(s.drawn); since >= 0 && since < minRedraw-minRedraw/10 {
		return
	}
	s.drawn = state.Now
	s.last = copyState(state, s.anomalies)
	s.draw()
}

// Close restores the terminal. Nothing is drawn after it. It may be called more
// than once, and from another goroutine.
func (s *Screen) Close() {
	s.stopSignals()
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.suspend()
}

// suspend leaves the terminal until redraw.
func (s *Screen) suspend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.suspended = true
	if s.begun {
		s.begun = false
		s.write(leave)
	}
}

func (s *Screen) redraw() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.suspended = false
	s.draw()
}

// draw writes the whole screen at once, line over line, so that nothing
// flickers. The last line has no end, so that nothing scrolls.
func (s *Screen) draw() {
	if s.last == nil || s.closed || s.suspended {
		return
	}
	var b strings.Builder
	if !s.begun {
		s.begun = true
		b.WriteString(enter)
	}
	columns, rows := s.options.Size()
	b.WriteString(home)
	for i, line := range newLayout(s.last, s.options, columns, rows) {
		if i > 0 {
			b.WriteString("\r\n")
		}
		b.WriteString(line)
		b.WriteString(eraseLine)
	}
	b.WriteString(eraseRest)
	s.write(b.String())
}

func (s *Screen) write(text string) {
	if s.err != nil {
		return
	}
	if _, s.err = io.WriteString(s.w, text); s.err != nil {
		s.stop()
	}
}

// maxKept is the most keys, and the most episodes, that are kept of a state
// until the next drawing; no screen shows more.
const maxKept = 200

// A snapshot is a copy of the part of a State that can be shown, since a sink
// may not keep the State itself.
type snapshot struct {
	watch.State
	keys, episodes int // in all
	anomalies      []anomaly
}

// An anomaly is an anomaly that is not an episode.
type anomaly struct {
	doctor.Result
	at time.Time
}

// maxAnomalies is how many of them are kept, each with a code of its own.
const maxAnomalies = 3

func copyState(s *watch.State, also []anomaly) *snapshot {
	c := &snapshot{State: *s, keys: len(s.Quotes), anomalies: slices.Clone(also)}
	if n := len(s.Episodes); n > 0 {
		c.episodes = s.Episodes[n-1].N
	}
	c.Quotes = slices.Clone(s.Quotes[:min(len(s.Quotes), maxKept)])
	c.PerSecond = slices.Clone(s.PerSecond)
	c.Episodes = slices.Clone(s.Episodes[max(0, len(s.Episodes)-maxKept):])
	c.Patterns = slices.Clone(s.Patterns)
	return c
}

// TerminalSize is the size of the terminal behind w, asked anew at each call,
// and 80 by 24 of what is none.
func TerminalSize(w io.Writer) func() (columns, rows int) {
	return func() (int, int) {
		if f, ok := w.(*os.File); ok {
			if columns, rows, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 && rows > 0 {
				return columns, rows
			}
		}
		return 80, 24
	}
}
