package watch_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"upstox-doctor/fixtures/sim"
)

// What a fault does to a direction of a connection.
const (
	cutting   = "cut"   // its reader gets io.EOF
	resetting = "reset" // both ends get a reset
	stalling  = "stall" // nothing arrives any more, without an error
)

// A fault affects one direction of one connection after a number of bytes.
type fault struct {
	conn  int  // which one, counted from one; zero for none
	up    bool // from the client to the server, else the way back
	after int
	how   string
}

func (f fault) String() string {
	if f.conn == 0 {
		return "no fault"
	}
	way := "to the client"
	if f.up {
		way = "to the server"
	}
	return fmt.Sprintf("%s after byte %d of connection %d %s", f.how, f.after, f.conn, way)
}

// faultDialer are pipes of which one has a fault. It records what passes.
// Connections are made one after the other.
type faultDialer struct {
	*sim.Pipes
	fault     fault
	triggered func() // called when the fault takes effect

	mu       sync.Mutex
	links    []*link
	accepted int
}

// A link is the state shared by both ends of a connection.
type link struct {
	reset    atomic.Bool
	left     atomic.Bool // by the client
	up, down bytes.Buffer
}

// Dial returns the client's end, whose reader is the way down.
func (f *faultDialer) Dial(ctx context.Context) (net.Conn, error) {
	f.mu.Lock()
	l := &link{}
	f.links = append(f.links, l)
	n := len(f.links)
	f.mu.Unlock()
	conn, err := f.Pipes.Dial(ctx)
	if err != nil {
		return nil, err
	}
	return f.end(conn, l, n, false), nil
}

// Accept returns the server's end, whose reader is the way up.
func (f *faultDialer) Accept() (net.Conn, error) {
	conn, err := f.Pipes.Accept()
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.accepted++
	return f.end(conn, f.links[f.accepted-1], f.accepted, true), nil
}

func (f *faultDialer) end(conn net.Conn, l *link, n int, up bool) *end {
	e := &end{Conn: conn, link: l, seen: &l.down}
	if up {
		e.seen = &l.up
	}
	e.void, _ = net.Pipe()
	if f.fault.conn == n && f.fault.up == up {
		e.how, e.left, e.notify = f.fault.how, f.fault.after, sync.OnceFunc(f.triggered)
	}
	return e
}

// An end of a connection reads until its fault takes effect.
type end struct {
	net.Conn
	link   *link
	seen   *bytes.Buffer
	how    string   // empty for no fault
	left   int      // bytes until then
	void   net.Conn // from which nothing ever comes
	notify func()
}

func (e *end) Read(b []byte) (int, error) {
	if e.how != "" && e.left == 0 {
		return e.trigger(b)
	}
	if e.how != "" {
		b = b[:min(len(b), e.left)]
	}
	n, err := e.Conn.Read(b)
	e.seen.Write(b[:n])
	e.left -= n
	if err == io.EOF && e.link.reset.Load() {
		err = errReset
	}
	return n, err
}

func (e *end) trigger(b []byte) (int, error) {
	e.notify()
	switch e.how {
	case cutting:
		return 0, io.EOF
	case resetting:
		e.link.reset.Store(true)
		return 0, errReset
	}
	return e.void.Read(b)
}

var errReset = &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}

func (e *end) Write(b []byte) (int, error) {
	if e.link.reset.Load() {
		return 0, errReset
	}
	return e.Conn.Write(b)
}

func (e *end) Close() error {
	if e.seen == &e.link.down {
		e.link.left.Store(true)
	}
	e.void.Close()
	return e.Conn.Close()
}

func (e *end) SetReadDeadline(t time.Time) error {
	e.void.SetReadDeadline(t)
	return e.Conn.SetReadDeadline(t)
}

func (e *end) SetDeadline(t time.Time) error {
	e.void.SetReadDeadline(t)
	return e.Conn.SetDeadline(t)
}
