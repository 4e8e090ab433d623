package serve

import (
	"context"
	"net/http"
	"slices"
	"sync"

	"upstox-doctor/checks"
	"upstox-doctor/checks/instruments"
	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
	"upstox-doctor/report/live"
)

// MaxKeys is how many instruments the page streams.
const MaxKeys = 50

// A Feed is how the server streams. It has one socket, whatever the number of
// pages: while a stream is on, the runs leave the feed alone.
type Feed struct {
	// Token runs the checks of the token.
	Token func(context.Context) report.Document
	// Watch holds the stream until the context ends or another attempt cannot
	// help, and says why it ended if the user did not end it.
	Watch func(ctx context.Context, keys []string, sink watch.Sink) string
	// Find finds instruments by name, best first, by Upstox's search or in a list
	// that is built in. Optional.
	Find func(ctx context.Context, text string) (found []instruments.Instrument, byUpstox bool)
	Keys []string // that are streamed if the page names none
	Meta report.Meta
}

// A Stream is the stream as the page shows it.
type Stream struct {
	Phase    string        `json:"phase"` // see below
	Text     string        `json:"message,omitempty"`
	Code     string        `json:"-"` // of what the token fails with
	Fix      []report.Step `json:"-"`
	Keys     []string      `json:"keys,omitempty"`
	Quotes   []StreamQuote `json:"prices,omitempty"`
	Texts    live.Texts    `json:"words"`
	Ticks    string        `json:"ticks,omitempty"`
	Up       bool          `json:"connected"`
	Breaks   int           `json:"disconnects"`
	Episodes []Break       `json:"last_disconnects,omitempty"` // the newest first
	Chart    *Chart        `json:"-"`
	Cure     *report.Cause `json:"-"` // what most of the disconnects come from
}

// A StreamQuote is the price of an instrument, with what a person calls that.
type StreamQuote struct {
	Name string `json:"name"`
	live.QuoteText
}

// Phases of a stream.
const (
	phaseWaits   = "waiting"  // for a run that goes on
	phaseToken   = "checking" // the token, before it connects
	phaseRefused = "refused"  // the token is not good
	phaseOn      = "on"
	phaseEnded   = "ended"
)

// On reports whether there is something to stop.
func (s *Stream) On() bool {
	return s != nil && (s.Phase == phaseWaits || s.Phase == phaseToken || s.Phase == phaseOn)
}

// Lost reports whether it was broken off and is not back.
func (s *Stream) Lost() bool { return s != nil && s.Phase == phaseOn && !s.Up && s.Breaks > 0 }

// streaming is the stream that goes on, if one does.
type streaming struct {
	mu     sync.Mutex
	stop   context.CancelFunc // nil without one
	ctx    context.Context    // ends before the page is told that the stream is over
	keys   []string
	ended  chan struct{} // closed when it is over
	sink   *sink
	socket chan struct{} // full while somebody uses the feed
	work   sync.WaitGroup
}

// startStream begins a stream of the keys that the page has sent.
func (s *Server) startStream(w http.ResponseWriter, r *http.Request) {
	var said struct{ Keys string }
	if !readBody(w, r, &said) {
		return
	}
	keys, problem := s.readKeys(r.Context(), said.Keys)
	if problem != "" {
		http.Error(w, problem, http.StatusBadRequest)
		return
	}
	if len(keys) == 0 {
		keys = s.Feed.Keys
	}
	if len(keys) < MaxKeys && !slices.Contains(keys, checks.ControlKey) {
		keys = append(slices.Clone(keys), checks.ControlKey) // whose price the page shows above all others
	}
	for !s.begin(keys) {
		over := s.streaming.ending()
		if over == nil {
			http.Error(w, "The stream is on already.", http.StatusConflict)
			return
		}
		select {
		case <-over:
		case <-r.Context().Done():
			return
		}
	}
	w.WriteHeader(http.StatusAccepted)
}

// begin begins a stream, unless one is on.
func (s *Server) begin(keys []string) bool {
	s.streaming.mu.Lock()
	defer s.streaming.mu.Unlock()
	if s.streaming.stop != nil {
		return false
	}
	ctx, stop := context.WithCancel(s.life)
	ended := make(chan struct{})
	s.streaming.stop, s.streaming.ctx, s.streaming.keys, s.streaming.ended = stop, ctx, keys, ended
	s.streaming.work.Go(func() {
		defer close(ended)
		s.stream(ctx, keys)
		s.streaming.mu.Lock()
		s.streaming.stop, s.streaming.sink = nil, nil
		s.streaming.mu.Unlock()
	})
	return true
}

// cancel lets the stream end, if one is on.
func (s *streaming) cancel() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stop != nil {
		s.stop()
	}
}

// ending is closed when a stream that is about to end is over, and nil for one that
// goes on.
func (s *streaming) ending() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stop != nil && s.ctx.Err() == nil {
		return nil
	}
	return s.ended
}

// reconnectStream ends the stream and begins it again, without the wait before the
// next attempt.
func (s *Server) reconnectStream(w http.ResponseWriter, r *http.Request) {
	s.streaming.mu.Lock()
	stop, keys, ended := s.streaming.stop, s.streaming.keys, s.streaming.ended
	s.streaming.mu.Unlock()
	if stop == nil {
		http.Error(w, "No stream is on.", http.StatusConflict)
		return
	}
	stop()
	select {
	case <-ended:
	case <-r.Context().Done():
		return
	}
	s.begin(keys)
	w.WriteHeader(http.StatusAccepted)
}

func (s *Server) stopStream(w http.ResponseWriter, _ *http.Request) {
	s.streaming.cancel()
	w.WriteHeader(http.StatusAccepted)
}

// stream checks the token, and then holds the stream.
func (s *Server) stream(ctx context.Context, keys []string) {
	s.showStream(Stream{Phase: phaseWaits, Text: "Waiting for the run to end.", Keys: keys})
	select {
	case s.streaming.socket <- struct{}{}:
		defer func() { <-s.streaming.socket }()
	case <-ctx.Done():
		s.showStream(Stream{Phase: phaseEnded, Text: "Stopped."})
		return
	}
	s.showStream(Stream{Phase: phaseToken, Text: "Checking the token.", Keys: keys})
	if d := s.Feed.Token(ctx); ctx.Err() == nil && d.Summary.Fail > 0 {
		why := d.RootCauses[0]
		s.showStream(Stream{Phase: phaseRefused, Text: "Not started: " + why.Title + ".", Code: why.Code, Fix: why.Fix.Steps})
		s.askRun()
		return
	}
	to := newSink(s, keys)
	s.streaming.mu.Lock()
	s.streaming.sink = to
	s.streaming.mu.Unlock()
	why := "Stopped."
	if ctx.Err() == nil {
		if said := s.Feed.Watch(ctx, keys, to); ctx.Err() == nil {
			why = said
			s.askRun()
		}
	}
	s.streaming.cancel()
	to.end(why)
}

func (s *Server) showStream(now Stream) {
	s.show(func(st *State) { st.Stream = &now }, "price", "stream", "chart", "breaks")
}
