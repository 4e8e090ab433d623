package watch_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/upstox"
	"upstox-doctor/checks/watch"
	"upstox-doctor/fixtures/sim"
)

const nifty = "NSE_INDEX|Nifty 50"

// monday is when most tests begin: an hour after the market opened.
var monday = time.Date(2026, time.November, 23, 10, 15, 0, 0, market.IST)

// A simConnector connects to a simulator over pipes.
type simConnector struct {
	pipes *sim.Pipes
	rest  *upstox.Client

	mu         sync.Mutex
	token      string
	tokenEnds  time.Time
	number     int // of the token
	local      string
	peers      int
	programs   []string
	quotes     [][]string // keys whose quotes were requested, by request
	authorized []time.Time
	examines   int
	examine    func() (doctor.Result, bool)
	days       []market.Holiday
	refuse     func(n int) *watch.Refusal // instead of the n-th attempt, if it returns one
	attempts   int
}

func (l *simConnector) Connect(ctx context.Context) (*feed.Stream, watch.Opened, *watch.Refusal) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.attempts++
	if l.refuse != nil {
		if r := l.refuse(l.attempts); r != nil {
			if r.Authorized {
				l.authorized = append(l.authorized, time.Now())
			}
			return nil, watch.Opened{}, r
		}
	}
	l.authorized = append(l.authorized, time.Now())
	raw, a := l.rest.Authorize(ctx, l.token)
	if !a.OK() {
		return nil, watch.Opened{}, refusal(catalog.Classify(a.Symptom(), catalog.NotKnown), a.String(), a.RetryAfter())
	}
	s, err := feed.Open(ctx, feed.Options{URL: raw, Agent: "test", Conn: l.pipes.Dial})
	var r *feed.Refusal
	switch {
	case errors.As(err, &r):
		return nil, watch.Opened{}, refusal(catalog.Classify(r.Symptom(), catalog.NotKnown), err.Error(), 0)
	case err != nil:
		return nil, watch.Opened{}, refusal(catalog.TCPRefused, err.Error(), 0)
	}
	if l.days == nil {
		l.days, _ = l.rest.Holidays(ctx)
	}
	return s, watch.Opened{
		Host: "wsfeeder-api.upstox.com", Local: l.local, TokenKind: "oauth", TokenEnds: l.tokenEnds,
		Source: "environment", Token: l.number, Offset: time.Until(a.Date) + 500*time.Millisecond, Holidays: l.days,
	}, nil
}

func refusal(e *catalog.Entry, seen string, after time.Duration) *watch.Refusal {
	res := doctor.Result{Status: doctor.Fail, Code: e.Code, Message: seen}
	return &watch.Refusal{Finding: res, Head: &watch.ResponseHead{RetryAfter: after}, Authorized: true}
}

func (l *simConnector) Examine(context.Context) (doctor.Result, bool) {
	l.examines++
	if l.examine == nil {
		return doctor.Result{}, false
	}
	return l.examine()
}

func (l *simConnector) Peers() int { return l.peers }

func (l *simConnector) Programs() []string { return l.programs }

func (l *simConnector) Quotes(ctx context.Context, keys []string) (quotes []watch.Quote, ok bool) {
	l.mu.Lock()
	token := l.token
	l.quotes = append(l.quotes, keys)
	l.mu.Unlock()
	prices, a := l.rest.LTPs(ctx, token, keys)
	for key, price := range prices {
		quotes = append(quotes, watch.Quote{Key: key, Price: price})
	}
	return quotes, a.OK()
}

// logIn gives the user the token of the day.
func (l *simConnector) logIn() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.token = sim.Credentials()["UPSTOX_ACCESS_TOKEN"]
	l.number++
	l.tokenEnds = time.Date(2000, 1, 1, 3, 30, 0, 0, market.IST)
	for !l.tokenEnds.After(time.Now()) {
		l.tokenEnds = l.tokenEnds.AddDate(0, 0, 1)
	}
}

// calls returns how many URLs were requested.
func (l *simConnector) calls() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.authorized)
}

// A recordingSink keeps what it receives.
type recordingSink struct {
	mu        sync.Mutex
	notices   []watch.Notice
	frames    int
	refreshes int
	state     watch.State
	slow      func() // called for each frame
	drawn     func() // called for each Refresh
}

func (l *recordingSink) Frame(_ time.Time, m *feed.Message) {
	l.mu.Lock()
	l.frames++
	slow := l.slow
	l.mu.Unlock()
	if slow != nil {
		slow()
	}
}

func (l *recordingSink) Notice(n watch.Notice) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.notices = append(l.notices, n)
}

func (l *recordingSink) Refresh(s *watch.State) {
	l.mu.Lock()
	l.refreshes++
	l.state = *s
	l.mu.Unlock()
	if l.drawn != nil {
		l.drawn()
	}
}

// noticesText returns the notices, one line each.
func (l *recordingSink) noticesText() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var b strings.Builder
	for _, n := range l.notices {
		fmt.Fprintf(&b, "%s %-10s %s", n.At.In(market.IST).Format("Mon 15:04:05.000"), n.Kind, n.Text)
		if n.Episode != nil {
			fmt.Fprintf(&b, " [%s %s]", n.Episode.Kind, n.Episode.Finding.Code)
		}
		if n.Pattern != nil {
			fmt.Fprintf(&b, " [%s %v]", n.Pattern.Finding.Code, n.Pattern.Episodes)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (l *recordingSink) count(kind watch.NoticeKind) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, x := range l.notices {
		if x.Kind == kind {
			n++
		}
	}
	return n
}

// first returns the first news of a kind, or none.
func (l *recordingSink) first(kind watch.NoticeKind) watch.Notice {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, x := range l.notices {
		if x.Kind == kind {
			return x
		}
	}
	return watch.Notice{}
}

// A simWatch is a watch of a simulator in virtual time.
type simWatch struct {
	*testing.T
	*simConnector
	*recordingSink
	opts    watch.Options
	serve   sim.ServeOptions
	name    string    // of the scenario; empty is healthy
	from    time.Time // when it begins
	stop    context.CancelFunc
	summary watch.Summary
}

// play runs a watch while act runs. The time begins on a Monday morning unless
// the test sets another.
func play(t *testing.T, set func(*simWatch), act func(*simWatch)) *simWatch {
	t.Helper()
	st := &simWatch{T: t, simConnector: &simConnector{local: "192.0.2.7"}, recordingSink: &recordingSink{}, from: monday, name: "healthy"}
	synctest.Test(t, func(t *testing.T) {
		st.serve.Plain = true
		st.opts.Keys = []string{nifty}
		if set != nil {
			set(st)
		}
		time.Sleep(time.Until(st.from))
		st.simConnector.pipes = sim.NewPipes()
		st.simConnector.rest = &upstox.Client{HTTP: st.simConnector.pipes.Transport(), Base: "http://" + st.simConnector.pipes.Addr().String(), Agent: "test"}
		st.logIn()
		sc, found := sim.Find(st.name)
		if !found {
			t.Fatalf("no scenario %s", st.name)
		}
		serving, end := context.WithCancel(t.Context())
		served := make(chan error, 1)
		go func() { served <- sim.Serve(serving, st.simConnector.pipes, sc, st.serve) }()
		ctx, stop := context.WithCancel(t.Context())
		st.stop = stop
		again := replayTape(t)
		st.opts.Tape = again.also(st.opts.Tape)
		defer func() { again.check(t, st.summary) }()
		held := make(chan struct{})
		go func() {
			defer close(held)
			st.summary = watch.Run(ctx, st.simConnector, st.opts, st.recordingSink)
		}()
		if act != nil {
			act(st)
			stop()
		}
		<-held
		stop()
		end()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return st
}

// wait advances virtual time.
func (st *simWatch) wait(d time.Duration) { time.Sleep(d); synctest.Wait() }

// slowTicks makes prices and refreshes rarer, for watches of many hours.
func (st *simWatch) slowTicks() { st.serve.Tick, st.opts.RefreshEvery = 5*time.Second, 2*time.Second }

// cut ends all connections.
func (st *simWatch) cut() { st.simConnector.pipes.Cut() }

var errDown = &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("no route to host")}
