package edge

import (
	"net/http"
	"strings"
	"testing"

	"upstox-doctor/checks/catalog"
)

// header makes one of "Name: value" lines.
func header(lines ...string) http.Header {
	h := http.Header{}
	for _, l := range lines {
		name, value, _ := strings.Cut(l, ": ")
		h.Add(name, value)
	}
	return h
}

var (
	ray      = header("Server: cloudflare", "Cf-Ray: 8f1c2d3e4f5a6b7c-BOM", "Content-Type: text/html")
	rayText  = header("Server: cloudflare", "Cf-Ray: 8f1c2d3e4f5a6b7c-BOM", "Content-Type: text/plain")
	front    = header("Server: CloudFront", "X-Amz-Cf-Id: abc1==", "Content-Type: text/html")
	html     = header("Content-Type: text/html; charset=utf-8")
	envelope = `{"status":"error","errors":[{"errorCode":"UDAPI100050","message":"Invalid token","error_code":"UDAPI100050"}]}`
)

func TestJudge(t *testing.T) {
	t.Parallel()
	blocked := func(name string) Verdict {
		return Verdict{Responder: catalog.ResponderFilter, Kind: catalog.KindBlocked, Name: name}
	}
	cloudflare := func(kind string) Verdict {
		return Verdict{Responder: catalog.ResponderEdge, Kind: kind, Name: "Cloudflare"}
	}
	page := Verdict{Responder: catalog.ResponderPortal, Kind: catalog.KindHTML}
	for _, tc := range []struct {
		name    string
		status  int
		header  http.Header
		body    string
		rest    Verdict
		upgrade *Verdict // nil for the same
	}{
		{"the API, through Cloudflare", 401, rayText, envelope, Verdict{Responder: catalog.ResponderUpstox}, nil},
		{"the API, cut", 401, rayText, envelope[:len(envelope)-10], Verdict{Responder: catalog.ResponderUpstox}, nil},
		{"a bare 401 through Cloudflare", 401, rayText, "", Verdict{Responder: catalog.ResponderOther}, nil},
		{"a bare 403 through Cloudflare", 403, rayText, "", Verdict{Responder: catalog.ResponderOther}, nil},
		{"a 403 of a few words through Cloudflare", 403, rayText, "Forbidden", Verdict{Responder: catalog.ResponderOther}, nil},
		{"a bare 403", 403, nil, "", Verdict{Responder: catalog.ResponderOther}, nil},
		{"a 403 of a few words", 403, header("Server: awselb/2.0"), "Forbidden", Verdict{Responder: catalog.ResponderOther}, nil},
		{"a bare 429 through Cloudflare", 429, rayText, "", cloudflare(""), &Verdict{Responder: catalog.ResponderOther}},

		{"1006", 403, rayText, "error code: 1006", cloudflare("blocked"), nil},
		{"1009", 403, rayText, "error code: 1009", cloudflare("1009"), nil},
		{"1010", 403, rayText, "error code: 1010", cloudflare("1010"), nil},
		{"1015", 429, rayText, "error code: 1015", cloudflare("1015"), nil},
		{"1015 as JSON", 429, rayText, `{"status":429,"error_code":1015}`, cloudflare("1015"), nil},
		{"1020 in a page", 403, ray, "<html><span>Error</span>\n<span>1020</span>", cloudflare("1020"), nil},
		{"a challenge", 403, ray, "<html><title>Just a moment...</title>", cloudflare("blocked"), nil},
		{"a challenge without a body", 403, header("Server: cloudflare", "Cf-Mitigated: challenge"), "", cloudflare("blocked"), nil},
		{"another page with a Ray ID", 403, ray, "<html>No</html>", cloudflare("blocked"), nil},
		{"Cloudflare's page behind what strips its headers", 403, html, "<html><h1>Sorry, you have been blocked</h1>", cloudflare("blocked"), nil},
		{"a number without Cloudflare's headers", 403, nil, "error code: 1010", Verdict{Responder: catalog.ResponderOther}, nil},
		{"502 by Cloudflare", 502, ray, "<html>Bad gateway", cloudflare(""), nil},
		{"CloudFront refuses a country", 403, front, "<H1>403 ERROR</H1>The Amazon CloudFront distribution is configured to block access from your country.", Verdict{catalog.ResponderEdge, "1009", "CloudFront", "", ""}, nil},

		{"FortiGuard", 403, html, "<h1>FortiGuard Intrusion Prevention - Access Blocked</h1>", blocked("FortiGuard"), nil},
		{"FortiGuard with 200", 200, html, "<title>Web Filter Violation</title><h3>Web Page Blocked</h3>", blocked("FortiGuard"), nil},
		{"its override page, which has a form for a password", 403, html, `<h1>Web Page Blocked</h1><h2>FortiGuard</h2><form><input type="password"></form>`, blocked("FortiGuard"), nil},
		{"its sign-in page", 200, html, `<title>Firewall Authentication</title>Please log in<img src="http://url.fortinet.net/logo">`, page, nil},
		{"Zscaler", 403, header("Server: Zscaler/6.2", "Content-Type: text/html"), "<title>Internet Security by Zscaler</title>Not allowed to browse Finance category", blocked("Zscaler"), nil},
		{"Zscaler's plain words", 403, header("Server: Zscaler/6.2"), "denied", blocked("Zscaler"), nil},
		{"Netskope", 403, html, "<p>Netskope: access to this site is blocked by policy", blocked("Netskope"), nil},
		{"Umbrella", 403, header("Server: Cisco Umbrella", "Content-Type: text/html"), "<p>This site is blocked", blocked("Cisco Umbrella"), nil},
		{"Sophos", 200, html, "<title>Sophos Firewall</title><p>This website has been blocked", blocked("Sophos"), nil},
		{"Squid's page", 403, header("Server: squid/5.7", "X-Squid-Error: ERR_ACCESS_DENIED 0", "Content-Type: text/html"), "<h1>ERROR</h1>Access Denied.", blocked("Squid"), nil},
		{"a filter that says no more than its name", 403, header("Server: Zscaler/6.2"), "", blocked("Zscaler"), nil},
		{"what passed a proxy is not the proxy's", 403, header("Via: 1.1 gw (squid/5.7)"), "Forbidden", Verdict{Responder: catalog.ResponderOther}, nil},
		{"CloudFront", 403, front, "<H1>403 ERROR</H1>Request blocked. We can't connect to the server", blocked("CloudFront"), nil},
		{"a filter's page with Cloudflare's headers", 403, ray, "<h1>Zscaler</h1>This site is blocked by policy", blocked("Zscaler"), nil},
		{"an order of India", 200, html, "Your requested URL has been blocked as per the directions received from Department of Telecommunications, Government of India.", blocked(byOrder), nil},
		{"an order with 451", 451, html, "<p>blocked as per the directions of the Department of Telecommunications", blocked(byOrder), nil},
		{"a frame of Airtel's", 200, html, `<iframe src="http://www.airtel.in/dot/"></iframe>`, blocked(byOrder), nil},
		{"a page without a name", 403, html, "<p>Access to this site is blocked by your organization", blocked(""), nil},
		{"the same with 200", 200, html, "<p>Access to this site is blocked by your organization", blocked(""), nil},
		{"a page that says little", 403, html, "<p>Not for you", blocked(""), nil},
		{"451 with a page", 451, html, "<p>Not for you", blocked(""), nil},
		{"451 without", 451, nil, "", Verdict{Responder: catalog.ResponderOther}, nil},
		{"451 by Cloudflare", 451, ray, "<html>Unavailable", cloudflare(""), nil},
		{"a web server's own 403", 403, html, "<html><title>403 Forbidden</title><center><h1>403 Forbidden</h1></center><hr><center>nginx/1.25.3</center>", blocked(""), &Verdict{Responder: catalog.ResponderOther}},

		{"Apache's", 403, html, "<title>403 Forbidden</title><h1>Forbidden</h1><p>You don't have permission to access this resource.</p><hr><address>Apache/2.4.58 (Ubuntu) Server at wsfeeder-api.upstox.com Port 443</address>", blocked(""), &Verdict{Responder: catalog.ResponderOther}},
		{"Tomcat's", 403, html, "<h1>HTTP Status 403 – Forbidden</h1><p><b>Type</b> Status Report</p><p><b>Description</b> The server understood the request but refuses to authorize it.</p><h3>Apache Tomcat/9.0.80</h3>", blocked(""), &Verdict{Responder: catalog.ResponderOther}},
		{"Spring's", 403, html, "<h1>Whitelabel Error Page</h1><p>This application has no explicit mapping for /error, so you are seeing this as a fallback.</p><div>There was an unexpected error (type=Forbidden, status=403).</div>", blocked(""), &Verdict{Responder: catalog.ResponderOther}},
		{"a page of styles only, cut", 403, html, "<html><style>body { margin: 0 }", blocked(""), &Verdict{Responder: catalog.ResponderOther}},
		{"a portal", 200, html, "<h1>Welcome to the hotel</h1>", page, nil},
		{"a portal that speaks of pop-ups", 200, html, "<h1>Log in to the hotspot</h1>Your access is blocked until then.", page, nil},
		{"a portal with 403", 403, html, "<h1>Sign in to Guest Wi-Fi</h1>", page, nil},
		{"a script that blocks", 200, html, "<script>var page='site blocked'</script><h1>Welcome</h1>", page, nil},
		{"511", 511, nil, "", page, nil},
		{"511 through Cloudflare", 511, ray, "", page, nil},
		{"401 with a page", 401, html, "<h1>Unauthorized", page, &Verdict{Responder: catalog.ResponderOther}},
		{"404 with a page", 404, html, "<h1>This page was blocked", Verdict{Responder: catalog.ResponderOther}, nil},
		{"407", 407, header("Server: squid/5.7"), "<h1>Log in", Verdict{Responder: catalog.ResponderProxy, Name: "squid"}, nil},

		{"envoy's 503", 503, header("Server: envoy"), "upstream connect error or disconnect/reset before headers", Verdict{Responder: catalog.ResponderProxy, Kind: catalog.KindUnavailable, Name: "envoy"}, nil},
		{"the same without its name", 503, nil, "no healthy upstream", Verdict{Responder: catalog.ResponderProxy, Kind: catalog.KindUnavailable, Name: "envoy"}, nil},
		{"nginx's 503", 503, html, "<h1>503 Service Temporarily Unavailable</h1><hr><center>nginx</center>", Verdict{Responder: catalog.ResponderProxy, Kind: catalog.KindUnavailable, Name: "nginx"}, nil},
		{"nginx's 503 through Cloudflare", 503, ray, "<h1>503</h1><hr><center>nginx</center>", cloudflare(""), nil},
		{"Squid's 503", 503, header("X-Squid-Error: ERR_CONNECT_FAIL 111"), "<h1>ERROR", Verdict{Responder: catalog.ResponderProxy, Kind: catalog.KindUnavailable, Name: "Squid"}, nil},
		{"503 of a filter in trouble", 503, html, "<h1>Sophos: site blocked", Verdict{Responder: catalog.ResponderOther}, nil},
		{"503 without a name", 503, html, "<h1>Maintenance", Verdict{Responder: catalog.ResponderOther}, nil},

		{"a redirect to a portal", 302, header("Location: http://portal.example/in"), "", Verdict{Responder: catalog.ResponderPortal, Kind: catalog.KindForeignRedirect}, nil},
		{"a redirect inside Upstox", 302, header("Location: https://UPSTOX.com./x"), "", Verdict{Responder: catalog.ResponderOther}, nil},
		{"a redirect to the same host", 302, header("Location: https://asked.example/x"), "", Verdict{Responder: catalog.ResponderOther}, nil},
		{"a redirect to a path", 302, header("Location: /x"), "", Verdict{Responder: catalog.ResponderOther}, nil},
		{"a redirect to no URL", 302, header("Location: http://[::1"), "", Verdict{Responder: catalog.ResponderOther}, nil},
		{"a redirect to a filter", 302, header("Location: https://block.opendns.com/?url=1"), "", blocked("Cisco Umbrella"), nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a := Answer{Status: tc.status, Header: tc.header, Body: []byte(tc.body), From: "asked.example"}
			if a.Header == nil {
				a.Header = http.Header{}
			}
			if got := a.Judge(); got != tc.rest {
				t.Errorf("of a call: %+v, want %+v", got, tc.rest)
			}
			if tc.upgrade == nil {
				tc.upgrade = &tc.rest
			}
			a.Upgrade = true
			if got := a.Judge(); got != *tc.upgrade {
				t.Errorf("of the upgrade: %+v, want %+v", got, *tc.upgrade)
			}
		})
	}
}

func TestCategoryAndReference(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, body, category, reference string }{
		{"cells of a table", "<table><tr><td>Category</td>\n<td>Newly Registered Domain</td></tr><tr><td>URL</td><td>https://x/</td></tr></table>", "Newly Registered Domain", ""},
		{"behind a colon", "<p><b>Category:</b> Online Trading</p><p>Incident ID: 7713-42.</p>", "Online Trading", "7713-42"},
		{"in one line", "<p>Category: Finance URL: https://x/ Reference: AB12</p>", "Finance", "AB12"},
		{"in a sentence", "<p>This site was categorized as: <strong>Brokerage & Trading</strong></p>", "Brokerage & Trading", ""},
		{"several names before it", "<p>Support: helpdesk@example.com</p><p>Ticket number: 4711</p>", "", "4711"},
		{"CloudFront's", "<pre>Generated by cloudfront (CloudFront)\nRequest ID: aB3-_x==</pre>", "", "aB3-_x=="},
		{"a sentence that only speaks of it", "<p>This category is blocked. Your request was denied.</p><p>Bad Request</p><p>404 errors</p>", "", ""},
		{"too long", "<p>Category: " + strings.Repeat("x", 80) + "</p>", strings.Repeat("x", maxNamed-1) + "…", ""},
		{"control characters", "<p>Category: a\x1b[2Jb</p>", "ab", ""},
	} {
		v := Answer{Status: 403, Header: html, Body: []byte(tc.body)}.Judge()
		if v.Responder != catalog.ResponderFilter || v.Category != tc.category || v.Reference != tc.reference {
			t.Errorf("%s: %+v, want %q, %q", tc.name, v, tc.category, tc.reference)
		}
	}
}

func TestVerdictInWords(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]Verdict{
		"":                                  {Responder: catalog.ResponderOther},
		" from Cloudflare":                  {Responder: catalog.ResponderEdge, Name: "Cloudflare"},
		" from Cloudflare, blocked":         {Responder: catalog.ResponderEdge, Name: "Cloudflare", Kind: catalog.KindBlocked},
		" from Cloudflare, error code 1015": {Responder: catalog.ResponderEdge, Name: "Cloudflare", Kind: "1015"},
		" with a web page":                  {Responder: catalog.ResponderPortal, Kind: catalog.KindHTML},
		" from squid":                       {Responder: catalog.ResponderProxy, Name: "squid"},
		" from envoy, without a mark of Upstox or Cloudflare": {Responder: catalog.ResponderProxy, Kind: catalog.KindUnavailable, Name: "envoy"},
		" with a block page":                                  {Responder: catalog.ResponderFilter},
		" with the block page of X":                           {Responder: catalog.ResponderFilter, Name: "X"},
		" with a block page (category Y)":                     {Responder: catalog.ResponderFilter, Category: "Y"},
		" with the block page of X (category Y, reference Z)": {Responder: catalog.ResponderFilter, Name: "X", Category: "Y", Reference: "Z"},
	} {
		if got := v.String(); got != want {
			t.Errorf("%+v: %q, want %q", v, got, want)
		}
	}
}

func TestOfUpstox(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"upstox.com": true, "API.Upstox.com": true, "wsfeeder-api.upstox.com.": true,
		"": false, "notupstox.com": false, "upstox.com.example": false, "203.0.113.9": false,
	} {
		if OfUpstox(host) != want {
			t.Errorf("%q: %t", host, !want)
		}
	}
}

// FuzzJudge: whatever comes is judged at once, and what is shown is one line.
func FuzzJudge(f *testing.F) {
	for _, body := range []string{"", envelope, "error code: 1015", "<html><style>", "<h1>FortiGuard</h1><td>Category</td><td>X</td>", "<!--", "Ticket: 1"} {
		f.Add(body, 403, "text/html", "", true)
	}
	f.Fuzz(func(t *testing.T, body string, status int, media, server string, upgrade bool) {
		v := Answer{status, http.Header{"Content-Type": {media}, "Server": {server}}, []byte(body), "api.upstox.com", upgrade}.Judge()
		if v.Responder == "" || strings.ContainsAny(v.String(), "\n\r\x1b") || len([]rune(v.Category)) > maxNamed || len([]rune(v.Reference)) > maxNamed {
			t.Errorf("%+v", v)
		}
	})
}
