package watch_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/upstox"
	"upstox-doctor/checks/watch"
	"upstox-doctor/fixtures/sim"
)

// A faultConnector connects to a simulator over pipes with a fault. It has no
// TLS, so that each byte is one of the session. Its time limits are short.
type faultConnector struct {
	pipes *faultDialer
	rest  *upstox.Client
}

// The simulator's certificates and token, made once.
var (
	healthy   = sync.OnceValue(func() sim.Scenario { sc, _ := sim.Find("healthy"); return sc })
	userToken = sync.OnceValue(func() string { return sim.Credentials()["UPSTOX_ACCESS_TOKEN"] })
)

const (
	authorizeTime = 2 * time.Second
	upgradeTime   = 2 * time.Second
)

func (l *faultConnector) Connect(ctx context.Context) (*feed.Stream, watch.Opened, *watch.Refusal) {
	asking, cancel := context.WithTimeout(ctx, authorizeTime)
	defer cancel()
	raw, a := l.rest.Authorize(asking, userToken())
	if !a.OK() {
		return nil, watch.Opened{}, refusal(catalog.Classify(a.Symptom(), catalog.NotKnown), a.String(), a.RetryAfter())
	}
	upgrading, cancel := context.WithTimeout(ctx, upgradeTime)
	defer cancel()
	s, err := feed.Open(upgrading, feed.Options{URL: raw, Agent: "test", Conn: l.pipes.Dial})
	if r, refused := errors.AsType[*feed.Refusal](err); refused {
		return nil, watch.Opened{}, refusal(catalog.Classify(r.Symptom(), catalog.NotKnown), err.Error(), 0)
	}
	if err != nil {
		return nil, watch.Opened{}, refusal(catalog.TCPRefused, err.Error(), 0)
	}
	return s, watch.Opened{Host: "wsfeeder-api.upstox.com", Token: 1}, nil
}

func (l *faultConnector) Examine(context.Context) (doctor.Result, bool) {
	return doctor.Result{}, false
}
func (l *faultConnector) Peers() int { return 0 }

func (l *faultConnector) Programs() []string { return nil }

func (l *faultConnector) Quotes(context.Context, []string) ([]watch.Quote, bool) { return nil, false }

// Prices move every second, and a quiet feed is pinged before the next, so that
// pings go both ways within the recorded time.
const (
	recorded = 11500 * time.Millisecond
	longest  = recorded + after
	after    = 5 * time.Second // a fault, it is reported and over
	pinging  = 700 * time.Millisecond
)

// withFault watches a healthy simulator on a line with the fault, in a synctest
// bubble of its own. It fails if a goroutine or a connection is left.
func withFault(t *testing.T, f fault, lasts time.Duration) (s watch.Summary, seen *recordingSink, pipes *faultDialer) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		pipes = &faultDialer{Pipes: sim.NewPipes(), fault: f, triggered: func() { time.AfterFunc(after, stop) }}
		seen = &recordingSink{}
		serving, end := context.WithCancel(t.Context())
		served := make(chan error, 1)
		go func() {
			served <- sim.Serve(serving, pipes, healthy(), sim.ServeOptions{Plain: true, Tick: time.Second})
		}()
		transport := &http.Transport{
			DialContext:       func(ctx context.Context, _, _ string) (net.Conn, error) { return pipes.Dial(ctx) },
			DisableKeepAlives: true,
		}
		line := &faultConnector{pipes: pipes, rest: &upstox.Client{
			HTTP: transport, Base: "http://" + pipes.Addr().String(), Agent: "test",
		}}
		s = watch.Run(ctx, line, watch.Options{
			Keys: []string{nifty}, For: lasts, RefreshEvery: pinging, PingEvery: pinging, PongWait: pinging + 100*time.Millisecond,
		}, seen)
		synctest.Wait()
		for i, l := range pipes.links {
			if !l.left.Load() {
				t.Errorf("%s: connection %d is left open", f, i+1)
			}
		}
		end()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return s, seen, pipes
}

// A session is what passed in one direction without a fault: on the connection
// of authorize, then on that of the feed.
type session struct {
	up      bool
	asking  int   // bytes of authorize
	upgrade int   // bytes of the upgrade
	frames  []int // bytes of each WebSocket frame
	codes   []int // opcode of each
}

func (s session) size() int {
	n := s.asking + s.upgrade
	for _, f := range s.frames {
		n += f
	}
	return n
}

// record watches a healthy session and parses it.
func record(t *testing.T) (up, down session) {
	t.Helper()
	s, seen, pipes := withFault(t, fault{}, recorded)
	if s.Status != doctor.Pass || len(pipes.links) != 2 {
		t.Fatalf("the healthy session: %d connections\n%s", len(pipes.links), seen.noticesText())
	}
	up, down = session{up: true}, session{}
	up.parse(pipes.links[0].up.Bytes(), pipes.links[1].up.Bytes())
	down.parse(pipes.links[0].down.Bytes(), pipes.links[1].down.Bytes())
	const binary, ping, pong = 2, 9, 10
	for _, want := range []struct {
		of     session
		code   int
		atMost int
	}{{up, binary, 1}, {up, ping, 99}, {up, pong, 9}, {down, ping, 9}, {down, pong, 99}} {
		n := 0
		for _, code := range want.of.codes {
			if code == want.code {
				n++
			}
		}
		if n == 0 || n > want.atMost {
			t.Errorf("%d frames of kind %d in %v", n, want.code, want.of.codes)
		}
	}
	if len(down.codes) < 10 || down.codes[0] != binary || down.codes[1] != binary {
		t.Errorf("frames of the feed: %v", down.codes)
	}
	return up, down
}

// handle parses the lengths of all parts.
func (s *session) parse(asking, feed []byte) {
	head := []byte("\r\n\r\n")
	s.asking, s.upgrade = len(asking), bytes.Index(feed, head)+len(head)
	for feed = feed[s.upgrade:]; len(feed) > 2; {
		size := 2 + int(feed[1]&0x7f)
		if feed[1]&0x7f == 126 {
			size = 4 + int(feed[2])<<8 + int(feed[3])
		}
		if feed[1]&0x80 != 0 {
			size += 4 // the mask
		}
		s.frames, s.codes = append(s.frames, size), append(s.codes, int(feed[0]&0xf))
		feed = feed[min(size, len(feed)):]
	}
	if len(s.codes) > 0 && s.codes[len(s.codes)-1] == 8 { // the close frame at the end of the recording
		s.frames, s.codes = s.frames[:len(s.frames)-1], s.codes[:len(s.codes)-1]
	}
}

// at returns the fault that takes effect after byte n of the session.
func (s session) at(n int, how string) fault {
	if n < s.asking {
		return fault{1, s.up, n, how}
	}
	return fault{2, s.up, n - s.asking, how}
}

// want returns the one episode that the fault must cause; none if the kind is
// empty. A reset right after the upgrade request may still overtake the answer,
// so upgraded says whether the answer was read whole.
func (s session) want(f fault, upgraded bool) (kind watch.EpisodeKind, codes []string) {
	first := s.upgrade + s.frames[0]
	refused := f.after < s.upgrade || s.up && f.how == resetting && f.after == s.upgrade && !upgraded
	switch {
	case f.conn == 1 && f.how == stalling:
		return watch.NeverOpened, []string{"api-timeout"}
	case f.conn == 1 && s.up && f.how == cutting: // the server may answer what it cannot read, with 400
		return watch.NeverOpened, []string{"api-dropped", "request-invalid"}
	case f.conn == 1:
		return watch.NeverOpened, []string{"api-dropped"}
	case refused && f.how == stalling:
		return watch.NeverOpened, []string{"handshake-timeout"}
	case refused && s.up && f.how == cutting:
		return watch.NeverOpened, []string{"handshake-dropped", "handshake-not-upgraded"}
	case refused:
		return watch.NeverOpened, []string{"handshake-dropped"}
	case f.how != stalling:
		return watch.Dropped, []string{"stream-dropped"}
	case s.up && f.after >= first: // the subscription has arrived, so prices come
		return "", nil
	case !s.up && f.after < first:
		return watch.Stalled, []string{"stream-silent"}
	}
	return watch.Stalled, []string{"stream-stalled"}
}

// A session with a fault of any kind at any byte gives exactly that one episode,
// and recovers on the next connection.
func TestFaultAtEveryByte(t *testing.T) {
	t.Parallel()
	stride := 1
	if testing.Short() {
		stride = 16
	}
	up, down := record(t)
	for _, s := range []session{up, down} {
		for _, how := range []string{cutting, resetting, stalling} {
			t.Run(fmt.Sprintf("%s up=%t", how, s.up), func(t *testing.T) {
				t.Parallel()
				wrong := 0
				for n := 0; n <= s.size() && wrong < 3; n += stride {
					if !s.endsRight(t, s.at(n, how)) {
						wrong++
					}
				}
				t.Logf("%d positions", s.size()/stride+1)
			})
		}
	}
}

// endsRight watches with the fault and reports whether the episodes are right.
func (s session) endsRight(t *testing.T, f fault) bool {
	sum, seen, pipes := withFault(t, f, longest)
	upgraded := len(pipes.links) > 1 && bytes.Contains(pipes.links[1].down.Bytes(), []byte("\r\n\r\n"))
	kind, codes := s.want(f, upgraded)
	wrong := func(format string, args ...any) bool {
		t.Errorf("%s: %s\n%s", f, fmt.Sprintf(format, args...), seen.noticesText())
		return false
	}
	told := seen.count(watch.Anomaly) + seen.count(watch.Overload) + seen.count(watch.PatternFound)
	switch {
	case told > 0:
		return wrong("more is told than the fault")
	case sum.Ended.Sub(seen.state.Quotes[0].Arrived) > 2*time.Second:
		return wrong("no prices at the end")
	case kind == "":
		if sum.Disconnects != 0 || sum.Status != doctor.Pass || len(pipes.links) != 2 {
			return wrong("%d episodes on %d connections", sum.Disconnects, len(pipes.links))
		}
		return true
	case sum.Disconnects != 1 || len(sum.Episodes) != 1 || seen.count(watch.Disconnected) != 1 || seen.count(watch.Recovered) != 1 || sum.Status != doctor.Warn:
		return wrong("%d episodes, status %s, want one and %s", sum.Disconnects, sum.Status, doctor.Warn)
	}
	e := sum.Episodes[0]
	attempts, connections := 1, 4
	if kind == watch.NeverOpened {
		attempts, connections = 2, f.conn+2
	}
	if e.Kind != kind || !slices.Contains(codes, e.Finding.Code) || e.Permanent || e.Ended.IsZero() {
		return wrong("%s %s, want %s %s", e.Kind, e.Finding.Code, kind, codes)
	}
	if e.Attempts != attempts || len(pipes.links) != connections {
		return wrong("%d attempts on %d connections, want %d on %d", e.Attempts, len(pipes.links), attempts, connections)
	}
	return true
}
