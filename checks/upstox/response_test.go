package upstox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jarcoal/httpmock"
	"go.uber.org/goleak"

	"upstox-doctor/checks/catalog"
)

func TestMain(m *testing.M) {
	// net/http logs what a server says unasked, as one here does.
	log.SetOutput(io.Discard)
	goleak.VerifyTestMain(m)
}

const (
	base    = "https://api.upstox.com"
	token   = "eyJ0eXAiOiJKV1QifQ.eyJzdWIiOiJYWDEyMzQifQ.c2lnbmF0dXJl"
	profile = `{"status":"success","data":{"user_id":"XX1234","is_active":true}}`
)

// mocked returns a client whose GET requests are all answered by the responder.
func mocked(r httpmock.Responder) *Client {
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodGet, `=~^https://api\.upstox\.com/`, r)
	return &Client{HTTP: mock, Base: base, Agent: "upstox-doctor/test"}
}

// reply answers with a status, headers in the form "Name: value", and a body.
func reply(status int, headers []string, body string) httpmock.Responder {
	r := httpmock.NewStringResponse(status, body)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	return httpmock.ResponderFromResponse(r)
}

func refusal401(code, message string) string {
	return fmt.Sprintf(`{"status":"error","errors":[{"errorCode":%q,"message":%q,"propertyPath":null,"invalidValue":null,"error_code":%q}]}`, code, message, code)
}

var (
	edgeHTML   = []string{"Server: cloudflare", "CF-RAY: 8f1c2d3e4f5a6b7c-BOM", "Content-Type: text/html; charset=UTF-8"}
	edgeText   = []string{"Server: cloudflare", "CF-RAY: 8f1c2d3e4f5a6b7c-BOM", "Content-Type: text/plain; charset=UTF-8"}
	edgeJSON   = []string{"Server: cloudflare", "CF-RAY: 8f1c2d3e4f5a6b7c-BOM", "Content-Type: application/json"}
	cloudFront = []string{"Server: CloudFront", "X-Amz-Cf-Id: abc==", "Content-Type: text/html"}
	page       = []string{"Content-Type: text/html"}
)

func TestResponder(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		status  int
		headers []string
		body    string
		ok      bool
		want    catalog.Symptom // At is "api" everywhere
	}{
		{"a healthy profile through Cloudflare", 200, edgeJSON, profile, true, catalog.Symptom{Responder: "upstox"}},
		{"partial success", 200, nil, `{"status":"partial_success","data":{"user_id":"A"},"errors":[{"error_code":"UDAPI100500"}]}`, true, catalog.Symptom{Responder: "upstox", Upstox: "UDAPI100500"}},
		{"JSON served as HTML is still the envelope", 200, page, profile, true, catalog.Symptom{Responder: "upstox"}},

		{"a bad token, both spellings", 401, edgeJSON, refusal401("UDAPI100050", "Invalid token used to access API"), false, catalog.Symptom{Responder: "upstox", Upstox: "UDAPI100050"}},
		{"only the snake_case spelling", 401, nil, `{"status":"error","errors":[{"error_code":"UDAPI1221"}]}`, false, catalog.Symptom{Responder: "upstox", Upstox: "UDAPI1221"}},
		{"only the camelCase spelling", 403, nil, `{"status":"error","errors":[{"errorCode":"UDAPI100067"}]}`, false, catalog.Symptom{Responder: "upstox", Upstox: "UDAPI100067"}},
		{"the first UDAPI code of several errors", 400, nil, `{"status":"error","errors":[{"message":"no code"},{"error_code":"OTHER1"},{"error_code":"UDAPI1021"},{"error_code":"UDAPI1087"}]}`, false, catalog.Symptom{Responder: "upstox", Upstox: "UDAPI1021"}},
		{"an error with status 200", 200, nil, refusal401("UDAPI100050", "Invalid token"), false, catalog.Symptom{Responder: "upstox", Upstox: "UDAPI100050"}},
		{"an error with status 200 and no errors", 200, nil, `{"status":"error","errors":[]}`, false, catalog.Symptom{Responder: "upstox", Kind: "unexpected"}},
		{"too many requests, by Upstox", 429, edgeJSON, refusal401("UDAPI10005", "Too Many Request Sent"), false, catalog.Symptom{Responder: "upstox", Upstox: "UDAPI10005"}},
		{"service hours", 423, nil, refusal401("UDAPI100072", "05:30 to 24:00"), false, catalog.Symptom{Responder: "upstox", Upstox: "UDAPI100072"}},
		{"503 by Upstox", 503, edgeJSON, refusal401("UDAPI100500", "Something went wrong"), false, catalog.Symptom{Responder: "upstox", Upstox: "UDAPI100500"}},
		{"errors of another shape", 400, nil, `{"status":"error","errors":{"error_code":"UDAPI1"}}`, false, catalog.Symptom{Responder: "upstox"}},
		{"a code that is a number", 400, nil, `{"status":"error","errors":[{"error_code":100050}]}`, false, catalog.Symptom{Responder: "upstox"}},

		{"1010 as text", 403, edgeText, "error code: 1010", false, catalog.Symptom{Responder: "edge", Kind: "1010"}},
		{"1015 as text", 429, edgeText, "error code: 1015\n", false, catalog.Symptom{Responder: "edge", Kind: "1015"}},
		{"1015 as a page", 429, edgeHTML, `<html><span class="cf-error-type">Error</span> <span class="cf-error-code">1015</span></html>`, false, catalog.Symptom{Responder: "edge", Kind: "1015"}},
		{"1015 as a page without its number", 429, edgeHTML, `<html><h1>You are being rate limited</h1></html>`, false, catalog.Symptom{Responder: "edge", Kind: "1015"}},
		{"1015 as a problem document", 429, edgeJSON, `{"type":"https://developers.cloudflare.com/x/error-1015/","title":"Error 1015: You are being rate limited","status":429,"error_code":1015,"retryable":true}`, false, catalog.Symptom{Responder: "edge", Kind: "1015"}},
		{"1010 as a bare member", 403, edgeJSON, `{"status":403,"error_code":1010}`, false, catalog.Symptom{Responder: "edge", Kind: "1010"}},
		{"1020 as a page", 403, edgeHTML, `<html><title>Access denied</title>Error code 1020</html>`, false, catalog.Symptom{Responder: "edge", Kind: "1020"}},
		{"another 1xxx number", 403, edgeText, "error code: 1006", false, catalog.Symptom{Responder: "edge", Kind: "blocked"}},
		{"you have been blocked", 403, edgeHTML, `<html><h1>Sorry, you have been blocked</h1></html>`, false, catalog.Symptom{Responder: "edge", Kind: "blocked"}},
		{"attention required, with another status", 406, edgeHTML, `<html><title>Attention Required! | Cloudflare</title></html>`, false, catalog.Symptom{Responder: "edge", Kind: "blocked"}},
		{"a challenge", 503, append([]string{"cf-mitigated: challenge"}, edgeHTML...), `<html><title>Just a moment...</title></html>`, false, catalog.Symptom{Responder: "edge", Kind: "blocked"}},
		{"a challenge without a body", 403, append([]string{"cf-mitigated: challenge"}, edgeText...), "", false, catalog.Symptom{Responder: "edge", Kind: "blocked"}},
		{"another 403 page of the edge", 403, edgeHTML, `<html>Ray ID: 8f1c</html>`, false, catalog.Symptom{Responder: "edge", Kind: "blocked"}},
		{"a 404 page of the edge", 404, edgeHTML, `<html>not found</html>`, false, catalog.Symptom{Responder: "edge"}},
		{"only the Server header", 403, []string{"Server: Cloudflare"}, "error code: 1010", false, catalog.Symptom{Responder: "edge", Kind: "1010"}},
		{"520", 520, edgeText, "error code: 520", false, catalog.Symptom{Responder: "edge"}},
		{"522 as a page", 522, edgeHTML, "<html>Connection timed out</html>", false, catalog.Symptom{Responder: "edge"}},
		{"502 without a body", 502, edgeText, "", false, catalog.Symptom{Responder: "edge"}},
		{"504 of the edge", 504, edgeHTML, "<html>Gateway time-out</html>", false, catalog.Symptom{Responder: "edge"}},
		{"429 of the edge without words", 429, edgeText, "", false, catalog.Symptom{Responder: "edge"}},
		{"CloudFront refuses", 403, cloudFront, "<HTML>Request blocked.</HTML>", false, catalog.Symptom{Responder: "filter", Kind: "blocked"}},
		{"CloudFront without an origin", 502, cloudFront, "<HTML>ERROR</HTML>", false, catalog.Symptom{Responder: "edge"}},

		{"a bare 403 through Cloudflare is the feed gate's", 403, edgeJSON, "", false, catalog.Symptom{Responder: "other"}},
		{"a bare 401 through Cloudflare", 401, edgeText, "", false, catalog.Symptom{Responder: "other"}},
		{"the legacy Forbidden through Cloudflare", 403, edgeJSON, `{"message":"Forbidden"}`, false, catalog.Symptom{Responder: "other"}},
		{"a framework's error has a numeric status", 404, nil, `{"status":404,"error":"Not Found","path":"/v2/x"}`, false, catalog.Symptom{Responder: "other"}},
		{"410", 410, nil, "gone", false, catalog.Symptom{Responder: "other"}},
		{"a 404 page of nobody in particular", 404, page, "<html>404</html>", false, catalog.Symptom{Responder: "other"}},
		{"error code 1010 without the edge's headers", 403, nil, "error code: 1010", false, catalog.Symptom{Responder: "other"}},

		{"a portal's page", 200, page, "<html>Sign in to AirportWiFi</html>", false, catalog.Symptom{Responder: "portal", Kind: "html"}},
		{"a page without its type", 200, []string{"Content-Type: application/json"}, "\ufeff \n<!doctype html>", false, catalog.Symptom{Responder: "portal", Kind: "html"}},
		{"a page with the edge's headers and 200", 200, edgeHTML, "<html>Welcome</html>", false, catalog.Symptom{Responder: "portal", Kind: "html"}},
		{"a filter's 403 page", 403, page, "<html>Blocked by policy</html>", false, catalog.Symptom{Responder: "filter", Kind: "blocked"}},
		{"a proxy's 407 page", 407, page, "<html>Proxy</html>", false, catalog.Symptom{Responder: "proxy"}},
		{"511 is a portal by definition", 511, nil, "sign in", false, catalog.Symptom{Responder: "portal", Kind: "html"}},
		{"a 503 page of nobody in particular", 503, page, "<html>Maintenance</html>", false, catalog.Symptom{Responder: "other"}},
		{"envoy's own 503", 503, []string{"Server: envoy"}, "no healthy upstream", false, catalog.Symptom{Responder: "proxy", Kind: "unavailable"}},
		{"500 as text", 500, nil, "oops", false, catalog.Symptom{Responder: "other"}},

		{"redirect to a portal", 302, []string{"Location: http://portal.example/login?from=1"}, "", false, catalog.Symptom{Responder: "portal", Kind: "foreign-redirect"}},
		{"redirect to a name that only ends alike", 302, []string{"Location: https://notupstox.com/"}, "", false, catalog.Symptom{Responder: "portal", Kind: "foreign-redirect"}},
		{"redirect to a name that only begins alike", 307, []string{"Location: https://upstox.com.example/"}, "", false, catalog.Symptom{Responder: "portal", Kind: "foreign-redirect"}},
		{"redirect inside Upstox", 301, []string{"Location: https://UPSTOX.com./"}, "", false, catalog.Symptom{Responder: "other", Kind: "unexpected"}},
		{"redirect to a path", 308, []string{"Location: /v3/user/profile"}, "", false, catalog.Symptom{Responder: "other", Kind: "unexpected"}},
		{"redirect to no URL", 302, []string{"Location: http://[::1"}, "", false, catalog.Symptom{Responder: "other", Kind: "unexpected"}},
		{"redirect to nowhere", 304, nil, "", false, catalog.Symptom{Responder: "other", Kind: "unexpected"}},

		{"broken JSON", 200, nil, `{"status":"success","data":{"user_id"`, false, catalog.Symptom{Responder: "other", Kind: "unexpected"}},
		{"JSON that is no object", 200, nil, `[1,2]`, false, catalog.Symptom{Responder: "other", Kind: "unexpected"}},
		{"JSON with something after it", 200, nil, profile + "x", false, catalog.Symptom{Responder: "other", Kind: "unexpected"}},
		{"a status that is unknown", 200, nil, `{"status":"ok","data":{}}`, false, catalog.Symptom{Responder: "other", Kind: "unexpected"}},
		{"success without data", 200, nil, `{"status":"success"}`, false, catalog.Symptom{Responder: "other", Kind: "unexpected"}},
		{"success with errors in place of data", 200, nil, `{"status":"success","errors":[]}`, false, catalog.Symptom{Responder: "upstox", Kind: "unexpected"}},
		{"data is null", 200, nil, `{"status":"success","data":null}`, false, catalog.Symptom{Responder: "upstox", Kind: "unexpected"}},
		{"data is a list", 200, nil, `{"status":"success","data":[]}`, false, catalog.Symptom{Responder: "upstox", Kind: "unexpected"}},
		{"an empty body", 200, edgeJSON, "", false, catalog.Symptom{Responder: "other", Kind: "unexpected"}},
		{"no content", 204, nil, "", false, catalog.Symptom{Responder: "other", Kind: "unexpected"}},
		{"too long", 200, nil, strings.Repeat(" ", maxBodySize) + profile, false, catalog.Symptom{Responder: "other", Kind: "unexpected"}},
		{"too long, though it begins well", 200, nil, profile + strings.Repeat(" ", maxBodySize), false, catalog.Symptom{Responder: "upstox", Kind: "unexpected"}},
		{"nested beyond reason", 200, nil, strings.Repeat(`{"data":`, 20000), false, catalog.Symptom{Responder: "other", Kind: "unexpected"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, a := mocked(reply(tc.status, tc.headers, tc.body)).Profile(t.Context(), token)
			tc.want.Hop, tc.want.HTTP = "api", tc.status
			if diff := cmp.Diff(tc.want, a.Symptom()); diff != "" {
				t.Errorf("symptom (-want +got):\n%s", diff)
			}
			if a.OK() != tc.ok {
				t.Errorf("OK() = %t, want %t: %s", a.OK(), tc.ok, a)
			}
			if a.Err != nil || a.Responder != tc.want.Responder {
				t.Errorf("Who %q, Err %v", a.Responder, a.Err)
			}
		})
	}
}

// refused is an error that knows its own symptom, as the network's do.
type refused struct{}

func (refused) Error() string            { return "dial tcp 192.0.2.1:443: connection refused" }
func (refused) Symptom() catalog.Symptom { return catalog.Symptom{Hop: "tcp", Kind: "refused"} }

func TestNobodyAnswered(t *testing.T) {
	t.Parallel()
	api := func(kind string) catalog.Symptom { return catalog.Symptom{Hop: "api", Kind: kind} }
	for _, tc := range []struct {
		name string
		err  error
		want catalog.Symptom
	}{
		{"deadline", context.DeadlineExceeded, api("timeout")},
		{"socket deadline", &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, api("timeout")},
		{"end of file", io.EOF, api("dropped")},
		{"end of file in the middle", fmt.Errorf("read: %w", io.ErrUnexpectedEOF), api("dropped")},
		{"reset", &net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, api("dropped")},
		{"broken pipe", &net.OpError{Op: "write", Err: os.NewSyscallError("write", syscall.EPIPE)}, api("dropped")},
		{"write to a pipe that the far end has left", fmt.Errorf("write: %w", io.ErrClosedPipe), api("dropped")},
		{"HTTP/2 stream", errors.New("stream error: stream ID 1; INTERNAL_ERROR; received from peer"), api("dropped")},
		{"not HTTP", errors.New(`malformed HTTP response "SSH-2.0"`), api("unexpected")},
		{"end in the first word", errors.New(`net/http: HTTP/1.x transport connection broken: malformed HTTP response "HT"`), api("dropped")},
		{"end in the status", errors.New(`net/http: HTTP/1.x transport connection broken: malformed HTTP status code "20"`), api("dropped")},
		{"end in a header's name", errors.New(`net/http: HTTP/1.x transport connection broken: malformed MIME header: missing colon: "Cf-R"`), api("dropped")},
		{"end between two headers", errors.New(`net/http: HTTP/1.x transport connection broken: malformed MIME header: missing colon: "\r"`), api("dropped")},
		{"end within a line end", errors.New(`net/http: HTTP/1.x transport connection broken: malformed MIME header line: "Date: today\r"`), api("dropped")},
		{"a header that is none", errors.New(`malformed MIME header: missing colon: "Hello, world"`), api("unexpected")},
		{"a status that is none", errors.New(`malformed HTTP status code "2000"`), api("unexpected")},
		{"a header that Go will not send", errors.New(`net/http: invalid header field value for "Authorization"`), api("")},
		{"dial that does not know its symptom", &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, api("")},
		{"dial that knows its symptom", fmt.Errorf("redial: %w", refused{}), catalog.Symptom{Hop: "tcp", Kind: "refused"}},
		{"cancelled", context.Canceled, catalog.Symptom{}},
		{"unknown", errors.New("boom"), api("")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, a := mocked(httpmock.NewErrorResponder(tc.err)).Profile(t.Context(), token)
			if diff := cmp.Diff(tc.want, a.Symptom()); diff != "" {
				t.Errorf("symptom (-want +got):\n%s", diff)
			}
			if !errors.Is(a.Err, tc.err) || a.OK() || a.Responder != "" || a.Status != 0 {
				t.Errorf("Err %v, OK %t, Who %q, Status %d", a.Err, a.OK(), a.Responder, a.Status)
			}
		})
	}
}

func TestAuthorizeIsAHopOfItsOwn(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]httpmock.Responder{
		"refused": reply(403, nil, ""),
		"lost":    httpmock.NewErrorResponder(io.EOF),
	} {
		_, a := mocked(r).Authorize(t.Context(), token)
		if at := a.Symptom().Hop; at != "authorize" {
			t.Errorf("%s: at %q", name, at)
		}
	}
}

func TestMissingPartsOfAResponse(t *testing.T) {
	t.Parallel()
	_, a := mocked(httpmock.ResponderFromResponse(&http.Response{StatusCode: 500})).Profile(t.Context(), token)
	if a.Status != 500 || a.Responder != "other" || !a.Date.IsZero() || a.RetryAfter() != 0 || a.RayID() != "" {
		t.Errorf("%s: %+v", a, a.Symptom())
	}
}
