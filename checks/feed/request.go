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

	// requestLimit is the longest request. gorilla/websocket splits longer
	// ones over several frames, which nobody has seen Upstox accept. 5,000
	// keys, the most a connection may ask for, take about half of it.
	requestLimit = 256 << 10
)

// request is what a client says to the feed, in JSON.
type request struct {
	GUID   string `json:"guid"` // any text; the server does not answer with it
	Method string `json:"method"`
	Data   struct {
		Mode string   `json:"mode,omitempty"`
		Keys []string `json:"instrumentKeys"`
	} `json:"data"`
}

// Subscribe asks for the keys in a mode: "ltpc", "option_greeks", "full" or
// "full_d30". The server does not acknowledge it: a snapshot follows, or, if
// it takes no interest in mode or keys, nothing.
func (s *Stream) Subscribe(mode string, keys ...string) error {
	return s.request("sub", mode, keys)
}

// Ping asks the peer for a sign of life, which arrives as a Pong event whose
// Data is the mark, of at most 125 bytes. By it the answer to this ping is told
// from a late one to a ping before.
func (s *Stream) Ping(mark string) error {
	if err := s.conn.WriteControl(websocket.PingMessage, []byte(mark), time.Now().Add(writeWait)); err != nil {
		return fmt.Errorf("ping the feed: %w", err)
	}
	return nil
}

// Subscription is the request that Subscribe sends, for Send.
func Subscription(mode string, keys ...string) ([]byte, error) { return encode("sub", mode, keys) }

func (s *Stream) request(method, mode string, keys []string) error {
	b, err := encode(method, mode, keys)
	if err != nil {
		return err
	}
	if err := s.Send(b); err != nil {
		return fmt.Errorf("send %s request: %w", method, err)
	}
	return nil
}

func encode(method, mode string, keys []string) ([]byte, error) {
	r := request{GUID: rand.Text(), Method: method}
	r.Data.Mode, r.Data.Keys = mode, keys
	b, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode %s request: %w", method, err)
	}
	if len(b) > requestLimit {
		return nil, fmt.Errorf("%s request of %d bytes does not fit into one frame", method, len(b))
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
