package live

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"upstox-doctor/checks/watch"
	"upstox-doctor/fixtures/golden"
	"upstox-doctor/report"
)

//go:generate go test . -run Golden -update

func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	golden.Compare(t, "../../testdata/watch/"+name, got)
}

func drawn(s *watch.State, options ScreenOptions, columns, rows int, also ...anomaly) []string {
	options.Meta = meta
	return newLayout(copyState(s, also), options, columns, rows)
}

var sizes = [][2]int{{80, 24}, {200, 50}, {40, 10}}

func TestGoldenScreen(t *testing.T) {
	t.Parallel()
	for _, tc := range states {
		for _, size := range sizes {
			name := fmt.Sprintf("screen/%s-%dx%d.txt", tc.name, size[0], size[1])
			compareGolden(t, name, strings.Join(drawn(tc.state(), ScreenOptions{}, size[0], size[1]), "\n")+"\n")
		}
	}
	compareGolden(t, "screen/broken-80x24-colour.txt", strings.Join(drawn(broken(9), ScreenOptions{Color: true}, 80, 24), "\n")+"\n")
	compareGolden(t, "screen/broken-80x24-ascii.txt", strings.Join(drawn(broken(9), ScreenOptions{ASCII: true}, 80, 24), "\n")+"\n")
}

// TestScreenFits draws at every size: no line reaches the last column, and
// there are no more lines than rows.
func TestScreenFits(t *testing.T) {
	t.Parallel()
	all := append(states, struct {
		name  string
		state func() *watch.State
	}{"hostile", hostile})
	for _, tc := range all {
		s := tc.state()
		for columns := 1; columns <= 210; columns += 1 + columns/6 {
			for rows := 1; rows <= 60; rows += 1 + rows/7 {
				for _, ascii := range []bool{false, true} {
					lines := drawn(s, ScreenOptions{ASCII: ascii}, columns, rows)
					if len(lines) > rows || len(lines) == 0 {
						t.Fatalf("%s at %dx%d: %d lines", tc.name, columns, rows, len(lines))
					}
					for _, line := range lines {
						if w := report.Width(line); w > max(1, columns-1) {
							t.Fatalf("%s at %dx%d: %d columns: %q", tc.name, columns, rows, w, line)
						}
						if i := strings.IndexFunc(line, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || ascii && r > 126 }); i >= 0 {
							t.Fatalf("%s at %dx%d: a terminal would obey or not know %q", tc.name, columns, rows, line)
						}
					}
				}
			}
		}
	}
}

// TestWordsThatMustBeThere holds what a user looks for at the usual size.
func TestWordsThatMustBeThere(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		state *watch.State
		words []string
	}{
		{"healthy", healthy(), []string{"24,513.05", "+111.95", "+0.46 %", "0.3 s ago", "connected for 45 min", "12,34,567", "closes 15:30 IST", "in 3 h 30 min", "ends Tue 03:30 IST", "not broken", "-1.06 %", "0.00 %", "83.1225"}},
		{"broken", broken(9), []string{"next attempt in 7 s", "stream-stalled", "1 min 35 s so far", "What to do", "Pattern", "#9"}},
		{"dead", dead(), []string{"stopped", "upstox-doctor login", "ended 03:30 IST", "token-expired"}},
		{"waiting", waiting(), []string{"closed, opens Mon 09:15 IST, in 17 h 15 min", "its end is not known"}},
		{"long", broken(300), []string{"earlier"}},
	} {
		screen := strings.Join(drawn(tc.state, ScreenOptions{}, 80, 24), "\n")
		for _, w := range tc.words {
			if !strings.Contains(screen, w) {
				t.Errorf("%s lacks %q:\n%s", tc.name, w, screen)
			}
		}
	}
}

// terminal counts what is written to it.
type terminal struct {
	bytes.Buffer
	writes int
	err    error
}

// WriteString hides the Buffer's.
func (w *terminal) WriteString(s string) (int, error) { return w.Write([]byte(s)) }

func (w *terminal) Write(b []byte) (int, error) {
	w.writes++
	if w.err != nil {
		return 0, w.err
	}
	return w.Buffer.Write(b)
}

func (w *terminal) options() ScreenOptions {
	return ScreenOptions{Meta: meta, Size: func() (int, int) { return 80, 24 }}
}

func TestScreenLife(t *testing.T) {
	t.Parallel()
	w := new(terminal)
	s := NewScreen(w, w.options(), func() { t.Error("stopped") })
	s.Notice(watch.Notice{})
	if w.writes != 0 {
		t.Error("writes before the first beat")
	}
	state := healthy()
	for range 20 { // one second
		s.Refresh(state)
		state.Now = state.Now.Add(50 * time.Millisecond)
	}
	if w.writes < 3 || w.writes > 5 {
		t.Errorf("%d drawings in a second", w.writes)
	}
	if got := w.String(); !strings.HasPrefix(got, enter+home) || strings.Contains(got, "\x1b[2J") || strings.Count(got, enter) != 1 {
		t.Errorf("begins with %q", got[:40])
	}
	frame := w.String()
	if n := strings.Count(frame[strings.LastIndex(frame, home):], "\r\n"); n > 23 {
		t.Errorf("a drawing scrolls: %d line ends", n)
	}
	s.Close()
	s.Close()
	s.Refresh(healthy())
	if got := w.String(); !strings.HasSuffix(got, leave) || strings.Count(got, leave) != 1 {
		t.Errorf("ends with %q", got[len(got)-40:])
	}
}

func TestScreenThatNeverDrewLeavesNoTrace(t *testing.T) {
	t.Parallel()
	w := new(terminal)
	NewScreen(w, w.options(), func() {}).Close()
	if w.writes != 0 {
		t.Errorf("wrote %q", w.String())
	}
}

func TestScreenStopsAtAnError(t *testing.T) {
	t.Parallel()
	w := &terminal{err: errors.New("gone")}
	stops := 0
	s := NewScreen(w, w.options(), func() { stops++ })
	defer s.Close()
	state := healthy()
	s.Refresh(state)
	state.Now = state.Now.Add(time.Second)
	s.Refresh(state)
	if stops != 1 || w.writes != 1 || s.Err() == nil {
		t.Errorf("%d stops, %d writes, error %v", stops, w.writes, s.Err())
	}
}

// TestScreenKeepsNothing changes the state after a Refresh and draws again.
func TestScreenKeepsNothing(t *testing.T) {
	t.Parallel()
	w := new(terminal)
	s := NewScreen(w, w.options(), func() {})
	defer s.Close()
	state := healthy()
	s.Refresh(state)
	state.Quotes[0].Key = "CHANGED"
	s.redraw()
	if w.writes != 2 || strings.Contains(w.String(), "CHANGED") {
		t.Errorf("%d drawings; shows what was changed later", w.writes)
	}
}

// TestCommandsAreWhole draws an episode with a long command at every width: a
// half of it could be pasted into a shell.
func TestCommandsAreWhole(t *testing.T) {
	t.Parallel()
	s := dead()
	s.Episodes[0].Finding.Code = "dns-slow"
	whole := 0
	for columns := 20; columns < 200; columns++ {
		for _, line := range drawn(s, ScreenOptions{}, columns, 50) {
			switch {
			case strings.HasSuffix(line, "1.1.1.1 8.8.8.8"):
				whole++
			case strings.Contains(line, "sudo "):
				t.Fatalf("at %d: %q", columns, line)
			}
		}
	}
	if whole == 0 {
		t.Error("the command is never shown")
	}
}

func TestScreenRests(t *testing.T) {
	t.Parallel()
	w := new(terminal)
	s := NewScreen(w, w.options(), func() {})
	defer s.Close()
	state := healthy()
	s.Refresh(state)
	s.suspend()
	state.Now = state.Now.Add(time.Second)
	s.Refresh(state)
	if got := w.String(); !strings.HasSuffix(got, leave) || w.writes != 2 {
		t.Errorf("%d writes, ends with %q", w.writes, got[len(got)-40:])
	}
	s.redraw()
	if got := w.String(); strings.Count(got, enter) != 2 || !strings.HasSuffix(got, eraseRest) {
		t.Error("does not draw again")
	}
}

// TestScreenCallsAsCalled names the command for the rest of the steps as the
// program was called.
func TestScreenCallsAsCalled(t *testing.T) {
	t.Parallel()
	options := ScreenOptions{Meta: meta}
	options.Meta.Caller.Program = "./ud"
	got := strings.Join(newLayout(copyState(broken(3), nil), options, 80, 22), "\n")
	if !strings.Contains(got, "More: ./ud explain ") {
		t.Errorf("no ./ud in\n%s", got)
	}
}
