package feed

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"

	"github.com/gorilla/websocket"
)

const (
	writeWait = 5 * time.Second

	// maxRequestSize is the longest request in bytes. gorilla/websocket splits
	// longer ones into several frames, and it is not known whether Upstox accepts
	// that. 5,000 keys, the most on a connection, take about half of it.
	maxRequestSize = 256 << 10
)

// request is the JSON of a client's request to the feed.
type request struct {
	GUID   string `json:"guid"` // any text; the server does not repeat it
	Method string `json:"method"`
	Data   struct {
		Mode string   `json:"mode,omitempty"`
		Keys []string `json:"instrumentKeys"`
	} `json:"data"`
}

// Subscribe requests the keys in a mode: "ltpc", "option_greeks", "full" or
// "full_d30". The server does not acknowledge it: a snapshot follows, or nothing
// if the server does not accept mode or keys.
func (s *Stream) Subscribe(mode string, keys ...string) error {
	b, err := Subscription(mode, keys...)
	if err != nil {
		return err
	}
	if err := s.Send(b); err != nil {
		return fmt.Errorf("send sub request: %w", err)
	}
	return nil
}

// Ping sends a ping, whose answer is a Pong event with the mark as its Data. The
// mark has at most 125 bytes and tells this answer from that of an earlier ping.
func (s *Stream) Ping(mark string) error {
	if err := s.conn.WriteControl(websocket.PingMessage, []byte(mark), time.Now().Add(writeWait)); err != nil {
		return fmt.Errorf("ping the feed: %w", err)
	}
	return nil
}

// Subscription is the request that Subscribe sends, for Send.
func Subscription(mode string, keys ...string) ([]byte, error) {
	r := request{GUID: rand.Text(), Method: "sub"}
	r.Data.Mode, r.Data.Keys = mode, keys
	b, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode sub request: %w", err)
	}
	if len(b) > maxRequestSize {
		return nil, fmt.Errorf("sub request of %d bytes does not fit into one frame", len(b))
	}
	return b, nil
}

// Send writes one request as one binary frame; the server ignores text.
func (s *Stream) Send(request []byte) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.conn.SetWriteDeadline(time.Now().Add(writeWait))
	return s.conn.WriteMessage(websocket.BinaryMessage, request)
}
