// Package upstox asks Upstox's REST API and reports who answered, and what.
// It never decides what an answer means.
package upstox

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"upstox-doctor/checks/redact"
)

// maxBodySize is the most that is read of a body, in bytes, after
// decompression. The longest answer that is asked for, the holidays of a
// year, takes about 10 KiB.
const maxBodySize = 1 << 20

// A Client calls the API. It follows no redirect, so that nothing but the
// host of Base ever sees a token, and so that the redirect itself can be
// reported.
type Client struct {
	HTTP  http.RoundTripper // nil: http.DefaultTransport
	Base  string            // scheme and host, "https://api.upstox.com"
	Agent string            // User-Agent; Cloudflare refuses some clients by it
	// Observe is called with the Response of each get, also if there was none;
	// optional.
	Observe func(Response)
}

// Host is the host of Base.
func (c *Client) Host() string {
	u, err := url.Parse(c.Base)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// get asks for a path, given with its query already encoded. An empty token
// sends no Authorization. It returns when the whole answer is there, the body
// has grown too long, or the context ends.
func (c *Client) get(ctx context.Context, target, token string) Response {
	path, _, _ := strings.Cut(target, "?")
	a := Response{Method: http.MethodGet, Path: path}
	start := time.Now()
	req, err := c.request(ctx, target, token)
	if err == nil {
		err = a.do(c.HTTP, req, token)
	}
	a.Err = explain(ctx, err, token)
	a.Took, a.read = time.Since(start), time.Now()
	a.checkStatus()
	if c.Observe != nil {
		c.Observe(a)
	}
	return a
}

func (c *Client) request(ctx context.Context, target, token string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(c.Base, "/")+target, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	if c.Agent != "" {
		req.Header.Set("User-Agent", c.Agent)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return req, nil
}

// do sends the request and keeps what comes back, without the token: a
// server may echo what it was sent.
func (r *Response) do(rt http.RoundTripper, req *http.Request, token string) error {
	rt = cmp.Or(rt, http.DefaultTransport)
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return err
	}
	if resp.Body == nil {
		resp.Body = http.NoBody
	}
	defer resp.Body.Close()
	r.from = req.URL.Hostname()
	r.Status, r.Header = resp.StatusCode, withoutToken(resp.Header, token)
	r.Date, _ = http.ParseTime(r.Header.Get("Date"))
	r.redirect(req.URL)
	// A redirect says all in its Location, and a switch of protocols has no
	// body that ends.
	if r.Status < 200 || r.Status/100 == 3 {
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBodySize+1))
	long := len(body) > maxBodySize
	if long {
		body, r.schemaError = body[:maxBodySize], fmt.Sprintf("the body is longer than %d KiB", maxBodySize>>10)
	}
	r.Body = []byte(stripToken(string(body), token))
	if err == nil && !long {
		// The transport hangs up when the context ends. A server that sees this
		// may still end its body in good form, cut short as it is.
		err = req.Context().Err()
	}
	return err
}

func withoutToken(h http.Header, token string) http.Header {
	h = h.Clone()
	for _, values := range h {
		for i := range values {
			values[i] = stripToken(values[i], token)
		}
	}
	return h
}

// redirect notes where a 3xx answer points.
func (r *Response) redirect(from *url.URL) {
	location := r.Header.Get("Location")
	if r.Status/100 != 3 || location == "" {
		return
	}
	to, err := from.Parse(location)
	if err != nil {
		r.Location = "a place that is not a URL"
		return
	}
	r.Location = redact.Line((&url.URL{Scheme: to.Scheme, Host: to.Host, Path: to.Path}).String(), maxTextLength)
}
