package serve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"upstox-doctor/checks/network"
)

// Bounds of the streams of events.
const (
	maxStreams = 8                // of this user, and of all others
	aliveEvery = 15 * time.Second // a reader that hears nothing for longer asks again
	minBetween = 100 * time.Millisecond
)

// A change is what one event tells: the time of the server, and the sections of
// the page that are new.
type change struct {
	Now      int64             `json:"now"` // milliseconds since 1970
	Version  string            `json:"version"`
	Sections map[string]string `json:"sections"`
}

// events sends the changes of the page as server-sent events until the client or
// the server ends. A client that reads slowly is not waited for: it gets the
// last form of what it has missed, or is dropped.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	places := s.streamPlaces(r)
	select {
	case places <- struct{}{}:
		defer func() { <-places }()
	default:
		http.Error(w, "too many pages are open", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	conn := http.NewResponseController(w)
	conn.SetReadDeadline(time.Time{}) // that of the request would end the stream
	place := r.Header.Get("Last-Event-ID")
	if place == "" {
		place = r.URL.Query().Get("after")
	}
	alive := time.NewTicker(aliveEvery)
	defer alive.Stop()
	for first := true; ; first = false {
		sections, now, changed := s.board.since(place)
		if first || len(sections) > 0 {
			place = now
		}
		conn.SetWriteDeadline(time.Now().Add(answerWait))
		if _, err := w.Write(s.event(place, sections)); err != nil || conn.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-s.ending:
			return
		case <-time.After(minBetween):
		}
		select {
		case <-r.Context().Done():
			return
		case <-s.ending:
			return
		case <-changed:
		case <-alive.C:
		}
	}
}

// streamPlaces are those for streams of the sender. Other machines, and other users
// of this one where the system tells, cannot take up those of this user.
func (s *Server) streamPlaces(r *http.Request) chan struct{} {
	users := network.SamePerson()
	if users == nil {
		users = network.Users{"0"} // an administrator
	}
	if !Loopback(hostOf(r.RemoteAddr)) || users.SentByOther(r) {
		return s.otherStreams
	}
	return s.streams
}

func (s *Server) event(place string, sections map[string]string) []byte {
	data, _ := json.Marshal(change{s.now().UnixMilli(), version, sections}) // strings and a number
	var out bytes.Buffer
	fmt.Fprintf(&out, "id: %s\nretry: 2000\ndata: %s\n\n", place, data)
	return out.Bytes()
}
