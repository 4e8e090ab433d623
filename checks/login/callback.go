package login

import (
	"cmp"
	"crypto/subtle"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
)

// A callback is the page at the redirect URI. It takes one answer of Upstox
// and tells all others the same: that there is nothing here.
type callback struct {
	hosts []string // as the Host header may name us
	path  string   // escaped, as it is registered
	state string

	landing       *Landing // at the address without its query, after the answer
	answered      atomic.Bool
	results       chan callbackResult // one
	foreignStates chan struct{}       // told of answers with a foreign state
}

type callbackResult struct {
	code string
	err  error
}

func newCallback(at *url.URL, state string, landing *Landing) *callback {
	hosts := []string{at.Host}
	switch at.Port() {
	case "":
		hosts = append(hosts, at.Host+":80")
	case "80":
		hosts = append(hosts, strings.TrimSuffix(at.Host, ":80"))
	}
	return &callback{
		hosts: hosts, path: cmp.Or(at.EscapedPath(), "/"), state: state, landing: landing,
		results: make(chan callbackResult, 1), foreignStates: make(chan struct{}, 1),
	}
}

const notFoundPage = "<!DOCTYPE html><html lang=\"en\"><title>Nothing here</title><p>Nothing here.</p></html>\n"

// headers keep the address and the page to this one tab.
var headers = map[string]string{
	"Cache-Control":                "no-store",
	"Referrer-Policy":              "no-referrer",
	"Content-Security-Policy":      "default-src 'none'; style-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Content-Type":                 "text/html; charset=utf-8",
	"Connection":                   "close",
}

func (c *callback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for name, value := range headers {
		w.Header().Set(name, value)
	}
	if c.isOurHost(r) {
		switch {
		case r.URL.RawQuery == "" && c.answered.Load():
			policy := w.Header().Get("Content-Security-Policy")
			w.Header().Set("Content-Security-Policy", strings.Replace(policy, "style-src 'none'", "style-src "+c.landing.styleSource, 1))
			c.landing.serve(w, r)
			return
		case c.accept(r):
			// Another entry in the history would keep the code: a redirect
			// takes the place of its address.
			w.Header().Set("Location", c.path)
			w.WriteHeader(http.StatusSeeOther)
			return
		}
	}
	w.WriteHeader(http.StatusNotFound)
	io.WriteString(w, notFoundPage)
}

// isOurHost reports whether a browser may have been sent here by Upstox: the
// registered path, and a navigation of a tab rather than a call by a script. A
// Host of another name is a page that has bent its own name to this machine.
func (c *callback) isOurHost(r *http.Request) bool {
	named := false
	for _, h := range c.hosts {
		named = named || strings.EqualFold(r.Host, h)
	}
	path, _, _ := strings.Cut(r.RequestURI, "?")
	mode, dest := r.Header.Get("Sec-Fetch-Mode"), r.Header.Get("Sec-Fetch-Dest")
	return named && r.Method == http.MethodGet && path == c.path &&
		r.ContentLength == 0 && len(r.TransferEncoding) == 0 &&
		(mode == "" || mode == "navigate") && (dest == "" || dest == "document")
}

// accept takes the answer if it is the one of this login, and reports whether
// its address is to be replaced by the clean one. That is so for a second tab of
// this login too, whose answer is not used.
func (c *callback) accept(r *http.Request) bool {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || !values.Has("code") && !values.Has("error") {
		return false
	}
	state := values["state"]
	if len(state) != 1 || subtle.ConstantTimeCompare([]byte(state[0]), []byte(c.state)) != 1 {
		select {
		case c.foreignStates <- struct{}{}:
		default: // one is waiting to be told of
		}
		return false
	}
	if c.answered.CompareAndSwap(false, true) {
		code, err := parseRedirect(values, c.state)
		c.results <- callbackResult{code, err}
	}
	return true
}
