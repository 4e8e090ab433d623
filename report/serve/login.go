package serve

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"upstox-doctor/report"
)

// loginTime is enough to find the phone and the PIN.
const loginTime = 5 * time.Minute

// A LoginDialogue is what a login says to the page, and asks of it.
type LoginDialogue struct {
	Say func(line string)
	// Show is given Upstox's login page. Its address is for the browser of the
	// session alone, since who has it can end the login.
	Show func(address string)
	// Ask waits for the address that the browser landed on.
	Ask func(context.Context) (string, error)
}

// A Login is a login as the page shows it.
type Login struct {
	Phase string             `json:"phase"` // opening, waiting for the user, or ended
	Said  []string           `json:"said,omitempty"`
	End   *report.LoginPanel `json:"end,omitempty"`
}

// Phases of a login.
const (
	loginOpens = "opening"
	loginWaits = "waiting"
	loginEnded = "ended"
)

// Going reports whether there is something to cancel.
func (l *Login) Going() bool { return l != nil && l.Phase != loginEnded }

// maxSaid is how many lines of a login the page shows, the last ones.
const maxSaid = 3

// loggingIn is the login that goes on, if one does.
type loggingIn struct {
	mu      sync.Mutex
	cancel  context.CancelFunc // nil without one
	address string             // of Upstox's page
	pasted  chan string
	work    sync.WaitGroup
}

func (s *Server) loginActions(mux *http.ServeMux) {
	mux.HandleFunc("POST /login/start", posted(s.acting(s.startLogin)))
	mux.HandleFunc("POST /login/address", posted(s.acting(s.loginAddress)))
	mux.HandleFunc("POST /login/code", posted(s.acting(s.takeCode)))
	mux.HandleFunc("POST /login/cancel", posted(s.acting(s.cancelLogin)))
}

// startLogin begins a login. The token in use stays until the new one is saved.
func (s *Server) startLogin(w http.ResponseWriter, _ *http.Request) {
	l := &s.loggingIn
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cancel != nil {
		http.Error(w, "A login goes on already.", http.StatusConflict)
		return
	}
	ctx, cancel := context.WithTimeout(s.life, loginTime)
	l.cancel, l.address, l.pasted = cancel, "", make(chan string)
	s.showLogin(func(*Login) *Login { return &Login{Phase: loginOpens} })
	l.work.Go(func() {
		end := report.NewLoginPanel(s.Login(ctx, s.dialogue(l.pasted)))
		l.mu.Lock()
		cancel()
		l.cancel, l.address = nil, ""
		l.mu.Unlock()
		s.showLogin(func(*Login) *Login { return &Login{Phase: loginEnded, End: &end} })
		if end.Saved {
			s.askRun()
		}
	})
	w.WriteHeader(http.StatusAccepted)
}

func (s *Server) dialogue(pasted <-chan string) LoginDialogue {
	return LoginDialogue{
		Say: func(line string) {
			s.showLogin(func(l *Login) *Login {
				next := *l
				next.Said = append(append([]string(nil), l.Said...), line)
				next.Said = next.Said[max(0, len(next.Said)-maxSaid):]
				return &next
			})
		},
		Show: func(address string) {
			s.loggingIn.mu.Lock()
			s.loggingIn.address = address
			s.loggingIn.mu.Unlock()
			s.showLogin(func(*Login) *Login { return &Login{Phase: loginWaits} })
		},
		Ask: func(ctx context.Context) (string, error) {
			select {
			case text := <-pasted:
				return text, nil
			case <-ctx.Done():
				return "", io.EOF
			}
		},
	}
}

// loginAddress tells the page of the session where Upstox's login is.
func (s *Server) loginAddress(w http.ResponseWriter, _ *http.Request) {
	s.loggingIn.mu.Lock()
	defer s.loggingIn.mu.Unlock()
	if s.loggingIn.address == "" {
		http.Error(w, "No login waits.", http.StatusConflict)
		return
	}
	writeJSON(w, map[string]string{"address": s.loggingIn.address})
}

// takeCode takes the address that the browser landed on.
func (s *Server) takeCode(w http.ResponseWriter, r *http.Request) {
	var said struct{ Text string }
	if !readBody(w, r, &said) {
		return
	}
	s.loggingIn.mu.Lock()
	pasted := s.loggingIn.pasted
	waits := s.loggingIn.address != ""
	s.loggingIn.mu.Unlock()
	text := strings.TrimSpace(said.Text)
	if text == "" || !waits {
		http.Error(w, "Paste the whole address of the page that you landed on.", http.StatusBadRequest)
		return
	}
	select {
	case pasted <- text:
		w.WriteHeader(http.StatusAccepted)
	case <-time.After(time.Second): // the last one is being tried
		http.Error(w, "The login does not wait for an address now.", http.StatusConflict)
	case <-r.Context().Done():
	}
}

func (s *Server) cancelLogin(w http.ResponseWriter, _ *http.Request) {
	s.loggingIn.mu.Lock()
	defer s.loggingIn.mu.Unlock()
	if s.loggingIn.cancel != nil {
		s.loggingIn.cancel()
	}
	w.WriteHeader(http.StatusAccepted)
}

func (s *Server) showLogin(change func(*Login) *Login) {
	s.show(func(st *State) {
		if st.Login == nil {
			st.Login = &Login{}
		}
		st.Login = change(st.Login)
	}, "verdict", "token")
}
