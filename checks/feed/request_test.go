package feed

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// said is one message as the server received it.
type said struct {
	kind int
	text []byte
}

// listening serves a feed that returns the messages it receives.
func listening(t *testing.T) (*Stream, <-chan said) {
	t.Helper()
	heard := make(chan said, 100)
	s := opened(t, upgraded(t, true, func(c *websocket.Conn) {
		for {
			kind, text, err := c.ReadMessage()
			if err != nil {
				return
			}
			heard <- said{kind, text}
		}
	}))
	return s, heard
}

func TestRequests(t *testing.T) {
	t.Parallel()
	s, heard := listening(t)
	for _, tc := range []struct {
		send func() error
		want string
	}{
		{func() error { return s.Subscribe("ltpc", "NSE_INDEX|Nifty 50") },
			`{"data":{"instrumentKeys":["NSE_INDEX|Nifty 50"],"mode":"ltpc"},"method":"sub"}`},
		{func() error { return s.Subscribe("full", "NSE_EQ|A&B", "MCX_FO|1") },
			`{"data":{"instrumentKeys":["NSE_EQ|A\u0026B","MCX_FO|1"],"mode":"full"},"method":"sub"}`},
	} {
		if err := tc.send(); err != nil {
			t.Fatal(err)
		}
		m := <-heard
		if m.kind != websocket.BinaryMessage {
			t.Errorf("%s went out as message type %d, want binary", tc.want, m.kind)
		}
		var got map[string]any
		if err := json.Unmarshal(m.text, &got); err != nil {
			t.Fatal(err)
		}
		if guid, _ := got["guid"].(string); len(guid) < 20 {
			t.Errorf("guid %q", guid)
		}
		delete(got, "guid")
		if text, _ := json.Marshal(got); string(text) != tc.want {
			t.Errorf("got  %s\nwant %s", text, tc.want)
		}
	}
}

// Each request has a GUID of its own, from whatever goroutine it comes.
func TestConcurrentRequests(t *testing.T) {
	t.Parallel()
	s, heard := listening(t)
	var senders sync.WaitGroup
	for i := range 20 {
		senders.Go(func() {
			if err := s.Subscribe("ltpc", fmt.Sprint("NSE_EQ|", i)); err != nil {
				t.Error(err)
			}
			if err := s.Ping(""); err != nil {
				t.Error(err)
			}
		})
	}
	senders.Wait()
	guids := map[string]bool{}
	for range 20 {
		var r request
		if err := json.Unmarshal((<-heard).text, &r); err != nil {
			t.Fatal(err)
		}
		guids[r.GUID] = true
	}
	if len(guids) != 20 {
		t.Errorf("%d different guids in 20 requests", len(guids))
	}
}

// The most keys that a connection may request still fit one frame.
func TestOneFrame(t *testing.T) {
	t.Parallel()
	keys := make([]string, 5000)
	for i := range keys {
		keys[i] = fmt.Sprintf("NSE_EQ|INE%09d", i)
	}
	head := make(chan []byte, 1)
	s := opened(t, raw(t, func(c *net.TCPConn, r *http.Request) {
		io.WriteString(c, accept(r))
		c.SetDeadline(time.Now().Add(10 * time.Second))
		b := make([]byte, 10)
		if _, err := io.ReadFull(c, b); err != nil {
			t.Error(err)
		}
		head <- b
		untilGone(c)
	}))
	if err := s.Subscribe("ltpc", keys...); err != nil {
		t.Fatal(err)
	}
	b := <-head
	if b[0] != 0x82 || b[1] != 0x80|127 || b[7] == 0 {
		t.Errorf("frame begins % x, want final and binary with a long length", b)
	}
}

func TestTooLongRequest(t *testing.T) {
	t.Parallel()
	s, _ := listening(t)
	err := s.Subscribe("ltpc", strings.Repeat("x", maxRequestSize))
	if err == nil || !strings.Contains(err.Error(), "does not fit into one frame") {
		t.Errorf("error %v", err)
	}
	if err := s.Subscribe("ltpc", "A|B"); err != nil {
		t.Errorf("the stream does not survive it: %v", err)
	}
}
