// Package edge tells who gave an HTTP answer where Upstox's is due: Upstox
// itself, Cloudflare or CloudFront in front of it, a sign-in portal, a filter of
// the network, a proxy, or a server that does not say. It reads status, header
// and body, of REST calls and of the upgrade alike, and claims no more than they
// show.
package edge

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/lazyregexp"
	"upstox-doctor/checks/redact"
)

// An Answer is what came back, from the first byte of the status to the last of
// the body that is known.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte // the beginning is enough
	From   string // the host that was asked
	// Upgrade is true for an answer to the upgrade. The feed's refusals are not
	// documented, so an empty one and a web server's default page may be the
	// feed's. All answers of the API are JSON.
	Upgrade bool
}

// A Verdict says who answered.
type Verdict struct {
	Responder string
	// Kind is what happened, as in catalog.Symptom: of the edge the
	// number of its error ("1009", "1010", "1015", "1020") or "blocked"; of a
	// filter "blocked"; of a portal "html" or "foreign-redirect"; of a server with
	// a 5xx "unavailable"; else "".
	Kind string
	// Name is the maker or product: "Cloudflare", "FortiGuard", "envoy"; "" if
	// the answer names none.
	Name string
	// Category and Reference are for the administrator of the filter: the category
	// of the site and the number of the event, if the block page names them.
	Category, Reference string
}

// Judge decides who answered. The body takes precedence, because Cloudflare adds
// its headers to all answers of Upstox.
func (a Answer) Judge() Verdict {
	if _, ok := ParseEnvelope(a.Body); ok || a.Status >= 400 && cutOff(a.Body) != "" {
		return Verdict{Responder: catalog.ResponderUpstox}
	}
	switch {
	case a.Status == http.StatusNetworkAuthenticationRequired:
		return Verdict{Responder: catalog.ResponderPortal, Kind: catalog.KindHTML}
	case a.Status == http.StatusProxyAuthRequired:
		return Verdict{Responder: catalog.ResponderProxy, Name: a.serverProduct()}
	case a.Status/100 == 3:
		return a.redirect()
	}
	p := readPage(a)
	if v, ok := a.filter(p); ok {
		return v
	}
	if v, ok := a.edge(p); ok {
		return v
	}
	switch {
	case a.Status >= 500:
		if name := a.troubled(p); name != "" {
			return Verdict{Responder: catalog.ResponderProxy, Kind: catalog.KindUnavailable, Name: name}
		}
	case a.portal(p):
		return Verdict{Responder: catalog.ResponderPortal, Kind: catalog.KindHTML}
	}
	return Verdict{Responder: catalog.ResponderOther}
}

// OfUpstox reports whether a host is upstox.com or below it.
func OfUpstox(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	return host == "upstox.com" || strings.HasSuffix(host, ".upstox.com")
}

// redirect tells whether a 3xx answer leaves Upstox, and whether for a filter.
func (a Answer) redirect() Verdict {
	to, err := url.Parse(a.Header.Get("Location"))
	if err != nil || to.Hostname() == "" || strings.EqualFold(to.Hostname(), a.From) || OfUpstox(to.Hostname()) {
		return Verdict{Responder: catalog.ResponderOther}
	}
	place := strings.ToLower(to.Host + to.Path)
	for _, f := range blockPlaces {
		if strings.Contains(place, f.word) {
			return Verdict{Responder: catalog.ResponderFilter, Kind: catalog.KindBlocked, Name: f.name}
		}
	}
	return Verdict{Responder: catalog.ResponderPortal, Kind: catalog.KindForeignRedirect}
}

var (
	// Cloudflare names its errors by number in plain text ("error code: 1010"),
	// on a page ("Error 1015", with tags between the words) and, to clients that
	// accept JSON, as a member and in the title of a problem document:
	// developers.cloudflare.com/changelog/post/2026-03-11-json-rfc9457-responses-for-1xxx-errors.
	numbered = lazyregexp.New(`(?i)\berror(?:[\s_]+code)?["\s:]*(1[012]\d\d)\b`)
	refusal  = lazyregexp.New(`(?i)you have been blocked|attention required!|<title>just a moment`)
	limited  = lazyregexp.New(`(?i)you are being rate limited`)
	// cloudflare is what only Cloudflare's own pages say.
	cloudflare = lazyregexp.New(`(?i)sorry, you have been blocked|attention required! \| cloudflare|used cloudflare to restrict access|cloudflare ray id`)
	// country is how CloudFront refuses a country.
	country = lazyregexp.New(`(?i)configured to block access from your country`)
)

// edge recognises what Cloudflare or CloudFront said themselves. A bare 401 or
// 403 comes through them with the same headers, so below 500 the body has to
// look like theirs as well; a bare 429 may be the feed's own.
func (a Answer) edge(p page) (Verdict, bool) {
	name := edgeName(a.Header)
	if name == "" && p.html && cloudflare.MatchString(p.raw) {
		name = "Cloudflare"
	}
	if a.Status < 400 || name == "" {
		return Verdict{}, false
	}
	v := Verdict{Responder: catalog.ResponderEdge, Name: name}
	code, challenge := "", a.Header.Get("Cf-Mitigated") == "challenge"
	if m := numbered.FindStringSubmatch(p.text); m != nil {
		code = m[1]
	}
	switch {
	case code == "1009", code == "1010", code == "1015", code == "1020":
		v.Kind = code
	case limited.MatchString(p.raw):
		v.Kind = "1015"
	case country.MatchString(p.text):
		v.Kind = "1009"
	case a.Status == http.StatusForbidden, challenge, refusal.MatchString(p.raw):
		v.Kind = catalog.KindBlocked
	}
	own := p.html || code != "" || challenge || v.Kind == "1015"
	return v, own || a.Status >= 500 || a.Status == http.StatusTooManyRequests && !a.Upgrade
}

// edgeName returns the edge that added headers to an answer, or "".
func edgeName(h http.Header) string {
	server := strings.ToLower(h.Get("Server"))
	switch {
	case h.Get("Cf-Ray") != "" || strings.HasPrefix(server, "cloudflare"):
		return "Cloudflare"
	case h.Get("X-Amz-Cf-Id") != "" || server == "cloudfront":
		return "CloudFront"
	}
	return ""
}

// portal reports whether a page takes the place of Upstox's answer. One with 404
// or 410 is a path that no longer exists, on any server. In answer to the upgrade
// an error page counts only if it asks to sign in.
func (a Answer) portal(p page) bool {
	if !p.html || a.Status == http.StatusNotFound || a.Status == http.StatusGone {
		return false
	}
	return !a.Upgrade || a.Status/100 == 2 || p.signIn()
}

// troubled names the server that answers 5xx by itself, without a mark of
// Upstox's edge; "" if it does not say who it is.
func (a Answer) troubled(p page) string {
	nginx := func(line string) bool { return strings.HasPrefix(line, "nginx") }
	switch name := a.serverProduct(); {
	case name != "":
		return name
	case strings.Contains(p.text, "no healthy upstream"), strings.Contains(p.text, "upstream connect error or disconnect/reset"),
		strings.Contains(p.text, "upstream request timeout"):
		return "envoy" // the words of its local replies
	case slices.ContainsFunc(p.lines, nginx):
		return "nginx"
	}
	return ""
}

// serverProduct names the server that made an error, without its version.
func (a Answer) serverProduct() string {
	if a.Header.Get("X-Squid-Error") != "" { // on Squid's own errors only
		return "Squid"
	}
	name, _, _ := strings.Cut(redact.Printable(strings.TrimSpace(a.Header.Get("Server")), 40), "/")
	return strings.TrimSpace(name)
}

// String says who answered, to be read behind the status: " from envoy". It is
// empty if the answer does not tell.
func (v Verdict) String() string {
	switch {
	case v.Responder == catalog.ResponderEdge && v.Kind == catalog.KindBlocked:
		return " from " + v.Name + ", blocked"
	case v.Responder == catalog.ResponderEdge && v.Kind != "":
		return " from " + v.Name + ", error code " + v.Kind
	case v.Responder == catalog.ResponderFilter:
		return v.page()
	case v.Responder == catalog.ResponderProxy && v.Kind == catalog.KindUnavailable:
		return " from " + v.Name + ", without a mark of Upstox or Cloudflare"
	case v.Responder == catalog.ResponderPortal && v.Kind == catalog.KindHTML:
		return " with a web page"
	case v.Name != "":
		return " from " + v.Name
	}
	return ""
}

// page says whose block page it is, and what it names.
func (v Verdict) page() string {
	text := " with a block page"
	if v.Name != "" {
		text = " with the block page of " + v.Name
	}
	var named []string
	if v.Category != "" {
		named = append(named, "category "+v.Category)
	}
	if v.Reference != "" {
		named = append(named, "reference "+v.Reference)
	}
	if len(named) > 0 {
		text += " (" + strings.Join(named, ", ") + ")"
	}
	return text
}
