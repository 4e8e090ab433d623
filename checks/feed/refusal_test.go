package feed

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/catalog"
)

func TestRefusals(t *testing.T) {
	t.Parallel()
	const envelope = `{"status":"error","errors":[{"errorCode":"%s","message":"No","error_code":"%[1]s"}]}`
	const page = "<!DOCTYPE html><html><title>Attention Required! | Cloudflare</title>"
	ray := http.Header{"Cf-Ray": {"8f0-BOM"}, "Server": {"cloudflare"}}
	for _, tc := range []struct {
		name   string
		status int
		header http.Header
		body   string
		want   catalog.Symptom
	}{
		{"401 without a word", 401, nil, "", catalog.Symptom{HTTP: 401, Responder: "other"}},
		{"403 without a word", 403, nil, "", catalog.Symptom{HTTP: 403, Responder: "other"}},
		{"403 that passed Cloudflare", 403, ray, "", catalog.Symptom{HTTP: 403, Responder: "other"}},
		{"403 by a web server", 403, nil, "<html>403 Forbidden</html>", catalog.Symptom{HTTP: 403, Responder: "other"}},
		{"403 by Upstox", 403, ray, fmt.Sprintf(envelope, "UDAPI100067"), catalog.Symptom{HTTP: 403, Responder: "upstox", Upstox: "UDAPI100067"}},
		{"401 by Upstox, new spelling only", 401, nil, `{"status":"error","errors":[{"error_code" : "UDAPI100050"}]}`, catalog.Symptom{HTTP: 401, Responder: "upstox", Upstox: "UDAPI100050"}},
		{"429 by Upstox", 429, nil, fmt.Sprintf(envelope, "UDAPI10005"), catalog.Symptom{HTTP: 429, Responder: "upstox", Upstox: "UDAPI10005"}},
		{"429 without a word", 429, nil, "", catalog.Symptom{HTTP: 429, Responder: "other"}},
		{"1010", 403, ray, "error code: 1010", catalog.Symptom{HTTP: 403, Responder: "edge", Kind: "1010"}},
		{"1015", 429, ray, "error code: 1015\n", catalog.Symptom{HTTP: 429, Responder: "edge", Kind: "1015"}},
		{"1020 in a page", 403, ray, "<html><h1><span>Error</span>\n<span>1020</span></h1>", catalog.Symptom{HTTP: 403, Responder: "edge", Kind: "1020"}},
		{"blocked, said so", 403, nil, "<html>Sorry, you have been blocked", catalog.Symptom{HTTP: 403, Responder: "edge", Kind: "blocked"}},
		{"blocked, page cut", 403, ray, page + strings.Repeat(" ", 4000), catalog.Symptom{HTTP: 403, Responder: "edge", Kind: "blocked"}},
		{"1009", 403, ray, "error code: 1009", catalog.Symptom{HTTP: 403, Responder: "edge", Kind: "1009"}},
		{"1006", 403, ray, "error code: 1006", catalog.Symptom{HTTP: 403, Responder: "edge", Kind: "blocked"}},
		{"1015 as JSON", 403, ray, `{"status":403,"error_code":1015}`, catalog.Symptom{HTTP: 403, Responder: "edge", Kind: "1015"}},
		{"a challenge", 403, ray, "<html><title>Just a moment...</title>", catalog.Symptom{HTTP: 403, Responder: "edge", Kind: "blocked"}},
		{"429 that passed Cloudflare", 429, ray, "", catalog.Symptom{HTTP: 429, Responder: "other"}},
		{"a filter whose page begins with 5 KiB of styles", 403, nil, "<html><style>" + strings.Repeat("p { margin: 0 }\n", 350) + "</style><h1>Web Page Blocked</h1>FortiGuard", catalog.Symptom{HTTP: 403, Responder: "filter", Kind: "blocked"}},
		{"a sign-in page that begins so", 403, nil, "<html><style>" + strings.Repeat("p { margin: 0 }\n", 350) + "</style><h1>Log in to Guest</h1>", catalog.Symptom{HTTP: 403, Responder: "portal", Kind: "html"}},
		{"511", 511, nil, "", catalog.Symptom{HTTP: 511, Responder: "portal", Kind: "html"}},
		{"451", 451, nil, "", catalog.Symptom{HTTP: 451, Responder: "other"}},
		{"407", 407, nil, "", catalog.Symptom{HTTP: 407, Responder: "proxy"}},
		{"nginx's own 503", 503, nil, "<html>503 Service Temporarily Unavailable<hr><center>nginx/1.25.3</center>", catalog.Symptom{HTTP: 503, Responder: "proxy", Kind: "unavailable"}},
		{"a redirect to a filter", 302, http.Header{"Location": {"http://notify.bluecoat.com/notify-1"}}, "", catalog.Symptom{HTTP: 302, Responder: "filter", Kind: "blocked"}},
		{"503 by Cloudflare", 503, ray, "<html>origin down</html>", catalog.Symptom{HTTP: 503, Responder: "edge"}},
		{"200 by a portal", 200, nil, "<html>Welcome</html>", catalog.Symptom{HTTP: 200, Responder: "portal", Kind: "html"}},
		{"400", 400, nil, "Bad Request", catalog.Symptom{HTTP: 400, Responder: "other"}},
		{"426", 426, nil, "", catalog.Symptom{HTTP: 426, Responder: "other"}},
		{"302", 302, http.Header{"Location": {"https://u:p@portal.example/login?back=" + query + "#x"}}, "", catalog.Symptom{HTTP: 302, Responder: "portal", Kind: "redirected"}},
		{"304 to nowhere", 304, nil, "", catalog.Symptom{HTTP: 304, Responder: "other"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o := serve(t, true, func(w http.ResponseWriter, r *http.Request) {
				for name, values := range tc.header {
					w.Header()[name] = values
				}
				w.Header().Set("Set-Cookie", "session=1")
				w.WriteHeader(tc.status)
				io.WriteString(w, tc.body)
			})
			r := refused(t, t.Context(), o)
			tc.want.Hop = "handshake"
			if got := r.Symptom(); got != tc.want {
				t.Errorf("symptom %+v, want %+v", got, tc.want)
			}
			if r.Header.Get("Cf-Ray") != tc.header.Get("Cf-Ray") || r.Header.Get("Set-Cookie") != "" {
				t.Errorf("header %v", r.Header)
			}
			if want := tc.body[:min(len(tc.body), 1024)]; tc.status != 304 && string(r.Body) != want {
				t.Errorf("body %q, want %q", r.Body, want)
			}
			if tc.name == "302" && (r.Location != "https://portal.example/login" || r.Header.Get("Location") != r.Location) {
				t.Errorf("location %q, in the header %q", r.Location, r.Header.Get("Location"))
			}
			if !strings.Contains(r.Error(), fmt.Sprintf("status %d", tc.status)) {
				t.Errorf("%q does not tell the status", r.Error())
			}
		})
	}
}

// Peers that break the handshake in ways that HTTP servers do not offer.
func TestBrokenHandshakes(t *testing.T) {
	t.Parallel()
	say := func(text string) func(*net.TCPConn, *http.Request) {
		return func(c *net.TCPConn, _ *http.Request) { io.WriteString(c, text) }
	}
	reset := func(c *net.TCPConn, _ *http.Request) { c.SetLinger(0) }
	for _, tc := range []struct {
		name string
		talk func(*net.TCPConn, *http.Request)
		want catalog.Symptom
	}{
		{"wrong accept key", func(c *net.TCPConn, r *http.Request) {
			r.Header.Set("Sec-WebSocket-Key", "another")
			io.WriteString(c, accept(r))
		}, catalog.Symptom{HTTP: 101, Kind: "invalid"}},
		{"other protocol", say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"), catalog.Symptom{HTTP: 101, Kind: "invalid"}},
		{"no HTTP at all", say("SSH-2.0-OpenSSH_9.9\r\n"), catalog.Symptom{Kind: "invalid"}},
		{"our own words", func(c *net.TCPConn, r *http.Request) { fmt.Fprintf(c, "GET %s HTTP/1.1\r\n\r\n", r.URL) }, catalog.Symptom{Kind: "invalid"}},
		{"endless header", say("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 200<<10)), catalog.Symptom{Kind: "invalid"}},
		{"hangs up", say(""), catalog.Symptom{Kind: "dropped"}},
		{"hangs up in the first word", say("HTT"), catalog.Symptom{Kind: "dropped"}},
		{"hangs up in the status", say("HTTP/1.1 10"), catalog.Symptom{Kind: "dropped"}},
		{"hangs up in a header's name", say("HTTP/1.1 101 Switching Protocols\r\nUpgr"), catalog.Symptom{Kind: "dropped"}},
		{"hangs up between two headers", say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r"), catalog.Symptom{Kind: "dropped"}},
		{"hangs up within a line end", say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r"), catalog.Symptom{Kind: "dropped"}},
		{"a header that is none", say("HTTP/1.1 101 Switching Protocols\r\nHello, world\r\n\r\n"), catalog.Symptom{Kind: "invalid"}},
		{"a status that is none", say("HTTP/1.1 1010 No\r\n\r\n"), catalog.Symptom{Kind: "invalid"}},
		{"hangs up in the header", say("HTTP/1.1 101 Switching"), catalog.Symptom{Kind: "dropped"}},
		{"reset", reset, catalog.Symptom{Kind: "dropped"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			r := refused(t, ctx, raw(t, tc.talk))
			tc.want.Hop = "handshake"
			if got := r.Symptom(); got != tc.want {
				t.Errorf("symptom %+v of %v, want %+v", got, r, tc.want)
			}
		})
	}
}

// What the answer repeats of the URL is redacted, also where the body is cut.
func TestSecretsInAnswers(t *testing.T) {
	t.Parallel()
	for pad := 900; pad < 1024; pad += 7 {
		o := serve(t, false, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Asked", r.URL.RawQuery)
			w.Header().Set("X-Code", r.FormValue("code"))
			w.WriteHeader(404)
			fmt.Fprintf(w, "%s%s?%s %s", strings.Repeat(" ", pad), r.URL.Path, r.URL.RawQuery, strings.Repeat(".", 200))
		})
		r := refused(t, t.Context(), o)
		said := strings.Trim(string(r.Body), " .")
		if len(said) > len(path)+20 || strings.Contains(said, "requestId=5f") || strings.Contains(said, "AbC") {
			t.Errorf("after %d bytes the body still says %q", pad, said)
		}
		if r.Header.Get("X-Asked") != "…" || r.Header.Get("X-Code") != "…" {
			t.Errorf("headers say %v", r.Header)
		}
	}
}

// A page may repeat the one-time code behind the first KiB, and as its own number.
func TestSecretsInPages(t *testing.T) {
	t.Parallel()
	o := serve(t, false, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(403)
		fmt.Fprintf(w, "<style>%s</style><p>Netskope: site blocked</p><p>Ticket: %s</p><p>%s</p>", strings.Repeat(".", 2000), r.FormValue("code"), r.URL.RawQuery)
	})
	r := refused(t, t.Context(), o)
	if r.By().Name != "Netskope" {
		t.Fatalf("answered by %+v", r.By())
	}
	safe(t, fmt.Sprintf("%v %+v %s %s", r, r.By(), r.Words(1000), r.page))
}
