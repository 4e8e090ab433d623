package upstox

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"upstox-doctor/checks/catalog"
)

func granted(ends string) string {
	return `{"status":"success","data":{"authorization_expiry":` + ends + `,"notifier_url":" https://bot.example.com/hook?key=n0t1f1er "}}`
}

func TestTokenRequestSendsTheDocumentedJSON(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		if r.Method != "POST" || r.URL.EscapedPath() != "/v3/login/auth/token/request/k%2F%3F" || r.Header.Get("Content-Type") != "application/json" ||
			r.Header.Get("Accept") != "application/json" || r.Header.Get("User-Agent") != "test/1" || r.Header.Get("Authorization") != "" {
			t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
		}
		var body map[string]any
		if json.NewDecoder(r.Body).Decode(&body); len(body) != 1 || body["client_secret"] != testCode.Secret {
			t.Errorf("sends %v", body)
		}
		io.WriteString(w, granted(`"1795471200000"`))
	}))
	defer s.Close()
	got, a := (&Client{Base: s.URL, Agent: "test/1"}).RequestToken(t.Context(), "k/?", testCode.Secret)
	if !a.OK() || got.Notifier != "https://bot.example.com/hook?key=n0t1f1er" || !got.Ends.Equal(time.Date(2026, 11, 23, 22, 0, 0, 0, time.UTC)) || calls.Load() != 1 {
		t.Errorf("got %+v after %d calls, %s", got, calls.Load(), a)
	}
	if strings.Contains(fmt.Sprintf("%+v", a), "n0t1f1er") {
		t.Error("the answer holds the notifier's query")
	}
}

func TestTokenRequestEnds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		`"1795471200000"`: 1795471200000, `1795471200000`: 1795471200000,
		`""`: 0, `null`: 0, `"tomorrow"`: 0, `-5`: 0, `{"a":1}`: 0, `1.5`: 0, `99999999999999999999`: 0,
	} {
		got, a := exchangeClient(t, 200, "application/json", granted(text)).RequestToken(t.Context(), "key", testCode.Secret)
		if !a.OK() || want == 0 != got.Ends.IsZero() || want != 0 && got.Ends.UnixMilli() != want {
			t.Errorf("%s: got %v, %s", text, got.Ends, a)
		}
	}
}

func TestTokenRequestSymptoms(t *testing.T) {
	t.Parallel()
	const js, html = "application/json", "text/html"
	problem := func(code string) string {
		return `{"status":"error","errors":[{"errorCode":"` + code + `","message":"no: s1m+&ul8t0r5"}]}`
	}
	for _, tc := range []struct {
		name, want string
		status     int
		mime, body string
	}{
		{"wrong key or secret", "login-credentials-invalid", 401, js, problem("UDAPI100069")},
		{"wrong key or secret, other status", "login-credentials-invalid", 400, js, problem("UDAPI100069")},
		{"no notifier URL", "login-request-refused", 400, js, problem("UDAPI1123")},
		{"not an individual", "login-request-refused", 403, js, problem("UDAPI1124")},
		{"app under review", "login-request-refused", 400, js, problem("UDAPI1155")},
		{"app expired", "login-request-refused", 401, js, problem("UDAPI1157")},
		{"no key", "request-invalid", 400, js, problem("UDAPI1017")},
		{"no secret", "request-invalid", 400, js, problem("UDAPI1024")},
		{"limit", "rate-limited", 429, js, problem("UDAPI10005")},
		{"unknown code with 401", "login-credentials-invalid", 401, js, problem("UDAPI999999")},
		{"moved", "endpoint-gone", 404, js, problem("UDAPI100060")},
		{"portal", "captive-portal", 200, html, "<html>sign in</html>"},
		{"fault", "upstox-unavailable", 503, html, "<html>down</html>"},
		{"no data", "api-unexpected-response", 200, js, `{"status":"success","data":null}`},
		{"a notifier that is no text", "api-unexpected-response", 200, js, `{"status":"success","data":{"notifier_url":7}}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, a := exchangeClient(t, tc.status, tc.mime, tc.body).RequestToken(t.Context(), "key", testCode.Secret)
			if a.OK() || got != (TokenRequest{}) {
				t.Errorf("OK with %+v", got)
			}
			if e := catalog.Classify(a.Symptom(), catalog.NotKnown); e.Code != tc.want || a.Symptom().Hop != "login" {
				t.Errorf("got %s for %+v, want %s", e.Code, a.Symptom(), tc.want)
			}
			if shown := a.String() + fmt.Sprintf("%+v %s", a, a.Body); strings.Contains(shown, testCode.Secret) {
				t.Errorf("shows the secret: %s", shown)
			}
			if !strings.HasPrefix(a.String(), "POST /v3/login/auth/token/request: ") {
				t.Errorf("line %q", a)
			}
		})
	}
}

// TestTokenRequestIsSentOnce cuts the connection: each request shows its owner
// another question.
func TestTokenRequestIsSentOnce(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		calls.Add(1)
		panic(http.ErrAbortHandler)
	}))
	defer s.Close()
	if _, a := (&Client{Base: s.URL}).RequestToken(t.Context(), "key", testCode.Secret); a.Symptom().Kind != "dropped" || calls.Load() != 1 {
		t.Errorf("%+v after %d calls", a.Symptom(), calls.Load())
	}
}

// TestTokenRequestHidesAShortSecret that a server sends back.
func TestTokenRequestHidesAShortSecret(t *testing.T) {
	t.Parallel()
	_, a := exchangeClient(t, 401, "application/json", `{"status":"error","errors":[{"errorCode":"UDAPI100069","message":"not a+b9"}]}`).RequestToken(t.Context(), "key", "a+b9")
	if shown := a.String() + string(a.Body); strings.Contains(shown, "a+b9") || !strings.Contains(shown, "UDAPI100069") {
		t.Errorf("shows %q", shown)
	}
}
