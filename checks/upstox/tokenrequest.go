package upstox

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// A TokenRequest waits at Upstox for its user to approve it. Upstox then posts a
// token to the app's notifier URL; it does not report a rejection.
type TokenRequest struct {
	Ends     time.Time // by Upstox's clock; zero if not told
	Notifier string    // as it came: its query is often a secret of the app's owner
}

// RequestToken asks Upstox to ask the app's owner for a token. Each call shows
// the owner another question, so it is sent once. A good answer has no body, as
// that holds the notifier URL.
func (c *Client) RequestToken(ctx context.Context, key, secret string) (TokenRequest, Response) {
	body, _ := json.Marshal(map[string]string{"client_secret": secret}) // text cannot fail
	a := c.post(ctx, postRequest{requestPath + "/" + url.PathEscape(key), requestPath, "application/json", string(body), secret})
	a.redactBody(secret)
	a.checkStatus()
	var data struct {
		Ends     json.RawMessage `json:"authorization_expiry"` // milliseconds, as text
		Notifier string          `json:"notifier_url"`
	}
	if !a.decode(&data) {
		return TokenRequest{}, a
	}
	a.Body, a.envelope.Data = nil, nil
	r := TokenRequest{Notifier: strings.TrimSpace(data.Notifier)}
	if ms, err := strconv.ParseInt(strings.Trim(string(data.Ends), `"`), 10, 64); err == nil && ms > 0 {
		r.Ends = time.UnixMilli(ms)
	}
	return r, a
}
