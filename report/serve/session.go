package serve

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"upstox-doctor/checks/network"
)

// A session lets one browser press the buttons. It begins with a one-time key,
// which only the user of this machine sees, and has two halves: a cookie, which no
// script reads, and a proof, which the page keeps for its origin. A browser sends
// a cookie to every port of this machine, where other users may listen, but the
// proof only here. While this program does not run, another user can listen at its
// port and be given both: so a session is of the programs of one person alone, where
// the system tells whose they are.

const (
	keyLife     = time.Hour
	sessionLife = 30 * 24 * time.Hour
	proofHeader = "Upstox-Doctor-Proof"
)

// NewKey returns a key that begins one session, within an hour, of the user who
// calls this program.
func (l *Ledger) NewKey() (string, error) {
	key := rand.Text()
	return key, l.add(entry{Kind: kindKey, Hash: digest(key), Until: l.now().Add(keyLife), Users: network.SamePerson()})
}

// KeyFragment is what is put after the address of the page.
func KeyFragment(key string) string { return "#key=" + key }

// begin exchanges the key that the request has brought for a session.
func (l *Ledger) begin(key string, r *http.Request) (cookie, proof string, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	taken, ok := l.takeKey(digest(key), r)
	if !ok {
		return "", "", false
	}
	cookie, proof = rand.Text(), rand.Text()
	err := l.append(entry{Kind: kindSession, Hash: digest(cookie + " " + proof), Until: l.now().Add(sessionLife), Users: taken.Users})
	if err == nil && l.read.Size() > maxLedger/2 {
		err = l.tidy()
	}
	return cookie, proof, err == nil
}

// holds reports whether the two halves are of one session, and of the user whose
// program has sent the request.
func (l *Ledger) holds(cookie, proof string, r *http.Request) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.find(kindSession, digest(cookie+" "+proof))
	return at >= 0 && !l.entries[at].Users.SentByOther(r)
}

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// answer proves to the program of the same user that this is its server, which it
// has reached at the address: what listens at another one, and asks here, has no use
// of the answer.
func (l *Ledger) answer(nonce string, at net.Addr) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	mac := hmac.New(sha256.New, []byte(l.secret))
	fmt.Fprint(mac, nonce, " ", at)
	return hex.EncodeToString(mac.Sum(nil))
}

// cookieName holds the port, since a browser keeps one jar for all ports.
func cookieName(r *http.Request) string {
	_, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		port = "80"
	}
	return "upstox_doctor_" + port
}

// mayAct reports whether the request belongs to a session.
func (s *Server) mayAct(r *http.Request) bool {
	if s.Ledger == nil {
		return false
	}
	// What listens at another port can set a cookie of this name for a part of the
	// paths, which comes first.
	return slices.ContainsFunc(r.CookiesNamed(cookieName(r)), func(c *http.Cookie) bool {
		return s.Ledger.holds(c.Value, r.Header.Get(proofHeader), r)
	})
}

// beginSession takes the key that came with the address.
func (s *Server) beginSession(w http.ResponseWriter, r *http.Request) {
	var said struct{ Key string }
	if !readBody(w, r, &said) {
		return
	}
	cookie, proof, ok := s.Ledger.begin(said.Key, r)
	if !ok {
		http.Error(w, "This key was used, is over an hour old, or is of another user of this machine.", http.StatusForbidden)
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: cookieName(r), Value: cookie, Path: "/", MaxAge: int(sessionLife / time.Second), HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
	writeJSON(w, map[string]string{"proof": proof})
}

// session says whether the browser has one. With a nonce it proves who serves
// here.
func (s *Server) session(w http.ResponseWriter, r *http.Request) {
	switch nonce := r.URL.Query().Get("nonce"); {
	case nonce != "" && len(nonce) <= 64:
		at, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
		fmt.Fprint(w, s.Ledger.answer(nonce, at))
	case s.mayAct(r):
		w.WriteHeader(http.StatusNoContent)
	default:
		http.Error(w, "no session", http.StatusUnauthorized)
	}
}

// acting lets only the page of a session in. A browser always sends the Origin of
// what it posts, so that nothing else is let in without one.
func (s *Server) acting(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !s.mayAct(r) {
			http.Error(w, "This browser has no session, so that it can only look.", http.StatusUnauthorized)
			return
		}
		next(w, r)
	}
}

// posted refuses what no page of this origin has sent, and has the whole request
// before anything is done for it.
func posted(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		mime, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
		if r.Header.Get("Origin") != "http://"+r.Host || mime != "application/json" {
			http.Error(w, "another site asked for this", http.StatusForbidden)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, "this is not what the page sends", http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next(w, r)
	}
}
