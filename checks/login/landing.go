package login

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// A Landing is the page that the browser lands on. It begins at once, and ends
// with the login; what lies between the two is the wait of one request. It needs
// no script, and a browser that is gone is not waited for.
type Landing struct {
	begin, styleSource string

	listener *listener     // nil without one
	ended    chan struct{} // closed when rest is set
	rest     string
	shown    chan struct{} // closed when the whole page was written once
	wrote    atomic.Bool
}

// NewLanding returns a page with the HTML that the browser gets at once, and the
// source of its style in the words of a Content-Security-Policy; both may be
// empty.
func NewLanding(begin, styleSource string) *Landing {
	return &Landing{
		begin: cmp.Or(begin, plainPage), styleSource: cmp.Or(styleSource, "'none'"),
		ended: make(chan struct{}), shown: make(chan struct{}),
	}
}

// plainPage is the beginning of a page of which nothing else is known.
const plainPage = "<!DOCTYPE html><html lang=\"en\"><title>Back to the terminal</title><p>You can close this tab and go back to the terminal.</p>\n"

// Bounds of a page that waits for the end of its login.
const (
	// landingWait is more than the calls after the user's part take.
	landingWait = 2 * (exchangeWait + probeWait)
	// shutdownWait is how long the browser may take for the page when the login
	// has ended, and interruptedWait when its user has stopped it.
	shutdownWait    = 2 * time.Second
	interruptedWait = shutdownWait / 8
)

// serve writes the page; its end comes with that of the login.
func (p *Landing) serve(w http.ResponseWriter, r *http.Request) {
	conn, until := http.NewResponseController(w), time.Now().Add(landingWait)
	conn.SetReadDeadline(until)
	conn.SetWriteDeadline(until)
	io.WriteString(w, p.begin)
	conn.Flush()
	select {
	case <-p.ended:
	case <-r.Context().Done():
		return
	}
	io.WriteString(w, p.rest)
	if conn.Flush() == nil && p.wrote.CompareAndSwap(false, true) {
		close(p.shown)
	}
}

// End ends the page with the HTML. A browser that has landed gets its moment to
// fetch it; then nothing listens any more.
func (p *Landing) End(ctx context.Context, rest string) {
	p.rest = rest
	close(p.ended)
	if p.listener == nil {
		return
	}
	if p.listener.page.answered.Load() {
		wait := shutdownWait
		if errors.Is(ctx.Err(), context.Canceled) {
			wait = interruptedWait
		}
		select {
		case <-p.shown:
		case <-time.After(wait):
		}
		// The page is handed to the connection, but may not have left it.
		shutdown, cancel := context.WithTimeout(context.Background(), interruptedWait)
		defer cancel()
		p.listener.server.Shutdown(shutdown)
	}
	p.listener.server.Close()
}
