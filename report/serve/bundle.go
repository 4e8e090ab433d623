package serve

import (
	"context"
	"net/http"
	"time"
)

// bundleWait is how long a bundle may take, which makes a run.
const bundleWait = 2 * time.Minute

// sendBundle makes a bundle and sends it. Its run leaves the feed alone while the
// stream has the one socket, and waits for a run that goes on.
func (s *Server) sendBundle(w http.ResponseWriter, r *http.Request) {
	if !s.bundling.TryLock() {
		http.Error(w, "A bundle is being made already.", http.StatusConflict)
		return
	}
	defer s.bundling.Unlock()
	s.mu.Lock()
	wait := time.Until(s.alone)
	s.mu.Unlock()
	if wait > 0 {
		http.Error(w, "Upstox wants to be left alone: try again "+since(s.now().Add(wait), s.now())+".", http.StatusTooManyRequests)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), bundleWait)
	defer cancel()
	defer context.AfterFunc(s.life, cancel)()
	http.NewResponseController(w).SetWriteDeadline(time.Now().Add(bundleWait + answerWait))
	streaming, release := s.socketOrStream(ctx)
	defer release()
	data, err := s.Bundle(ctx, streaming)
	if err != nil {
		http.Error(w, "The bundle is not made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Write(data)
}

// socketOrStream waits for the feed's socket, unless the stream has it.
func (s *Server) socketOrStream(ctx context.Context) (streaming bool, release func()) {
	s.streaming.mu.Lock()
	streaming = s.streaming.stop != nil
	s.streaming.mu.Unlock()
	if streaming {
		return true, func() {}
	}
	select {
	case s.streaming.socket <- struct{}{}:
		return false, func() { <-s.streaming.socket }
	case <-ctx.Done():
		return true, func() {}
	}
}

// schedule sends the text that has the checks run each morning. It names
// directories of the user, so that it is for the session alone.
func (s *Server) schedule(w http.ResponseWriter, _ *http.Request) {
	text, err := s.Schedule()
	if err != nil {
		http.Error(w, "The schedule cannot be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	writeFragment(w, "scheduled", text)
}
