package upstox

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"upstox-doctor/checks/catalog"
)

// TestBadBodies serves bodies that no client should wait for or swallow.
func TestBadBodies(t *testing.T) {
	json := func(w http.ResponseWriter) { w.Header().Set("Content-Type", "application/json") }
	for _, tc := range []struct {
		name     string
		serve    http.HandlerFunc
		deadline time.Duration
		want     catalog.Symptom
	}{
		{"silence", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			50 * time.Millisecond, catalog.Symptom{Hop: "api", Kind: "timeout"}},
		{"trickles for ever", trickle, 100 * time.Millisecond, catalog.Symptom{Hop: "api", Kind: "timeout", HTTP: 200}},
		{"an error that promises more than it sends", func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(401)
			io.WriteString(w, refusal401("UDAPI100050", "Invalid token"))
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, 100 * time.Millisecond, catalog.Symptom{Hop: "api", Responder: "upstox", HTTP: 401, Upstox: "UDAPI100050"}},
		{"an edge error that breaks off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("CF-RAY", "8f1c")
			w.WriteHeader(429)
			io.WriteString(w, "error code: 1015")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, 30 * time.Second, catalog.Symptom{Hop: "api", Responder: "edge", Kind: "1015", HTTP: 429}},
		{"another error that breaks off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			w.WriteHeader(400)
			io.WriteString(w, "x")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, 30 * time.Second, catalog.Symptom{Hop: "api", Responder: "other", Kind: "dropped", HTTP: 400}},
		{"2 GB", func(w http.ResponseWriter, _ *http.Request) {
			json(w)
			flood(w, 2<<30)
		}, 30 * time.Second, catalog.Symptom{Hop: "api", Responder: "other", Kind: "unexpected", HTTP: 200}},
		{"much in a small gzip, without an end", func(w http.ResponseWriter, r *http.Request) {
			json(w)
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			flood(z, 2*maxBodySize)
			z.Flush()
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, 30 * time.Second, catalog.Symptom{Hop: "api", Responder: "other", Kind: "unexpected", HTTP: 200}},
		{"gzip that is none", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			io.WriteString(w, strings.Repeat("not gzip ", 100))
		}, 30 * time.Second, catalog.Symptom{Hop: "api", Kind: "unexpected", HTTP: 200}},
		{"truncated", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, profile)
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, 30 * time.Second, catalog.Symptom{Hop: "api", Kind: "dropped", HTTP: 200}},
		{"a redirect with a body that never ends", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "https://portal.example/")
			w.WriteHeader(302)
			trickle(w, r)
		}, 30 * time.Second, catalog.Symptom{Hop: "api", Responder: "portal", Kind: "foreign-redirect", HTTP: 302}},
		{"headers of 300 KiB", func(w http.ResponseWriter, r *http.Request) {
			for range 300 {
				w.Header().Add("X-Much", strings.Repeat("x", 1024))
			}
			answer(w, r)
		}, 30 * time.Second, catalog.Symptom{Hop: "api", Kind: "unexpected"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			each(t, func(t *testing.T, protocol string) {
				f := serve(t, protocol, tc.serve)
				c, _ := f.client(t)
				ctx, cancel := context.WithTimeout(t.Context(), tc.deadline)
				defer cancel()
				_, a := c.Profile(ctx, token)
				if got := a.Symptom(); got != tc.want {
					t.Errorf("got %+v, want %+v: %s", got, tc.want, a)
				}
				if a.OK() || len(a.Body) > maxBodySize {
					t.Errorf("OK %t with %d bytes", a.OK(), len(a.Body))
				}
				if broke := strings.Contains(a.String(), ", then "); broke != (a.Err != nil && a.Status != 0) {
					t.Errorf("line %s of %v", a, a.Err)
				}
			})
		})
	}
}

// trickle sends one byte after the other until the client leaves.
func trickle(w http.ResponseWriter, r *http.Request) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for r.Context().Err() == nil {
		io.WriteString(w, " ")
		w.(http.Flusher).Flush()
		select {
		case <-tick.C:
		case <-r.Context().Done():
		}
	}
}

// flood writes until the number of bytes is reached or the reader leaves.
func flood(w io.Writer, bytes int) {
	block := make([]byte, 64<<10)
	for n := 0; n < bytes; n += len(block) {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

func TestGzipIsRead(t *testing.T) {
	each(t, func(t *testing.T, protocol string) {
		f := serve(t, protocol, func(w http.ResponseWriter, r *http.Request) {
			if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
				t.Error("gzip was not asked for")
			}
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			io.WriteString(z, profile)
			z.Close()
		})
		c, _ := f.client(t)
		if active, a := c.Profile(longContext(t), token); !a.OK() || !active {
			t.Errorf("active %t: %s", active, a)
		}
	})
}

func TestCancelSaysNothing(t *testing.T) {
	each(t, func(t *testing.T, protocol string) {
		asked := make(chan struct{})
		f := serve(t, protocol, func(_ http.ResponseWriter, r *http.Request) {
			close(asked)
			<-r.Context().Done()
		})
		c, _ := f.client(t)
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() {
			<-asked
			cancel(errors.New("the user pressed ^C"))
		}()
		_, a := c.Profile(ctx, token)
		if !errors.Is(a.Err, context.Canceled) || a.Symptom() != (catalog.Symptom{}) {
			t.Errorf("%s: %+v", a, a.Symptom())
		}
	})
}

// A lateBody ends well, but not before the context.
type lateBody struct {
	io.Reader
	end context.CancelFunc
}

func (b lateBody) Close() error { return nil }
func (b lateBody) Read(p []byte) (int, error) {
	b.end()
	return b.Reader.Read(p)
}

func TestBodyThatOutlivesTheCall(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	_, a := (&Client{Base: base, HTTP: roundTripFunc(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: lateBody{strings.NewReader(`{"status":`), cancel}}, nil
	})}).Profile(ctx, token)
	if !errors.Is(a.Err, context.Canceled) || a.Symptom() != (catalog.Symptom{}) {
		t.Errorf("%s: %+v", a, a.Symptom())
	}
}

type roundTripFunc func(*http.Request) (*http.Response, error)

func (f roundTripFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Not even the redirect's target may see the request.
func TestRedirectIsNotFollowed(t *testing.T) {
	each(t, func(t *testing.T, protocol string) {
		portal := serve(t, protocol, func(_ http.ResponseWriter, r *http.Request) {
			t.Errorf("the portal was asked, with Authorization %t", r.Header.Get("Authorization") != "")
		})
		f := serve(t, protocol, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer "+token {
				t.Error("the token did not arrive")
			}
			http.Redirect(w, r, portal.URL+"/login?token="+token, http.StatusFound)
		})
		c, _ := f.client(t)
		_, a := c.Profile(longContext(t), token)
		if a.Symptom().Kind != "foreign-redirect" || a.Location != portal.URL+"/login" {
			t.Errorf("%s: %+v", a, a.Symptom())
		}
	})
}

// A server of another protocol is recognised, whether it waits for the request or
// sends first, with a plain http.Transport as with a Transport.
func TestNotHTTP(t *testing.T) {
	t.Parallel()
	for name, waits := range map[string]bool{"waits": true, "speaks first": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer ln.Close()
			go func() {
				conn, err := ln.Accept()
				if err != nil {
					return
				}
				defer conn.Close()
				if waits {
					conn.Read(make([]byte, 4096))
				}
				io.WriteString(conn, "SSH-2.0-OpenSSH_9.9 "+token+"\r\n")
				io.Copy(io.Discard, conn)
			}()
			rt := &http.Transport{}
			defer rt.CloseIdleConnections()
			_, a := (&Client{HTTP: rt, Base: "http://" + ln.Addr().String()}).Profile(longContext(t), token)
			if got := a.Symptom(); got != (catalog.Symptom{Hop: "api", Kind: "unexpected"}) || strings.Contains(a.String(), token[:20]) {
				t.Errorf("%s: %+v", a, got)
			}
		})
	}
}

// Without a transport of its own the client takes the default one.
func TestDefaultTransport(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, a := (&Client{Base: "http://127.0.0.1:1"}).Profile(ctx, token); !errors.Is(a.Err, context.Canceled) {
		t.Errorf("%s", a)
	}
}

// A ban by the edge is an answer, and asking again would prolong it.
func TestOneRequestPerCall(t *testing.T) {
	each(t, func(t *testing.T, protocol string) {
		var asked atomic.Int64
		f := serve(t, protocol, func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			w.Header().Set("CF-RAY", "8f1c")
			w.Header().Set("Retry-After", "60")
			w.Header().Set("Content-Type", "text/plain")
			w.WriteHeader(429)
			io.WriteString(w, "error code: 1015")
		})
		c, _ := f.client(t)
		_, a := c.Profile(longContext(t), token)
		if a.Symptom().Kind != "1015" || a.RetryAfter() != time.Minute || asked.Load() != 1 {
			t.Errorf("asked %d times: %s, retry after %s", asked.Load(), a, a.RetryAfter())
		}
	})
}
