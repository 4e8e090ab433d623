package feed

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"

	"github.com/gorilla/websocket"
)

// Options say where the feed is and how to connect to it.
type Options struct {
	// URL is the one-time address from authorize, wss or ws. Its query is the
	// authorization, so no error contains it.
	URL string
	// Conn returns a connection to the URL's host: for wss after the TLS
	// handshake, for ws plain. Open owns it from then on.
	Conn  func(ctx context.Context) (net.Conn, error)
	Agent string // User-Agent
}

// Open performs the WebSocket handshake once. It follows no redirect and does
// not retry, because the URL can be used once only. It sends no Authorization
// header, since the code in the URL is the authorization.
//
// If there is no connection, the error is that of Options.Conn, wrapped; if
// the handshake does not succeed, it is a *Refusal. The context governs Open
// only, and both its deadline and its cancellation end it at once; the Stream
// lives until Close.
func Open(ctx context.Context, o Options) (*Stream, error) {
	u, err := url.Parse(o.URL)
	if err != nil {
		return nil, errors.New("feed URL: cannot be parsed") // the parser's error would quote it
	}
	if u.Scheme != "wss" && u.Scheme != "ws" || u.Host == "" || u.User != nil {
		return nil, errors.New("feed URL: not of the form wss://host/path")
	}
	conn, err := o.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to the feed: %w", err)
	}
	v := newURLRedactor(u)
	g := &handshakeConn{Conn: conn}
	dial := func(context.Context, string, string) (net.Conn, error) { return g, nil }
	dialer := websocket.Dialer{
		NetDialContext:    dial,
		NetDialTLSContext: dial,
		WriteBufferSize:   maxRequestSize, // so that a request is one frame
		WriteBufferPool:   &sync.Pool{},
	}
	// The dialer obeys deadlines but not cancellation, so it gets neither.
	stop := context.AfterFunc(ctx, g.interrupt)
	ws, answer, err := dialer.DialContext(context.WithoutCancel(ctx), u.String(), http.Header{"User-Agent": {o.Agent}})
	var page []byte
	if err != nil {
		page = g.refused()
	}
	if !stop() {
		if err == nil {
			ws.Close()
			answer = nil
		}
		if answer == nil {
			err = ctx.Err() // not the timeout that the interruption caused
		}
	}
	if err != nil {
		return nil, refusal(answer, page, err, v)
	}
	return newStream(ws, v), nil
}
