package serve

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/report"
)

// A State is all that the page shows. Its JSON form is for programs.
type State struct {
	Now     time.Time     `json:"now"` // by the clock that the page goes by
	Panel   *report.Panel `json:"run"` // nil until the first run has ended
	Running *Running      `json:"running,omitempty"`
	Next    time.Time     `json:"next_run_at,omitzero"`
	Stream  *Stream       `json:"stream,omitempty"`
	Login   *Login        `json:"login,omitempty"`
	Tool    report.Tool   `json:"tool"`

	Acts                      bool          `json:"-"` // a session can be begun
	Streams                   bool          `json:"-"` // and a stream started
	LogsIn                    bool          `json:"-"` // and a login
	Begin                     []report.Step `json:"-"` // how
	Routine                   []report.Step `json:"-"`
	Restart                   []report.Step `json:"-"`
	Days                      []HistoryDay  `json:"-"`
	Bundles, Schedules, Quits bool          `json:"-"`
	Today                     []Happening   `json:"today,omitempty"`

	stages []report.PanelStage
}

// Stages are the six stages, also while a run goes on.
func (s State) Stages() []report.PanelStage { return s.stages }

// NeedsRestart reports a token that is bad and that no login can replace while this
// program runs.
func (s State) NeedsRestart() bool {
	return len(s.Restart) > 0 && s.Panel != nil && s.Panel.Token.Class == "fail" && strings.HasSuffix(s.Panel.Token.Source, "(environment)")
}

// Told reports whether the last run has that cause too, so that its steps stand on
// the page already.
func (s State) Told(code string) bool {
	return s.Panel != nil && s.Panel.Tells(code)
}

// A LivePrice is a price of the stream that is on.
type LivePrice struct {
	StreamQuote
	Rate, Market string
}

// LivePrice is that of NIFTY 50, or of the first instrument if that is not streamed;
// nil while no stream brings prices.
func (s State) LivePrice() *LivePrice {
	if s.Stream == nil || s.Stream.Phase != phaseOn || len(s.Stream.Quotes) == 0 {
		return nil
	}
	i := max(0, slices.IndexFunc(s.Stream.Quotes, func(q StreamQuote) bool { return q.Key == checks.ControlKey }))
	q := s.Stream.Quotes[i]
	if q.Price == "-" {
		return nil
	}
	return &LivePrice{q, s.Stream.Texts.Rate, s.Stream.Texts.Market}
}

// Running is how far the run has come that goes on.
type Running struct {
	Done int `json:"done"` // checks
	All  int `json:"all"`
}

// show changes the state and draws the sections that show it.
func (s *Server) show(change func(*State), sections ...string) {
	s.showing.Lock()
	defer s.showing.Unlock()
	change(&s.state)
	s.state.at(s.now())
	drawn := map[string]string{}
	for _, name := range sections {
		drawn[name] = draw(name, s.state)
	}
	s.board.put(drawn)
}

// at gives the state its time, by which the next run is told too, since the clock
// may have been set.
func (st *State) at(now time.Time) {
	st.Now = now
	if !st.Next.IsZero() {
		st.Next = asNow(st.Next, now)
	}
}

// ongoing shows how far a run has come.
func (s *Server) ongoing(o *report.Ongoing) {
	done, all := o.Progress()
	s.show(func(st *State) {
		var before []report.PanelStage
		if st.Panel != nil {
			before = st.Panel.Stages
		}
		st.Running, st.Next, st.stages = &Running{done, all}, time.Time{}, o.Stages(before)
	}, "status", "verdict", "stages")
}

// ended shows a run that has ended, and when the next begins.
func (s *Server) ended(d report.Document, pause time.Duration) {
	p := report.NewPanel(d)
	s.show(func(st *State) {
		st.Panel, st.Running, st.stages, st.Tool = &p, nil, p.Stages, d.Tool
		st.Next = s.now().Add(pause)
	}, everySection...)
	s.History.ran(p)
	s.drawHistory()
}

// stateJSON is the state for programs.
func (s *Server) stateJSON(w http.ResponseWriter, _ *http.Request) {
	s.showing.Lock()
	st := s.state
	st.at(s.now())
	data, err := json.MarshalIndent(st, "", "  ")
	s.showing.Unlock()
	if err != nil {
		http.Error(w, "the state cannot be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(append(data, '\n'))
}
