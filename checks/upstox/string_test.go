package upstox

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/jarcoal/httpmock"
)

func TestString(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		r    httpmock.Responder
		want string
	}{
		{"success", reply(200, nil, profile), "200"},
		{"refusal", reply(401, nil, refusal401("UDAPI100050", "Invalid token used to access API")), "401 UDAPI100050 Invalid token used to access API"},
		{"several", reply(400, nil, `{"status":"error","errors":[{"error_code":"UDAPI1","message":"a"},{"message":"b"},{"message":"c"}]}`), "400 UDAPI1 a (and 2 more)"},
		{"edge with a number", reply(429, edgeText, "error code: 1015"), "429 from Cloudflare, error code 1015"},
		{"edge without", reply(403, edgeHTML, "<html>Ray ID"), "403 from Cloudflare, blocked"},
		{"filter", reply(403, page, "<h1>FortiGuard</h1>Web Page Blocked<td>Category</td><td>Finance</td>"), "403 with the block page of FortiGuard (category Finance)"},
		{"filter without a name", reply(403, page, "<p>Not for you"), "403 with a block page"},
		{"filter that sends elsewhere", reply(302, []string{"Location: http://www.airtel.in/dot/?dpid=1"}, ""), "302 with the block page of the internet provider, by order of the authorities"},
		{"named server in trouble", reply(503, []string{"Server: envoy"}, "x"), "503 from envoy, without a mark of Upstox or Cloudflare"},
		{"edge in trouble", reply(502, edgeHTML, "<html>"), "502 from Cloudflare"},
		{"redirect", reply(302, []string{"Location: https://user:pw@portal.example/in?session=s3cret#frag"}, ""), "302 to https://portal.example/in"},
		{"relative redirect", reply(302, []string{"Location: /in?session=s3cret"}, ""), "302 to https://api.upstox.com/in"},
		{"page", reply(200, page, "<html>"), "200 with a web page"},
		{"empty", reply(403, nil, ""), "403 with an empty body"},
		{"something else", reply(404, []string{"Content-Type: text/plain; charset=x"}, "not here"), "404 with 8 bytes of text/plain"},
		{"something unnamed", reply(404, nil, "not here"), "404 with 8 bytes of unnamed type"},
		{"broken", reply(200, nil, "{"), "200, the body is not the documented JSON"},
		{"too long", reply(200, nil, strings.Repeat("x", maxBodySize+1)), "200, the body is longer than 1024 KiB"},
		{"wrong shape", reply(200, nil, `{"status":"success","data":"x"}`), "200, data is not as documented: "},
		{"nobody", httpmock.NewErrorResponder(errors.New("boom\x1b[2J\nbang")), "no answer: boom bang"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, a := mocked(tc.r).Profile(t.Context(), token)
			got, found := strings.CutPrefix(a.String(), "GET /v2/user/profile: ")
			if !found || !strings.HasPrefix(got, tc.want) || !strings.HasSuffix(tc.want, ": ") && got != tc.want {
				t.Errorf("got %q, want %q", a, tc.want)
			}
		})
	}
}

func TestServerTextIsCutAndPrintable(t *testing.T) {
	t.Parallel()
	nasty := "\u202eevil\x1b]0;title\a" + strings.Repeat("आ", 400)
	body := fmt.Sprintf(`{"status":"error","errors":[{"error_code":%q,"message":%q}]}`, "UDAPI1\r\n\t2"+strings.Repeat("9", 90), nasty)
	body = strings.NewReplacer(`\x1b`, `\u001b`, `\a`, `\u0007`).Replace(body)
	_, a := mocked(reply(400, nil, body)).Profile(t.Context(), token)
	if len(a.Problems) != 1 {
		t.Fatalf("problems: %v in %s", a.Problems, a)
	}
	p := a.Problems[0]
	if n := utf8.RuneCountInString(p.Message); n != maxTextLength || !strings.HasPrefix(p.Message, "evilआ") {
		t.Errorf("message has %d runes: %q", n, p.Message)
	}
	if n := utf8.RuneCountInString(p.Code); n != 40 || strings.ContainsAny(a.String(), "\r\n\t\x1b\a\u202e") {
		t.Errorf("code has %d runes: %q", n, a)
	}
}

// A server may echo the token anywhere.
func TestTokenNeverLeaves(t *testing.T) {
	t.Parallel()
	half := token[:20]
	for name, r := range map[string]httpmock.Responder{
		"message":      reply(401, nil, refusal401("UDAPI100050", "Bearer "+token+" is bad")),
		"code":         reply(401, nil, refusal401(token, "")),
		"location":     reply(302, []string{"Location: https://p.example/" + token + "?t=" + token}, ""),
		"host":         reply(302, []string{"Location: https://" + token + ".example/"}, ""),
		"ray":          reply(403, []string{"CF-RAY: " + token}, "<html>"),
		"type":         reply(404, []string{"Content-Type: text/" + token}, "x"),
		"data":         reply(200, nil, `{"status":"success","data":"`+token+`"}`),
		"cut short":    reply(403, nil, "x"+half),
		"beyond limit": reply(200, nil, strings.Repeat("x", maxBodySize-20)+token),
		"error":        httpmock.NewErrorResponder(errors.New("malformed HTTP response " + token)),
		"cut error":    httpmock.NewErrorResponder(errors.New("malformed HTTP response " + half)),
	} {
		_, a := mocked(r).Profile(t.Context(), token)
		all := fmt.Sprint(a, a.Err, a.Problems, a.Location, a.RayID(), a.Header, a.Symptom(), string(a.Body), a.schemaError)
		if strings.Contains(all, half) {
			t.Errorf("%s: the token shows: %s", name, a)
		}
		if strings.Contains(fmt.Sprintf("%v %+v %s", a, a, a), half) {
			t.Errorf("%s: the token shows when formatted", name)
		}
	}
}

func TestStrip(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, token, want string }{
		{"no token", "abc", "", "abc"},
		{"too short to be one", "abc abc", "abc", "abc abc"},
		{"twice", "<0123456789> 0123456789.", "0123456789", "<[token]> [token]."},
		{"its beginning at the end", "x 012345678", "0123456789", "x [token]"},
		{"its beginning elsewhere", "x 012345678 y", "0123456789", "x 012345678 y"},
		{"the longest beginning", "aaaaaaaaaa", "aaaaaaaaaaaaab", "[token]"},
		{"too little of it", "x 0123456", "0123456789", "x 0123456"},
	} {
		if got := stripToken(tc.text, tc.token); got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
	date := "Date: " + now.Format(http.TimeFormat)
	for _, tc := range []struct {
		value string
		want  time.Duration
	}{
		{"", 0}, {"60", time.Minute}, {" 5 ", 5 * time.Second}, {"-5", 0}, {"soon", 0}, {"1.5", 0},
		{"31536000", 365 * 24 * time.Hour},
		{"99999999999", maxRetryAfter}, {"99999999999999999999999999", maxRetryAfter},
		{now.Add(90 * time.Second).Format(http.TimeFormat), 90 * time.Second},
		{now.Add(-time.Hour).Format(http.TimeFormat), 0},
		{now.AddDate(7000, 0, 0).Format(http.TimeFormat), maxRetryAfter},
	} {
		_, a := mocked(reply(429, []string{date, "Retry-After: " + tc.value}, "")).Profile(t.Context(), token)
		if got := a.RetryAfter(); got != tc.want {
			t.Errorf("%q: got %s, want %s", tc.value, got, tc.want)
		}
		if !a.Date.Equal(now) {
			t.Errorf("date %s, want %s", a.Date, now)
		}
	}
	late := time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)
	_, a := mocked(reply(429, []string{"Retry-After: " + late}, "")).Profile(t.Context(), token)
	if got := a.RetryAfter(); got < 59*time.Minute || got > time.Hour {
		t.Errorf("by the local clock: got %s, want an hour", got)
	}
}

func TestRayID(t *testing.T) {
	t.Parallel()
	for want, headers := range map[string][]string{
		"8f1c2d3e4f5a6b7c-BOM": edgeHTML,
		"abc==":                cloudFront,
		"":                     nil,
	} {
		_, a := mocked(reply(403, headers, "")).Profile(t.Context(), token)
		if got := a.RayID(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
