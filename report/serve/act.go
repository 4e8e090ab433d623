package serve

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"
)

// maxBody bounds what a page may post: fifty instrument keys, or an address.
const maxBody = 16 << 10

// readBody reads what a page has posted.
func readBody(w http.ResponseWriter, r *http.Request, into any) bool {
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		http.Error(w, "this is not what the page sends", http.StatusBadRequest)
		return false
	}
	return true
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v) // a client that is gone needs no answer
}

// writeFragment answers with a part of the page.
func writeFragment(w http.ResponseWriter, name string, of any) {
	var out bytes.Buffer
	if err := pageTemplates().ExecuteTemplate(&out, name, of); err != nil {
		http.Error(w, "the answer cannot be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(out.Bytes())
}

// minRest is the time between two runs that a user asks for.
const minRest = 5 * time.Second

// actions adds what changes something. A page that others reach has none of it.
func (s *Server) actions(mux *http.ServeMux) {
	if s.Public || s.Ledger == nil {
		return
	}
	mux.HandleFunc("GET /session", s.session)
	mux.HandleFunc("POST /session", posted(s.beginSession))
	mux.HandleFunc("POST /run", posted(s.acting(s.runAgain)))
	if s.Quit != nil {
		mux.HandleFunc("POST /quit", posted(s.acting(s.quit)))
	}
	if s.Bundle != nil {
		mux.HandleFunc("POST /bundle", posted(s.acting(s.sendBundle)))
	}
	if s.Schedule != nil {
		mux.HandleFunc("POST /schedule", posted(s.acting(s.schedule)))
	}
	if s.Login != nil {
		s.loginActions(mux)
	}
	if s.Feed != nil {
		mux.HandleFunc("POST /stream/start", posted(s.acting(s.startStream)))
		mux.HandleFunc("POST /stream/reconnect", posted(s.acting(s.reconnectStream)))
		mux.HandleFunc("POST /stream/stop", posted(s.acting(s.stopStream)))
		if s.Feed.Find != nil {
			mux.HandleFunc("POST /instruments", posted(s.acting(s.findInstruments)))
		}
	}
}

// runAgain begins the next run at once, unless a server wants to be left alone.
func (s *Server) runAgain(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	wait := time.Until(s.notBefore)
	s.mu.Unlock()
	if wait > 0 {
		http.Error(w, "The next run can begin "+since(s.now().Add(wait), s.now())+".", http.StatusTooManyRequests)
		return
	}
	s.askRun()
	w.WriteHeader(http.StatusAccepted)
}

// quit ends the program, after the answer.
func (s *Server) quit(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusAccepted)
	s.Quit()
}

// askRun ends the wait for the next run, unless a server wants to be left alone.
func (s *Server) askRun() {
	s.mu.Lock()
	alone := s.alone
	s.mu.Unlock()
	if time.Now().Before(alone) {
		return
	}
	select {
	case s.again <- struct{}{}:
	default: // it was asked for already
	}
}
