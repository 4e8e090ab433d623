package serve

import (
	"context"
	"crypto/rand"
	"io"
	"net"
	"net/http"
	"time"
)

const joinWait = 2 * time.Second

// Join returns the ledger of the server of the same user and directory that
// listens at the address already, and where that is in numbers; nil if that is none. A
// program of somebody else that has taken the port cannot pass for it, nor one that has
// taken it at another address which a name means as well.
func Join(ctx context.Context, address, path string) (*Ledger, string) {
	l := &Ledger{path: path, now: time.Now}
	if l.catchUp() != nil {
		return nil, ""
	}
	for _, e := range l.entries {
		if e.Kind == kindServer {
			l.secret = e.Secret
		}
	}
	if l.secret == "" {
		return nil, ""
	}
	ctx, cancel := context.WithTimeout(ctx, joinWait)
	defer cancel()
	nonce := rand.Text()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/session?nonce="+nonce, nil)
	if err != nil {
		return nil, ""
	}
	var reached net.Addr
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err == nil {
			reached = conn.RemoteAddr()
		}
		return conn, err
	}
	client := &http.Client{Transport: &http.Transport{Proxy: nil, DisableKeepAlives: true, DialContext: dial}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	a, err := client.Do(req)
	if err != nil {
		return nil, ""
	}
	defer a.Body.Close()
	said, err := io.ReadAll(io.LimitReader(a.Body, 1<<10))
	if err != nil || !equal(string(said), l.answer(nonce, reached)) {
		return nil, ""
	}
	return l, reached.String()
}
