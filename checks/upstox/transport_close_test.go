package upstox

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
)

// Closing ends requests and dials under way; what TestMain finds left over
// fails the package.
func TestSessionCloseEndsEverything(t *testing.T) {
	each(t, func(t *testing.T, protocol string) {
		f := serve(t, protocol, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		dialing := make(chan struct{}, 2)
		c, s := f.clientOver(t, func(ctx context.Context) (net.Conn, error) {
			dialing <- struct{}{}
			<-ctx.Done()
			return nil, ctx.Err()
		})
		if s.shared != nil {
			s.shared.Close()
		}
		s.first.Swap(nil)
		ended := make(chan Response)
		go func() {
			_, a := c.Profile(context.Background(), token)
			ended <- a
		}()
		<-dialing
		s.Close()
		if a := <-ended; a.Err == nil {
			t.Errorf("%s", a)
		}
		if _, a := c.Profile(longContext(t), token); a.Err == nil {
			t.Errorf("after Close: %s", a)
		}
		if err := s.Close(); err != nil {
			t.Errorf("second Close: %v", err)
		}
	})
}

// A connection that arrives after the end has no one left to close it.
func TestSessionClosesALateConnection(t *testing.T) {
	t.Parallel()
	f := serve(t, "http/1.1", answer)
	dialing, closed, late := make(chan struct{}), make(chan struct{}), make(chan net.Conn, 1)
	c, s := f.clientOver(t, func(context.Context) (net.Conn, error) {
		close(dialing)
		<-closed
		conn, err := f.dial(context.Background())
		late <- conn
		return conn, err
	})
	s.first.Swap(nil)
	ended := make(chan Response)
	go func() {
		_, a := c.Profile(context.Background(), token)
		ended <- a
	}()
	<-dialing
	s.Close()
	close(closed)
	if a := <-ended; a.Err == nil {
		t.Errorf("%s", a)
	}
	if _, err := (<-late).Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the late connection is open: %v", err)
	}
}

func TestSessionCloseEndsARequest(t *testing.T) {
	each(t, func(t *testing.T, protocol string) {
		for _, given := range []bool{true, false} {
			asked := make(chan struct{})
			f := serve(t, protocol, func(_ http.ResponseWriter, r *http.Request) {
				close(asked)
				<-r.Context().Done()
				panic(http.ErrAbortHandler)
			})
			c, s := f.client(t)
			if !given {
				s.first.Swap(nil)
				s.shared = nil
			}
			ended := make(chan Response)
			ctx := longContext(t)
			go func() {
				_, a := c.Profile(ctx, token)
				ended <- a
			}()
			<-asked
			s.Close()
			if a := <-ended; a.Symptom().Kind != "dropped" {
				t.Errorf("on the given connection %t: %s: %+v", given, a, a.Symptom())
			}
		}
	})
}
