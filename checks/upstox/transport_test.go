package upstox

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"upstox-doctor/checks/catalog"
)

// Three requests must be in flight at once before any is answered: one round
// trip for all.
func TestTransportAnswersTogether(t *testing.T) {
	each(t, func(t *testing.T, protocol string) {
		var arrived sync.WaitGroup
		arrived.Add(3)
		f := serve(t, protocol, func(w http.ResponseWriter, r *http.Request) {
			if want := protocol == "h2"; (r.ProtoMajor == 2) != want {
				t.Errorf("spoke %s", r.Proto)
			}
			arrived.Done()
			arrived.Wait()
			answer(w, r)
		})
		c, _ := f.client(t)
		ctx := longContext(t)
		var done sync.WaitGroup
		for range 3 {
			done.Go(func() {
				if _, a := c.Profile(ctx, token); !a.OK() {
					t.Error(a)
				}
			})
		}
		done.Wait()
		want := int64(1)
		if protocol == "http/1.1" {
			want = 3
		}
		if f.opened.Load() != want || f.dials.Load() != want-1 {
			t.Errorf("%d connections, %d dialed anew; want %d", f.opened.Load(), f.dials.Load(), want)
		}
	})
}

func TestTransportKeepsItsConnection(t *testing.T) {
	each(t, func(t *testing.T, protocol string) {
		f := serve(t, protocol, answer)
		c, _ := f.client(t)
		for range 4 {
			if _, a := c.Profile(longContext(t), token); !a.OK() {
				t.Error(a)
			}
		}
		if f.opened.Load() != 1 || f.dials.Load() != 0 {
			t.Errorf("%d connections, %d dialed anew", f.opened.Load(), f.dials.Load())
		}
	})
}

func TestTransportDialsAnewWhenClosed(t *testing.T) {
	each(t, func(t *testing.T, protocol string) {
		f := serve(t, protocol, answer)
		c, s := f.client(t)
		if _, a := c.Profile(longContext(t), token); !a.OK() {
			t.Fatal(a)
		}
		dead := make(chan struct{})
		if s.shared != nil {
			s.shared.SetStateHook(func(cc *http.ClientConn) {
				if cc.Err() != nil {
					close(dead)
				}
			})
		} else {
			close(dead)
		}
		f.CloseClientConnections()
		<-dead
		for range 2 {
			if _, a := c.Profile(longContext(t), token); !a.OK() {
				t.Error(a)
			}
		}
		if f.dials.Load() != 1 {
			t.Errorf("dialed anew %d times, want 1", f.dials.Load())
		}
	})
}

// A connection that dies over the first request is what the doctor looks for:
// no second attempt may hide it.
func TestTransportDoesNotHideADrop(t *testing.T) {
	each(t, func(t *testing.T, protocol string) {
		var asked atomic.Int64
		f := serve(t, protocol, func(http.ResponseWriter, *http.Request) {
			asked.Add(1)
			panic(http.ErrAbortHandler)
		})
		c, _ := f.client(t)
		_, a := c.Profile(longContext(t), token)
		if got, want := a.Symptom(), (catalog.Symptom{Hop: "api", Kind: "dropped"}); got != want || asked.Load() != 1 {
			t.Errorf("asked %d times: %s: %+v", asked.Load(), a, got)
		}
	})
}

func TestTransportHandsOnARedialsError(t *testing.T) {
	each(t, func(t *testing.T, protocol string) {
		f := serve(t, protocol, answer)
		c, s := f.clientOver(t, func(context.Context) (net.Conn, error) { return nil, refused{} })
		if s.shared != nil {
			s.shared.Close()
		} else {
			s.first.Swap(nil).Close()
		}
		_, a := c.Profile(longContext(t), token)
		if got, want := a.Symptom(), (catalog.Symptom{Hop: "tcp", Kind: "refused"}); got != want || !errors.Is(a.Err, refused{}) {
			t.Errorf("%s: %+v", a, got)
		}
	})
}

// The transport hides a request's deadline from its dial; this one must not.
func TestTransportRedialEndsWithTheRequest(t *testing.T) {
	each(t, func(t *testing.T, protocol string) {
		f := serve(t, protocol, answer)
		ended := make(chan error, 1)
		c, s := f.clientOver(t, func(ctx context.Context) (net.Conn, error) {
			<-ctx.Done()
			ended <- ctx.Err()
			return nil, ctx.Err()
		})
		s.first.Swap(nil)
		if s.shared != nil {
			s.shared.Close()
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		if _, a := c.Profile(ctx, token); a.Symptom().Kind != "timeout" {
			t.Errorf("%s", a)
		}
		if err := <-ended; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("redial ended with %v", err)
		}
	})
}

// The shared connection carries whatever it is given, so a request for another
// host, with its token, must not reach it; nor may one in the clear.
func TestTransportRefusesOtherHosts(t *testing.T) {
	each(t, func(t *testing.T, protocol string) {
		f := serve(t, protocol, func(http.ResponseWriter, *http.Request) { t.Error("the request was sent") })
		c, s := f.client(t)
		c.Base = "https://api.example.net"
		if _, a := c.Profile(longContext(t), token); a.Err == nil || !strings.Contains(a.Err.Error(), "api.example.net") {
			t.Errorf("%s", a)
		}
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://api.example.net/", strings.NewReader("x"))
		if _, err := s.RoundTrip(req); err == nil {
			t.Error("a body was sent")
		}
		if s.shared == nil {
			c.Base = "http://" + host
			if _, a := c.Profile(longContext(t), token); a.Err == nil {
				t.Errorf("in the clear: %s", a)
			}
		}
	})
}

func TestTransportNeedsAHandshake(t *testing.T) {
	t.Parallel()
	near, far := net.Pipe()
	defer far.Close()
	if err := NewTransport(host, nil).Use(tls.Client(near, &tls.Config{ServerName: host})); err == nil {
		t.Error("took a connection without a handshake")
	}
}

func TestTransportRefusesOtherProtocols(t *testing.T) {
	t.Parallel()
	f := serve(t, "http/1.1", answer)
	server := f.TLS.Clone()
	server.NextProtos = []string{"spdy/3"}
	near, other := net.Pipe()
	defer near.Close()
	go io.Copy(io.Discard, tls.Server(other, server))
	config := f.config.Clone()
	config.NextProtos = server.NextProtos
	conn := tls.Client(near, config)
	if err := conn.HandshakeContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := NewTransport(host, f.redial).Use(conn); err == nil {
		t.Error("took a connection that speaks spdy/3")
	}
}

// A hop that stays silent until the request's time is over is to blame for it,
// and not Upstox, which the request never reached.
func TestTransportBlamesTheHopThatIsSilent(t *testing.T) {
	t.Parallel()
	for _, wait := range []time.Duration{10 * time.Second, 3 * time.Second, 100 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			rt := NewTransport(host, func(ctx context.Context) (net.Conn, error) {
				<-ctx.Done()
				return nil, refused{}
			})
			defer rt.Close()
			ctx, cancel := context.WithTimeout(t.Context(), wait)
			defer cancel()
			_, a := (&Client{HTTP: rt, Base: "https://" + host}).Profile(ctx, token)
			if got, want := a.Symptom(), (catalog.Symptom{Hop: "tcp", Kind: "refused"}); got != want {
				t.Errorf("after %s: %s: %+v", wait, a, got)
			}
		})
	}
}
