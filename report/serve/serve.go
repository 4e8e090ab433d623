// Package serve runs the checks at an interval and shows what they find: to
// people as the page "Upstox Data", to whatever watches a fleet as figures for
// Prometheus, as one line for a load balancer, and as the whole report.
package serve

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"upstox-doctor/checks/connlimit"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/report"
)

// A Server makes runs, one at a time, and answers with the last.
type Server struct {
	Run      func(context.Context, RunRequest) report.Document
	Every    time.Duration // between the starts of two runs while the market is open
	Public   bool          // answer whatever name it is called by, not only this machine's own
	OnReport func(report.Document)
	Now      func() time.Time // the clock that the page goes by; nil means time.Now
	Ledger   *Ledger          // of who may press buttons; nil for a page that only shows
	Begin    []report.Step    // how a browser comes to a session
	Feed     *Feed            // for the stream of the page; optional
	History  *History         // optional
	Routine  []report.Step    // for each day
	Restart  []report.Step    // how a changed environment becomes that of this program; optional
	// Login makes one guided login and says how it ended. Optional.
	Login func(context.Context, LoginDialogue) report.LoginReport
	// Bundle makes the zip file for a support ticket; while streaming its run leaves
	// the feed alone. Optional.
	Bundle func(ctx context.Context, streaming bool) ([]byte, error)
	// Quit ends the program, for a user without a terminal. Optional.
	Quit func()
	// Schedule is the text that has the checks run each morning. Optional.
	Schedule func() (string, error)

	mu        sync.Mutex
	last      report.Document
	runs      int
	next      time.Time     // of the run to come; zero while one goes on
	notBefore time.Time     // may a user have the next run
	alone     time.Time     // until then a server wants to be left alone
	again     chan struct{} // has the next run asked for

	showing sync.Mutex // held while state is changed and drawn
	state   State
	board   *board
	streams chan struct{} // one for each stream of events of this user
	ending  chan struct{} // closed when the streams of events must end

	otherStreams chan struct{} // of everybody else

	life      context.Context // of Serve
	streaming streaming
	figures   streamFigures
	names     names
	bundling  sync.Mutex
	loggingIn loggingIn
}

// A RunRequest is how a run is to be made.
type RunRequest struct {
	Observe func(*report.Ongoing) // told of each start and end of a check
	// Streaming means that the stream of the page has the feed's socket. The run
	// leaves the feed alone, and has Streamed for its results.
	Streaming bool
	Streamed  []doctor.Result
}

// init fills what was left empty, and draws the page without a run.
func (s *Server) init() {
	if s.Now == nil {
		s.Now = time.Now
	}
	s.board, s.ending = newBoard(), make(chan struct{})
	s.streams, s.otherStreams = make(chan struct{}, maxStreams), make(chan struct{}, maxStreams)
	s.again = make(chan struct{}, 1)
	s.streaming.socket = make(chan struct{}, 1)
	s.show(func(st *State) {
		st.Routine, st.Restart = s.Routine, s.Restart
		st.Begin, st.Acts = s.Begin, s.Ledger != nil && !s.Public
		st.Streams, st.LogsIn = st.Acts && s.Feed != nil, st.Acts && s.Login != nil
		st.Bundles, st.Schedules, st.Quits = st.Acts && s.Bundle != nil, st.Acts && s.Schedule != nil, st.Acts && s.Quit != nil
	}, everySection...)
	s.drawHistory()
}

func (s *Server) now() time.Time { return s.Now() }

// asNow is a time of the monotonic clock by the local one as that is set now.
func asNow(t, now time.Time) time.Time { return now.Add(t.Sub(now)) }

// Bounds of what a client may take.
const (
	maxConns     = 64
	headerWait   = 5 * time.Second
	answerWait   = 10 * time.Second
	idleWait     = time.Minute
	shutdownWait = 500 * time.Millisecond // the program ends within a second of the first Ctrl-C
)

// Serve runs and answers until the context ends, and closes the listener.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.init()
	s.life = ctx
	web := &http.Server{
		Handler: s.Handler(), ErrorLog: log.New(io.Discard, "", 0),
		ReadHeaderTimeout: headerWait, ReadTimeout: answerWait, WriteTimeout: answerWait, IdleTimeout: idleWait,
	}
	var work sync.WaitGroup
	defer s.streaming.work.Wait()
	defer s.loggingIn.work.Wait()
	defer work.Wait()
	work.Go(func() { s.loop(ctx) })
	work.Go(func() {
		<-ctx.Done()
		close(s.ending)
		bye, end := context.WithTimeout(context.Background(), shutdownWait)
		defer end()
		if web.Shutdown(bye) != nil {
			web.Close()
		}
	})
	err := web.Serve(connlimit.Apply(web, maxConns).Listener(ln))
	cancel()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// loop makes the runs until the context ends.
func (s *Server) loop(ctx context.Context) {
	bans := 0
	for ctx.Err() == nil {
		begun := time.Now()
		d := s.runOnce(ctx)
		if d.End == doctor.Interrupted {
			return
		}
		if isBanned(d) {
			bans++
		} else {
			bans = 0
		}
		asked := serverDelay(d, bans)
		pause := max(MinInterval, time.Until(begun.Add(s.interval(d))), asked)
		s.mu.Lock()
		s.last, s.runs, s.next = d, s.runs+1, time.Now().Add(pause)
		s.notBefore, s.alone = time.Now().Add(max(minRest, asked)), time.Now().Add(asked)
		s.mu.Unlock()
		s.ended(d, pause)
		if s.OnReport != nil {
			s.OnReport(d)
		}
		wait := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			wait.Stop()
			return
		case <-wait.C:
		case <-s.again:
			wait.Stop()
		}
		s.mu.Lock()
		s.next = time.Time{}
		s.mu.Unlock()
	}
}

// runOnce makes a run that does not use the feed while the stream does.
func (s *Server) runOnce(ctx context.Context) report.Document {
	ask := RunRequest{Observe: s.ongoing}
	select {
	case s.streaming.socket <- struct{}{}:
		defer func() { <-s.streaming.socket }()
	default:
		ask.Streaming = true
		s.streaming.mu.Lock()
		to := s.streaming.sink
		s.streaming.mu.Unlock()
		if to != nil {
			ask.Streamed = to.results()
		}
	}
	return s.Run(ctx, ask)
}

// Last is the report of the last run, and whether there has been one.
func (s *Server) Last() (report.Document, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last, s.runs > 0
}
