package edge

import (
	"bytes"
	"mime"
	"net/http"
	"regexp"
	"strings"

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
	unseen = regexp.MustCompile(`(?is)<style\b.*?(?:</style>|$)|<script\b.*?(?:</script>|$)|<!--.*?(?:-->|$)`)
	tag    = regexp.MustCompile(`<[^>]*(?:>|$)`)
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
	askLogin = regexp.MustCompile(`(?i)\bsign(?:ing)?[ -]?in\b|\blog(?:ging)?[ -]?(?:in|on)\b|captive|hotspot|wi-?fi\b|accept (?:the|our) terms|voucher`)
	password = regexp.MustCompile(`(?i)<input[^>]*type=["']?password`)
	// stock is the whole of a web server's built-in error page: status, name and
	// version.
	stock = regexp.MustCompile(`(?i)^(?:[\W\d]|error|forbidden|nginx|openresty|envoy|apache|tengine|caddy|litespeed|awselb|unavailable for legal reasons)*$`)
)

func (p page) signIn() bool { return askLogin.MatchString(p.text) || password.MatchString(p.raw) }
