package upstox

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/edge"
)

// The addresses of the login. The first is for a browser, and the last is
// called with the API key behind it.
const (
	dialogPath   = "/v2/login/authorization/dialog"
	exchangePath = "/v2/login/authorization/token"
	requestPath  = "/v3/login/auth/token/request"
)

// DialogURL is the page on which a user logs in for an app. Base is scheme and
// host of Upstox.
func DialogURL(base, key, redirect, state string) string {
	q := url.Values{"client_id": {key}, "redirect_uri": {redirect}, "response_type": {"code"}, "state": {state}}
	return strings.TrimSuffix(base, "/") + dialogPath + "?" + q.Encode()
}

// Dialog asks for the login page as a browser would, without following where
// it leads: of a key or redirect that Upstox does not know, it complains at once.
func (c *Client) Dialog(ctx context.Context, key, redirect, state string) Response {
	return c.get(ctx, DialogURL("", key, redirect, state), "")
}

// A Code is an authorization code, with all that it takes to exchange it.
type Code struct{ Code, Key, Secret, Redirect string }

// An ExchangeResult is what a code was exchanged for.
type ExchangeResult struct {
	Token  string
	Active bool // false if the account is dormant
}

// Exchange gives the code for a token. The code is spent by it, whatever comes
// back, so the request is sent once. The answer holds none of the secrets.
func (c *Client) Exchange(ctx context.Context, code Code) (ExchangeResult, Response) {
	form := url.Values{
		"code": {code.Code}, "client_id": {code.Key}, "client_secret": {code.Secret},
		"redirect_uri": {code.Redirect}, "grant_type": {"authorization_code"},
	}
	a := c.post(ctx, postRequest{exchangePath, exchangePath, "application/x-www-form-urlencoded", form.Encode(), code.Secret})
	login, whole := a.parseLogin()
	a.redactBody(code.Code, code.Secret)
	a.checkStatus()
	if whole {
		a.Responder, a.By, a.schemaError, a.Body = catalog.ResponderUpstox, edge.Verdict{Responder: catalog.ResponderUpstox}, "", nil
	}
	return login, a
}

// A postRequest call changes something at Upstox and holds the API secret.
type postRequest struct {
	target, path string // where to, and how the answer names it
	mime, body   string
	secret       string
}

// post makes the call, once: a body that can be had again would let the
// transport send it again. The answer is not judged yet, and may hold secrets
// that redactBody takes out.
func (c *Client) post(ctx context.Context, p postRequest) Response {
	a := Response{Method: http.MethodPost, Path: p.path}
	start := time.Now()
	get, err := c.request(ctx, p.target, "")
	if err == nil {
		var req *http.Request
		if req, err = http.NewRequestWithContext(ctx, http.MethodPost, get.URL.String(), strings.NewReader(p.body)); err == nil {
			req.GetBody, req.Header = nil, get.Header
			req.Header.Set("Content-Type", p.mime)
			err = a.do(c.HTTP, req, p.secret)
		}
	}
	a.Err = explain(ctx, err, p.secret)
	a.Took, a.read = time.Since(start), time.Now()
	return a
}

// parseLogin reads the one answer of the API that has no envelope, and reports
// whether it is whole.
func (r *Response) parseLogin() (ExchangeResult, bool) {
	var body struct {
		Token  string `json:"access_token"`
		Active *bool  `json:"is_active"`
	}
	if r.Err != nil || r.Status/100 != 2 || json.Unmarshal(r.Body, &body) != nil || strings.TrimSpace(body.Token) == "" {
		return ExchangeResult{}, false
	}
	return ExchangeResult{strings.TrimSpace(body.Token), body.Active == nil || *body.Active}, true
}

// redactBody takes secrets out of what came back. A code is shorter than what
// stripToken would take for a secret.
func (r *Response) redactBody(secrets ...string) {
	var pairs []string
	for _, s := range secrets {
		if len(s) >= 4 {
			pairs = append(pairs, s, "[secret]", url.QueryEscape(s), "[secret]")
		}
	}
	replacer := strings.NewReplacer(pairs...)
	r.Body, r.Location = []byte(replacer.Replace(string(r.Body))), replacer.Replace(r.Location)
	for _, values := range r.Header {
		for i := range values {
			values[i] = replacer.Replace(values[i])
		}
	}
	if r.Err != nil {
		r.Err = &requestError{replacer.Replace(r.Err.Error()), r.Err}
	}
}
