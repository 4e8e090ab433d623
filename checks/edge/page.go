package edge

import (
	"bytes"
	"mime"
	"net/http"
	"strings"

	"upstox-doctor/checks/lazyregexp"
	"upstox-doctor/checks/redact"
)

// maxPage is how much of a body is read, in bytes. A FortiGate puts 5 KiB of
// styles before the first word of its page.
const maxPage = 64 << 10

// A page is a body, prepared for reading.
type page struct {
	raw   string   // as it came
	lines []string // its words, without markup, a line for each piece between two tags
	text  string   // the lines, joined by spaces
	html  bool
}

var (
	// unseen is what a browser does not show, to its end or that of a cut body.
	unseen = lazyregexp.New(`(?is)<style\b.*?(?:</style>|$)|<script\b.*?(?:</script>|$)|<!--.*?(?:-->|$)`)
	tag    = lazyregexp.New(`<[^>]*(?:>|$)`)
	entity = strings.NewReplacer("&nbsp;", " ", "&amp;", "&", "&#39;", "'", "&quot;", `"`, "&lt;", "<", "&gt;", ">")
)

func readPage(a Answer) page {
	p := page{raw: string(a.Body[:min(len(a.Body), maxPage)]), html: HTML(a.Header, a.Body)}
	shown := p.raw
	if p.html {
		shown = tag.ReplaceAllString(unseen.ReplaceAllString(shown, "\n"), "\n")
	}
	for line := range strings.SplitSeq(shown, "\n") {
		if line = strings.Join(strings.Fields(entity.Replace(line)), " "); line != "" {
			p.lines = append(p.lines, line)
		}
	}
	p.text = strings.Join(p.lines, " ")
	return p
}

// Words returns what a body says, without markup and what a browser hides, on one
// line of at most limit characters.
func Words(h http.Header, body []byte, limit int) string {
	return redact.Printable(readPage(Answer{Header: h, Body: body}).text, limit)
}

// HTML reports whether a body is a web page, by its type or its first byte.
func HTML(h http.Header, body []byte) bool {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	if len(body) == 0 {
		return false
	}
	media, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	return media == "text/html" || media == "application/xhtml+xml" || body[0] == '<'
}

var (
	askLogin = lazyregexp.New(`(?i)\bsign(?:ing)?[ -]?in\b|\blog(?:ging)?[ -]?(?:in|on)\b|captive|hotspot|wi-?fi\b|accept (?:the|our) terms|voucher`)
	password = lazyregexp.New(`(?i)<input[^>]*type=["']?password`)
	// stock is the whole of a server's built-in error page: nginx, envoy and load
	// balancers say status, name and version, Apache, Tomcat, Spring and
	// LiteSpeed a sentence more.
	stock = lazyregexp.New(`(?i)^(?:[\W\d]|error|http status|forbidden|nginx|openresty|envoy|tengine|caddy|litespeed|awselb|unavailable for legal reasons` +
		`|apache(?: tomcat)?|\((?:ubuntu|debian|unix)\)|server at \S+ port|you don't have permission to access \S+(?: resource)?(?: on this server)?` +
		`|type|status report|description|the server understood the request but refuses to authorize it` +
		`|whitelabel error page|this application has no explicit mapping for /error, so you are seeing this as a fallback|there was an unexpected error|status=` +
		`|access to this resource on the server is denied)*$`)
)

func (p page) signIn() bool { return askLogin.MatchString(p.text) || password.MatchString(p.raw) }
