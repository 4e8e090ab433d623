package serve

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"sync"
	"time"

	"upstox-doctor/checks/files"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
)

// A History keeps what happened in the last seven days in a file of the user, so
// that it is known after the program was started again. What it holds is fit to
// be shown: texts of the report, without secrets.
type History struct {
	path string
	now  func() time.Time
	// Failed is told why the file cannot be written, once until it can be again.
	Failed func(error)

	mu     sync.Mutex
	failed bool
	events []Happening // the newest last
}

// A Happening is one line of the file.
type Happening struct {
	At     time.Time     `json:"at"`
	Kind   string        `json:"kind"`             // run: the verdict is another; disconnect; stream: it has ended
	Status string        `json:"status,omitempty"` // of the run
	Code   string        `json:"code,omitempty"`
	Text   string        `json:"text,omitempty"`
	Lasted time.Duration `json:"lasted_ns,omitempty"` // the disconnect until prices came again, or the stream
	Begun  time.Time     `json:"begun,omitzero"`      // the stream, or its day
	Open   time.Duration `json:"open_ns,omitempty"`   // the stream was connected while the market was open
}

// Kinds of happenings.
const (
	happenedRun    = "run"
	happenedBreak  = "disconnect"
	happenedStream = "stream"
)

// Bounds of the history.
const (
	historyDays = 7
	maxEvents   = 1000
	maxHistory  = 1 << 20 // bytes read of a file
	maxToday    = 10      // that the page lists
)

// OpenHistory reads the file, of which a line that cannot be read is left out.
func OpenHistory(path string, now func() time.Time) (*History, error) {
	h := &History{path: path, now: now, Failed: func(error) {}}
	events, err := readHistory(path)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	h.events = events
	return h, nil
}

func readHistory(path string) (events []Happening, err error) {
	data, err := files.ReadRegular(path, maxHistory)
	if err != nil {
		return nil, err
	}
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		var e Happening
		if json.Unmarshal(lines.Bytes(), &e) == nil && !e.At.IsZero() {
			events = append(events, e)
		}
	}
	return events, nil
}

// add keeps one happening. A file that cannot be written does not keep the page
// from showing it.
func (h *History) add(e Happening) {
	if h == nil {
		return
	}
	h.put(e, func(Happening) bool { return false })
}

// put keeps a happening in the place of others. What another server of the same
// directory has written stays.
func (h *History) put(e Happening, inPlaceOf func(Happening) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	defer files.LockBeside(h.path)()
	if events, err := readHistory(h.path); err == nil && !h.failed {
		h.events = events
	}
	h.events = append(slices.DeleteFunc(h.events, inPlaceOf), e)
	oldest := h.now().AddDate(0, 0, -historyDays)
	h.events = slices.DeleteFunc(h.events, func(e Happening) bool { return e.At.Before(oldest) })
	h.events = h.events[max(0, len(h.events)-maxEvents):]
	err := h.save()
	if err != nil && !h.failed {
		h.Failed(err)
	}
	h.failed = err != nil
}

// save writes the file anew. It requires mu.
func (h *History) save() error {
	var text bytes.Buffer
	for _, e := range h.events {
		line, _ := json.Marshal(e) // strings, times and a number
		text.Write(append(line, '\n'))
	}
	return files.Save(h.path, text.Bytes())
}

// ran keeps a verdict that is another than the last one of the same day.
func (h *History) ran(p report.Panel) {
	if h == nil {
		return
	}
	h.mu.Lock()
	i := len(h.events) - 1
	for i >= 0 && h.events[i].Kind != happenedRun {
		i--
	}
	same := i >= 0 && h.events[i].Text == p.Verdict.Head && day(h.events[i].At) == day(h.now())
	h.mu.Unlock()
	if !same {
		h.add(Happening{At: h.now(), Kind: happenedRun, Status: p.Verdict.Class, Text: p.Verdict.Head})
	}
}

// broke keeps a disconnect that is over, or that the end of the stream has cut.
func (h *History) broke(e watch.Episode, now time.Time, m report.Meta) {
	if h == nil {
		return
	}
	end := e.Ended
	if end.IsZero() {
		end = now
	}
	f := report.NewEpisode(e, m).Finding
	h.add(Happening{At: e.Began, Kind: happenedBreak, Code: f.Code, Text: f.Title, Lasted: end.Sub(e.Began)})
}

// streamed keeps what is known of a stream on one day, in the place of what was
// known before.
func (h *History) streamed(e Happening) {
	if h == nil {
		return
	}
	h.put(e, func(old Happening) bool { return old.Kind == happenedStream && old.Begun.Equal(e.Begun) })
}

func day(t time.Time) string { return t.In(market.IST).Format(time.DateOnly) }

// A HistoryDay is one day as the page shows it.
type HistoryDay struct {
	Date        string
	Connected   string // how long a stream was connected while the market was open
	Disconnects int
	Causes      []string // each once
	Verdicts    []string // in their order, each once
}

// days are the days with a happening, the newest first.
func (h *History) days() (all []HistoryDay) {
	h.mu.Lock()
	defer h.mu.Unlock()
	open := map[string]time.Duration{}
	for _, e := range slices.Backward(h.events) {
		date := e.At.In(market.IST).Format("Mon 2 Jan")
		if len(all) == 0 || all[len(all)-1].Date != date {
			all = append(all, HistoryDay{Date: date})
		}
		d := &all[len(all)-1]
		switch e.Kind {
		case happenedRun:
			d.Verdicts = withText(d.Verdicts, e.Text)
		case happenedBreak:
			d.Disconnects++
			d.Causes = withText(d.Causes, e.Text)
		case happenedStream:
			if open[date] += e.Open; open[date] > 0 {
				d.Connected = humanize.Duration(open[date])
			}
		}
	}
	return all
}

func withText(list []string, text string) []string {
	if slices.Contains(list, text) {
		return list
	}
	return append([]string{text}, list...) // they are read from the end
}

// today are the happenings of this day, the newest first.
func (h *History) today() (all []Happening) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range slices.Backward(h.events) {
		if day(e.At) != day(h.now()) || len(all) == maxToday {
			break
		}
		all = append(all, e)
	}
	return all
}

// drawHistory shows the history as it is now.
func (s *Server) drawHistory() {
	if s.History == nil {
		return
	}
	days, today := s.History.days(), s.History.today()
	s.show(func(st *State) { st.Days, st.Today = days, today }, "history")
}
