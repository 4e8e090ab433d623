package upstox

import (
	"bytes"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// edge reports whether Cloudflare or CloudFront made this answer itself. Both
// add their headers to whatever Upstox says, so below 500 the body has to look
// like theirs as well: a bare 401 or 403 of Upstox's feed gate comes through
// them with the same headers.
func (a Answer) edge() bool {
	if a.Status < 400 || a.edgeName() == "" {
		return false
	}
	return a.Status >= 500 || a.Status == http.StatusTooManyRequests ||
		a.page() || a.edgeCode() != "" || a.challenge()
}

// edgeName returns whose headers the answer bears, or "".
func (a Answer) edgeName() string {
	server := strings.ToLower(a.Header.Get("Server"))
	switch {
	case a.Header.Get("Cf-Ray") != "" || strings.HasPrefix(server, "cloudflare"):
		return "Cloudflare"
	case a.Header.Get("X-Amz-Cf-Id") != "" || server == "cloudfront":
		return "CloudFront"
	}
	return ""
}

var (
	tag = regexp.MustCompile(`<[^>]*>`)
	// Cloudflare names its errors by number in plain text ("error code: 1010"),
	// on a page ("Error 1015", with tags between the words) and, to clients that
	// accept JSON, as a member and in the title of a problem document:
	// developers.cloudflare.com/changelog/post/2026-03-11-json-rfc9457-responses-for-1xxx-errors.
	numbered = regexp.MustCompile(`(?i)\berror(?:[\s_]+code)?["\s:]*(1[012]\d\d)\b`)
	refusal  = regexp.MustCompile(`(?i)you have been blocked|attention required!|<title>just a moment`)
	limited  = regexp.MustCompile(`(?i)you are being rate limited`)
)

// pageLimit is how much of a body is searched for the edge's words, in bytes.
const pageLimit = 64 << 10

// edgeCode returns Cloudflare's error number in the body, or "".
func (a Answer) edgeCode() string {
	start := a.Body[:min(len(a.Body), pageLimit)]
	if m := numbered.FindSubmatch(tag.ReplaceAll(start, []byte(" "))); m != nil {
		return string(m[1])
	}
	return ""
}

// edgeKind returns "1010", "1015" or "1020" as the body says, "blocked" for any
// other refusal, and "" for what is not one, such as 502.
func (a Answer) edgeKind() string {
	start := a.Body[:min(len(a.Body), pageLimit)]
	switch code := a.edgeCode(); {
	case code == "1010" || code == "1015" || code == "1020":
		return code
	case limited.Match(start):
		return "1015"
	case a.Status == http.StatusForbidden || a.challenge() || refusal.Match(start):
		return "blocked"
	}
	return ""
}

// challenge reports whether Cloudflare wants a browser to solve something.
func (a Answer) challenge() bool { return a.Header.Get("Cf-Mitigated") == "challenge" }

// page reports whether the body is a web page, by its type or its first byte.
func (a Answer) page() bool {
	body := bytes.TrimSpace(bytes.TrimPrefix(a.Body, []byte("\ufeff")))
	if len(body) == 0 {
		return false
	}
	media := a.media()
	return media == "text/html" || media == "application/xhtml+xml" || body[0] == '<'
}

func (a Answer) media() string {
	media, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	return media
}

// portal reports whether a web page stands where JSON belongs, as a captive
// portal or a filtering proxy puts it: with 200, 302 or 511, and also with 403
// or 407. A page with another 5xx is a server in trouble, and one with 404 or
// 410 a path that is gone, whoever serves it.
func (a Answer) portal() bool {
	switch {
	case a.Status == http.StatusNetworkAuthenticationRequired:
		return true
	case a.Status == http.StatusNotFound || a.Status == http.StatusGone || a.Status >= 500:
		return false
	}
	return a.page()
}

// redirect notes where a 3xx answer points, and whether that leaves Upstox.
func (a *Answer) redirect(from *url.URL) {
	location := a.Header.Get("Location")
	if a.Status/100 != 3 || location == "" {
		return
	}
	to, err := from.Parse(location)
	if err != nil {
		a.Location = "a place that is not a URL"
		return
	}
	host := strings.TrimSuffix(strings.ToLower(to.Hostname()), ".")
	a.foreign = host != "" && host != strings.ToLower(from.Hostname()) &&
		host != "upstox.com" && !strings.HasSuffix(host, ".upstox.com")
	a.Location = printable((&url.URL{Scheme: to.Scheme, Host: to.Host, Path: to.Path}).String(), textLimit)
}
