package feed

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"upstox-doctor/checks/catalog"
)

func TestEvents(t *testing.T) {
	t.Parallel()
	frame := readFrame(t, "live_feed_ltpc_nifty50.bin")
	for _, secure := range []bool{false, true} {
		pong := make(chan string, 1)
		s := opened(t, upgraded(t, secure, func(c *websocket.Conn) {
			c.SetPongHandler(func(data string) error { pong <- data; return nil })
			c.WriteMessage(websocket.BinaryMessage, frame)
			c.WriteMessage(websocket.TextMessage, []byte(`{"x":1}`))
			c.WriteMessage(websocket.BinaryMessage, nil)
			c.WriteControl(websocket.PingMessage, []byte("you there?"), time.Now().Add(time.Second))
			for {
				if _, _, err := c.ReadMessage(); err != nil {
					return
				}
			}
		}))
		start := time.Now().Add(-time.Minute)
		for _, want := range []Event{{Kind: Frame, Data: frame}, {Kind: Text, Data: []byte(`{"x":1}`)}, {Kind: Frame}, {Kind: Ping}} {
			e := next(t, s)
			if e.Kind != want.Kind || !bytes.Equal(e.Data, want.Data) || e.At.Before(start) || e.End != nil {
				t.Errorf("event %+v, want %+v", e, want)
			}
		}
		if data := <-pong; data != "you there?" {
			t.Errorf("ping is answered with %q", data)
		}
		for _, mark := range []string{"first", "", "second"} {
			if err := s.Ping(mark); err != nil {
				t.Fatal(err)
			}
			if e := next(t, s); e.Kind != Pong || string(e.Data) != mark {
				t.Errorf("event %+v, want a pong to %q", e, mark)
			}
		}
		s.Close()
		if end := ending(t, s); !end.Clean || end.Code != 1000 || end.Err != nil {
			t.Errorf("end %+v after Close", end)
		}
	}
}

// Each event owns its data.
func TestDataIsOwned(t *testing.T) {
	t.Parallel()
	s := opened(t, upgraded(t, false, func(c *websocket.Conn) {
		for i := range 3 {
			c.WriteMessage(websocket.BinaryMessage, bytes.Repeat([]byte{byte('a' + i)}, 100))
		}
		c.ReadMessage()
	}))
	var all []string
	var kept [][]byte
	for range 3 {
		e := next(t, s)
		kept = append(kept, e.Data)
	}
	for _, b := range kept {
		all = append(all, string(b[:1]))
	}
	if got := strings.Join(all, ""); got != "abc" {
		t.Errorf("events hold %q, want abc", got)
	}
}

func TestCloseCodes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		code   int
		reason string
		want   End
	}{
		{1000, "", End{Clean: true, Code: 1000}},
		{1001, "going away", End{Clean: true, Code: 1001, Reason: "going away"}},
		{1008, "policy", End{Clean: true, Code: 1008, Reason: "policy"}},
		{4001, "token gone", End{Clean: true, Code: 4001, Reason: "token gone"}},
		{4002, "bad code " + code, End{Clean: true, Code: 4002, Reason: "bad code …"}},
		{websocket.CloseNoStatusReceived, "", End{Clean: true, Code: 1005}},
	} {
		answered := make(chan error, 1)
		s := opened(t, upgraded(t, true, func(c *websocket.Conn) {
			c.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(tc.code, tc.reason), time.Now().Add(time.Second))
			_, _, err := c.ReadMessage()
			answered <- err
		}))
		if got := ending(t, s); *got != tc.want {
			t.Errorf("close %d %q: end %+v, want %+v", tc.code, tc.reason, *got, tc.want)
		}
		if err := <-answered; !websocket.IsCloseError(err, tc.code) {
			t.Errorf("close %d is answered with %v", tc.code, err)
		}
	}
}

// Ends without a close frame.
func TestRoughEnds(t *testing.T) {
	t.Parallel()
	send := func(b ...byte) func(*net.TCPConn) {
		return func(c *net.TCPConn) { c.Write(b); untilGone(c) }
	}
	for _, tc := range []struct {
		name string
		talk func(*net.TCPConn)
		is   error
		says string
	}{
		{"drop", func(c *net.TCPConn) {}, io.ErrUnexpectedEOF, "without a close frame"},
		{"drop in a frame", func(c *net.TCPConn) { c.Write([]byte{0x82, 100, 1, 2}) }, io.ErrUnexpectedEOF, "without a close frame"},
		{"reset", func(c *net.TCPConn) { c.SetLinger(0) }, syscall.ECONNRESET, "reset"},
		{"100 MB frame", send(0x82, 127, 0, 0, 0, 0, 100_000_000>>24, 100_000_000>>16&255, 100_000_000>>8&255, 0), websocket.ErrReadLimit, "larger than 16 MiB"},
		{"absurd frame", send(0x82, 127, 255, 0, 0, 0, 0, 0, 0, 0), websocket.ErrReadLimit, "larger than 16 MiB"},
		{"unknown opcode", send(0x87, 0), nil, "bad opcode 7"},
		{"masked by the server", send(0x82, 0x81, 1, 2, 3, 4, 5), nil, "bad MASK"},
		{"compressed without asking", send(0xc2, 1, 0), nil, "RSV1"},
		{"impossible close code", send(0x88, 2, 0, 1), nil, "bad close code 1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := opened(t, raw(t, func(c *net.TCPConn, r *http.Request) {
				io.WriteString(c, accept(r))
				c.SetDeadline(time.Now().Add(10 * time.Second))
				tc.talk(c)
			}))
			end := ending(t, s)
			if end.Clean || end.Code != 0 || end.Err == nil {
				t.Fatalf("end %+v", end)
			}
			if tc.is != nil && !errors.Is(end.Err, tc.is) || !strings.Contains(end.Err.Error(), tc.says) {
				t.Errorf("end by %v, want one that says %q", end.Err, tc.says)
			}
			if broken := tc.is == nil || tc.is == websocket.ErrReadLimit; (end.Malformed != "") != broken || tc.is == websocket.ErrReadLimit && end.Malformed != catalog.KindTooBig {
				t.Errorf("malformed %q, want %v", end.Malformed, broken)
			}
		})
	}
}

// A snapshot of many keys is larger than any buffer on the way.
func TestLargeFrame(t *testing.T) {
	t.Parallel()
	large := bytes.Repeat([]byte("0123456789abcdef"), 1<<18)
	s := opened(t, upgraded(t, true, func(c *websocket.Conn) {
		c.WriteMessage(websocket.BinaryMessage, large)
		c.ReadMessage()
	}))
	if e := next(t, s); !bytes.Equal(e.Data, large) {
		t.Errorf("%d bytes arrived, want %d", len(e.Data), len(large))
	}
}

// Close must end a reader whose events are not received, and still report the
// end.
func TestCloseUnread(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, peer := pipe()
		go func() {
			io.WriteString(peer, accept(readRequest(t, peer)))
			go untilGone(peer)
			for range 2 * maxPendingEvents { // more than there is room for
				peer.Write([]byte{0x82, 1, 'x'})
			}
		}()
		s, err := Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		start := time.Now()
		s.Close()
		if took := time.Since(start); took > closeWait {
			t.Errorf("Close took %s", took)
		}
		var last Event
		n := 0
		for e := range s.Events() {
			last, n = e, n+1
		}
		if last.Kind != Ended || n != maxPendingEvents {
			t.Errorf("%d events are left, the last is %+v", n, last)
		}
	})
}

// A peer that sends no close frame gets a second.
func TestCloseSilentPeer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, peer := pipe()
		said := make(chan []byte, 1)
		go func() {
			io.WriteString(peer, accept(readRequest(t, peer)))
			b := make([]byte, 64)
			n, _ := peer.Read(b)
			said <- b[:n]
			untilGone(peer)
		}()
		s, err := Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		var closers sync.WaitGroup
		for range 3 {
			closers.Go(func() { s.Close() })
		}
		closers.Wait()
		if took := time.Since(start); took != closeWait {
			t.Errorf("Close took %s, want %s", took, closeWait)
		}
		if b := <-said; len(b) != 8 || b[0] != 0x88 || b[6]^b[2] != 1000>>8 || b[7]^b[3] != 1000&255 {
			t.Errorf("Close said % x, want a close frame with 1000", b)
		}
		end := ending(t, s)
		if end.Clean || end.Err == nil || !strings.Contains(end.Err.Error(), "no close frame from the peer within 500ms") {
			t.Errorf("end %+v", end)
		}
		if err := s.Subscribe("ltpc", "A|B"); err == nil {
			t.Error("a closed stream takes a subscription")
		}
		if err := s.Ping(""); err == nil {
			t.Error("a closed stream takes a ping")
		}
	})
}

// Over TLS, a peer that has stopped reading must not delay Close, which sends
// it two things: the close frame and the TLS close alert.
func TestCloseStuckTLSPeer(t *testing.T) {
	t.Parallel()
	s := httptest.NewTLSServer(http.NotFoundHandler())
	certificates := s.TLS.Certificates
	s.Close()
	synctest.Test(t, func(t *testing.T) {
		o, peer := pipe()
		plain := o.Conn
		o.URL = strings.Replace(o.URL, "ws:", "wss:", 1)
		o.Conn = func(ctx context.Context) (net.Conn, error) {
			c, _ := plain(ctx)
			secure := tls.Client(c, &tls.Config{InsecureSkipVerify: true})
			return secure, secure.HandshakeContext(ctx)
		}
		go func() {
			// Without session tickets, which the client would not read.
			secure := tls.Server(peer, &tls.Config{Certificates: certificates, SessionTicketsDisabled: true})
			io.WriteString(secure, accept(readRequest(t, secure)))
		}()
		s, err := Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		s.Close()
		if took := time.Since(start); took > 2*closeWait {
			t.Errorf("Close took %s, want %s at most", took, 2*closeWait)
		}
		if end := ending(t, s); end.Clean {
			t.Errorf("end %+v", end)
		}
		peer.Close()
	})
}

func TestCloseAfterEnd(t *testing.T) {
	t.Parallel()
	s := opened(t, upgraded(t, false, func(*websocket.Conn) {}))
	end := ending(t, s)
	if err := s.Close(); err != nil || end.Clean {
		t.Errorf("end %+v, Close: %v", end, err)
	}
}

func TestEndInWords(t *testing.T) {
	t.Parallel()
	for want, end := range map[string]End{
		"the feed closed the stream: 4001 too many": {Clean: true, Code: 4001, Reason: "too many"},
		"the feed closed the stream: 1005":          {Clean: true, Code: 1005},
		"read the feed: reset":                      {Err: errors.New("read the feed: reset")},
		"the stream has ended":                      {},
	} {
		if got := end.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
