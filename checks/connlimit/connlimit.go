// Package connlimit bounds what the clients of an HTTP server for a browser on this
// machine may take. One client cannot keep out the others: beyond the limit the
// oldest connection that no handler works for, or waits to read from, is closed
// instead of letting the newest wait.
package connlimit

import (
	"context"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
)

// MaxHeader bounds the header of a request, in bytes; net/http adds 4 KiB. A browser
// needs a fraction of it, but sends the cookies of all ports of this machine, which
// other programs set.
const MaxHeader = 256 << 10

// A Limit is that of one server, on all of its listeners.
type Limit struct {
	most int
	mu   sync.Mutex
	open []*conn // the oldest first
}

// Apply sets the limits for the server, whose Handler is set already. The
// listeners that it serves are to be those of Listener.
func Apply(server *http.Server, most int) *Limit {
	l := &Limit{most: most}
	server.MaxHeaderBytes = MaxHeader
	next := server.Handler
	server.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, connKey{}, c)
	}
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, ok := r.Context().Value(connKey{}).(*conn); ok {
			c.setBusy(r.ContentLength == 0)
			defer c.setBusy(false)
			r.Body = &body{r.Body, c}
		}
		next.ServeHTTP(w, r)
	})
	return l
}

type connKey struct{}

// A body is that of a request. Until its end has come the client may be one that
// sends nothing more.
type body struct {
	io.ReadCloser
	conn *conn
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF {
		b.conn.setBusy(true)
	}
	return n, err
}

// Listener returns the listener with the limit.
func (l *Limit) Listener(ln net.Listener) net.Listener { return &listener{ln, l} }

type listener struct {
	net.Listener
	limit *Limit
}

// Accept never waits for another connection to end.
func (ln *listener) Accept() (net.Conn, error) {
	c, err := ln.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return ln.limit.add(c), nil
}

// add notes a connection and closes the one that is too many: itself, if a handler
// works for each of the others.
func (l *Limit) add(c net.Conn) net.Conn {
	added := &conn{Conn: c, limit: l}
	l.mu.Lock()
	l.open = append(l.open, added)
	var surplus *conn
	if len(l.open) > l.most {
		surplus = l.open[slices.IndexFunc(l.open, func(c *conn) bool { return !c.busy })]
	}
	l.mu.Unlock()
	if surplus != nil {
		surplus.Close()
	}
	return added
}

type conn struct {
	net.Conn
	limit *Limit
	busy  bool // a handler works for it, and has its whole request
}

// CloseWrite lets the server end its answer before it closes, so that a client
// that is still sending reads the answer and no reset.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

func (c *conn) setBusy(busy bool) {
	c.limit.mu.Lock()
	defer c.limit.mu.Unlock()
	c.busy = busy
}

func (c *conn) Close() error {
	l := c.limit
	l.mu.Lock()
	l.open = slices.DeleteFunc(l.open, func(x *conn) bool { return x == c })
	l.mu.Unlock()
	return c.Conn.Close()
}
