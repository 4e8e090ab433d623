package login

import (
	"cmp"
	"crypto/subtle"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"upstox-doctor/checks/network"
)

// A callback is the page at the redirect URI. It takes one answer of Upstox
// and tells all others the same: that there is nothing here.
type callback struct {
	hosts []string // as the Host header may name us
	path  string   // escaped, as it is registered
	state string
	users network.Users // whose programs may bring it

	landing  *Landing // at the address without its query, after the answer
	answered atomic.Bool
	results  chan callbackResult // one
	rejected chan rejection      // told of answers that are not used
}

// A rejection is why an answer was not used.
type rejection string

const (
	otherLogin rejection = "another login"
	otherUser  rejection = "another user of this machine"
)

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
		hosts: hosts, path: cmp.Or(at.EscapedPath(), "/"), state: state, landing: landing, users: network.SamePerson(),
		results: make(chan callbackResult, 1), rejected: make(chan rejection, 1),
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
		case r.URL.RawQuery == "" && c.answered.Load() && !c.users.SentByOther(r):
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

// reject tells of an answer, unless one is waiting to be told of.
func (c *callback) reject(why rejection) {
	select {
	case c.rejected <- why:
	default:
	}
}

// accept takes the answer if it is the one of this login, and brought by a program
// of its user, and reports whether its address is to be replaced by the clean one.
// That is so for a second tab of this login too, whose answer is not used.
func (c *callback) accept(r *http.Request) bool {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || !values.Has("code") && !values.Has("error") {
		return false
	}
	state := values["state"]
	if len(state) != 1 || subtle.ConstantTimeCompare([]byte(state[0]), []byte(c.state)) != 1 {
		c.reject(otherLogin)
		return false
	}
	if c.users.SentByOther(r) {
		c.reject(otherUser)
		return false
	}
	if c.answered.CompareAndSwap(false, true) {
		code, err := parseRedirect(values, c.state)
		c.results <- callbackResult{code, err}
	}
	return true
}
