package upstox

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/http2"

	"upstox-doctor/checks/catalog"
)

// serveGoAway is a server that answers the first HTTP/2 request with a GOAWAY
// or a reset, and returns a connection to it.
func serveGoAway(t *testing.T, f *testServer, say func(fr *http2.Framer, stream uint32) error) net.Conn {
	t.Helper()
	server := f.TLS.Clone()
	server.NextProtos = []string{"h2"}
	ln, err := tls.Listen("tcp", "127.0.0.1:0", server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		io.ReadFull(conn, make([]byte, len(http2.ClientPreface)))
		fr := http2.NewFramer(conn, conn)
		fr.WriteSettings()
		for {
			frame, err := fr.ReadFrame()
			if err != nil {
				return
			}
			if frame.Header().Type == http2.FrameHeaders {
				say(fr, frame.Header().StreamID)
			}
		}
	}()
	conn, err := (&tls.Dialer{Config: f.config}).DialContext(t.Context(), "tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// A server that says it did not process a request gets it again on a new
// connection. Otherwise the end of the connection is the answer.
func TestGoAway(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		say   func(fr *http2.Framer, stream uint32) error
		again bool
		words string
	}{
		{"graceful, not processed", func(fr *http2.Framer, _ uint32) error { return fr.WriteGoAway(0, http2.ErrCodeNo, nil) }, true, ""},
		{"refused stream", func(fr *http2.Framer, id uint32) error { return fr.WriteRSTStream(id, http2.ErrCodeRefusedStream) }, true, ""},
		{"angry", func(fr *http2.Framer, _ uint32) error {
			return fr.WriteGoAway(0, http2.ErrCodeEnhanceYourCalm, []byte(token+"\x1b[2J"))
		}, false, "GOAWAY"},
		{"reset", func(fr *http2.Framer, id uint32) error { return fr.WriteRSTStream(id, http2.ErrCodeInternal) }, false, "INTERNAL_ERROR"},
		{"nonsense", func(fr *http2.Framer, id uint32) error { return fr.WriteRawFrame(http2.FrameData, 0, 0, nil) }, false, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int64
			f := serve(t, "h2", func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				answer(w, r)
			})
			s := NewTransport(host, f.redial)
			if err := s.Use(serveGoAway(t, f, tc.say).(*tls.Conn)); err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			_, a := (&Client{HTTP: s, Base: "https://" + host}).Profile(longContext(t), token)
			if tc.again {
				if !a.OK() || asked.Load() != 1 {
					t.Errorf("asked again %d times: %s", asked.Load(), a)
				}
				return
			}
			kind := catalog.KindDropped
			if tc.name == "nonsense" {
				kind = catalog.KindUnexpected
			}
			if a.Symptom() != (catalog.Symptom{Hop: "api", Kind: kind}) || asked.Load() != 0 {
				t.Errorf("asked again %d times: %s: %+v", asked.Load(), a, a.Symptom())
			}
			if line := a.String(); !strings.Contains(line, tc.words) || strings.Contains(line, token[:20]) || strings.Contains(line, "\x1b") {
				t.Errorf("line %q", line)
			}
		})
	}
}
