package serve

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// guardHeaders keep an answer to the page that asked for it.
var guardHeaders = map[string]string{
	"Cache-Control":                "no-store",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "no-referrer",
	"Content-Security-Policy":      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	"X-Frame-Options":              "DENY",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
}

// guard keeps pages of other origins out, which a browser lets reach this
// machine's own addresses: under a name of their own, or by requests that they
// cannot read the answer of.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range guardHeaders {
			w.Header().Set(name, value)
		}
		if !s.Public && !Loopback(hostOf(r.Host)) {
			http.Error(w, "this name is not served", http.StatusMisdirectedRequest)
			return
		}
		if !isOwn(r) {
			http.Error(w, "another site asked for this", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isOwn reports whether the request came from a page of this origin, from a
// program, or from a user who opens an address in a tab. Other origins may lead a
// tab here, as a link in a chat does, and nothing else: not to a stream of events, of
// which there are few. A browser that sends no Sec-Fetch headers sends Origin where
// it matters.
func isOwn(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host {
		return false
	}
	site, mode, dest := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Sec-Fetch-Mode"), r.Header.Get("Sec-Fetch-Dest")
	if slices.Contains([]string{"", "same-origin", "none"}, site) {
		return true
	}
	return r.Method == http.MethodGet && r.URL.Path != "/events" && mode == "navigate" && dest == "document"
}

// Loopback reports whether the host, without a port, is this machine alone.
func Loopback(host string) bool {
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || err == nil && addr.Unmap().IsLoopback()
}

func hostOf(hostPort string) string {
	if host, _, err := net.SplitHostPort(hostPort); err == nil {
		return host
	}
	return hostPort
}
