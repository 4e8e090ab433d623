package login

import (
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// pipeListener is a listener whose connections are pipes, for virtual time.
type pipeListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (m *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-m.conns:
		return c, nil
	case <-m.done:
		return nil, net.ErrClosed
	}
}

func (m *pipeListener) Close() error   { m.once.Do(func() { close(m.done) }); return nil }
func (m *pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

// print connects, says the words, and returns the connection.
func (m *pipeListener) say(words string) net.Conn {
	client, server := net.Pipe()
	m.conns <- server
	io.WriteString(client, words)
	return client
}

// listenInMemory starts a listener in memory.
func listenInMemory(t *testing.T, at string) (*listener, *pipeListener) {
	t.Helper()
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	m := &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
	return serve(newCallback(u, theState, NewLanding("", "")), []net.Listener{m}), m
}

const answerLine = "GET /callback?code=mk404x&state=" + theState + " HTTP/1.1\r\nHost: 127.0.0.1:8710\r\n\r\n"

// TestSlowClients open connections and say little. They lose them, and a
// browser gets through while they try.
func TestSlowClients(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, m := listenInMemory(t, "http://127.0.0.1:8710/callback")
		defer l.server.Close()
		begun := time.Now()
		var slow []net.Conn
		for range 3 * maxConns {
			slow = append(slow, m.say("GET /callback HTTP/1.1\r\nHost: "))
		}
		answer, _ := io.ReadAll(m.say(answerLine))
		if got := <-l.page.results; got.code != "mk404x" || !strings.HasPrefix(string(answer), "HTTP/1.1 303") {
			t.Errorf("took %+v and said %q", got, answer)
		}
		if took := time.Since(begun); took != 0 {
			t.Errorf("the answer waited for %s", took)
		}
		given := len(slow) - maxConns + 1 // way to others
		for i, conn := range slow {
			io.Copy(io.Discard, conn)
			want := readWait
			if i < given {
				want = 0
			}
			if took := time.Since(begun); took != want {
				t.Fatalf("slow client %d loses its connection after %s", i, took)
			}
		}
	})
}
