package upstox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"upstox-doctor/checks/catalog"
)

var testCode = Code{Code: "mk404x", Key: "51a0c0de-7e57", Secret: "s1m+&ul8t0r5", Redirect: "http://127.0.0.1:8710/call?back=1"}

const newToken = "eyJhbGciOiJIUzI1NiJ9.bmV3LXRva2VuLW5ldy10b2tlbg.c2lnbmF0dXJl"

// exchangeClient is a client of a server with one answer to every exchange.
func exchangeClient(t *testing.T, status int, mime, body string) *Client {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", mime)
		w.WriteHeader(status)
		io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	return &Client{Base: s.URL, Agent: "test/1"}
}

func TestExchangeSendsTheDocumentedForm(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		if r.Method != "POST" || r.URL.String() != "/v2/login/authorization/token" || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" ||
			r.Header.Get("Accept") != "application/json" || r.Header.Get("User-Agent") != "test/1" || r.Header.Get("Authorization") != "" {
			t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
		}
		r.ParseForm()
		want := url.Values{"code": {testCode.Code}, "client_id": {testCode.Key}, "client_secret": {testCode.Secret}, "redirect_uri": {testCode.Redirect}, "grant_type": {"authorization_code"}}
		if r.PostForm.Encode() != want.Encode() {
			t.Errorf("form %v", r.PostForm)
		}
		fmt.Fprintf(w, `{"user_id":"A1","is_active":true,"access_token":"%s","extended_token":"x"}`, newToken)
	}))
	defer s.Close()
	got, a := (&Client{Base: s.URL, Agent: "test/1"}).Exchange(t.Context(), testCode)
	if !a.OK() || got.Token != newToken || !got.Active || calls.Load() != 1 {
		t.Errorf("got %+v after %d calls, %s", got, calls.Load(), a)
	}
	if len(a.Body) != 0 || strings.Contains(fmt.Sprintf("%+v", a), newToken) {
		t.Error("the answer holds the token")
	}
}

func TestExchangeSymptoms(t *testing.T) {
	t.Parallel()
	problem := func(code string) string {
		return `{"status":"error","errors":[{"errorCode":"` + code + `","message":"no: mk404x s1m+&ul8t0r5 s1m%2B%26ul8t0r5"}]}`
	}
	const js, html = "application/json", "text/html"
	for _, tc := range []struct {
		name, want string
		status     int
		mime, body string
	}{
		{"used code", "login-code-invalid", 401, js, problem("UDAPI100057")},
		{"used code, other status", "login-code-invalid", 400, js, problem("UDAPI100057")},
		{"wrong secret", "login-credentials-invalid", 401, js, problem("UDAPI100069")},
		{"bad credentials", "login-credentials-invalid", 401, js, problem("UDAPI100016")},
		{"redirect", "login-redirect-mismatch", 400, js, problem("UDAPI100070")},
		{"redirect at the dialog", "login-redirect-mismatch", 401, js, problem("UDAPI100068")},
		{"app", "app-inactive", 403, js, problem("UDAPI100073")},
		{"account", "account-inactive", 400, js, problem("UDAPI100058")},
		{"limit", "rate-limited", 429, js, problem("UDAPI100099")},
		{"limit without code", "rate-limited", 429, js, `{"status":"error","errors":[]}`},
		{"unknown code with 401", "login-credentials-invalid", 401, js, problem("UDAPI999999")},
		{"portal", "captive-portal", 200, html, "<html>sign in</html>"},
		{"fault", "upstox-unavailable", 503, html, "<html>down</html>"},
		{"no token", "api-unexpected-response", 200, js, `{"user_id":"A1"}`},
		{"an empty token", "api-unexpected-response", 200, js, `{"access_token":" "}`},
		{"a token that is a number", "api-unexpected-response", 200, js, `{"access_token":7}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, a := exchangeClient(t, tc.status, tc.mime, tc.body).Exchange(t.Context(), testCode)
			if a.OK() || got.Token != "" {
				t.Errorf("OK with %+v", got)
			}
			if e := catalog.Classify(a.Symptom(), catalog.NotKnown); e.Code != tc.want || a.Symptom().Hop != "login" {
				t.Errorf("got %s for %+v, want %s", e.Code, a.Symptom(), tc.want)
			}
			shown := a.String() + fmt.Sprintf("%+v %s", a, a.Body)
			for _, secret := range []string{testCode.Code, testCode.Secret, url.QueryEscape(testCode.Secret)} {
				if strings.Contains(shown, secret) {
					t.Errorf("shows %q: %s", secret, shown)
				}
			}
			if !strings.HasPrefix(a.String(), "POST /v2/login/authorization/token: ") {
				t.Errorf("line %q", a)
			}
		})
	}
}

func TestExchangeOfADormantAccount(t *testing.T) {
	t.Parallel()
	got, a := exchangeClient(t, 200, "application/json", `{"access_token":"`+newToken+`","is_active":false}`).Exchange(t.Context(), testCode)
	if !a.OK() || got.Active || got.Token == "" {
		t.Errorf("got %+v, %s", got, a)
	}
}

func TestExchangeWithoutAnswer(t *testing.T) {
	t.Parallel()
	release := make(chan bool)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-release }))
	defer s.Close()
	defer close(release)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, a := (&Client{Base: s.URL}).Exchange(ctx, testCode)
	if !errors.Is(a.Err, context.DeadlineExceeded) || a.Symptom().Kind != "timeout" {
		t.Errorf("%v, %+v", a.Err, a.Symptom())
	}
	if _, a := (&Client{Base: ":"}).Exchange(t.Context(), testCode); a.OK() || a.Err == nil {
		t.Errorf("a base that is no URL: %v", a.Err)
	}
}

// TestExchangeIsSentOnce cuts the connection: a code that may be spent is not
// sent again.
func TestExchangeIsSentOnce(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		panic(http.ErrAbortHandler)
	}))
	defer s.Close()
	c := &Client{Base: s.URL}
	for range 2 {
		if _, a := c.Exchange(t.Context(), testCode); a.Symptom().Kind != "dropped" {
			t.Errorf("%+v", a.Symptom())
		}
	}
	if n := calls.Load(); n != 2 {
		t.Errorf("%d calls for two exchanges", n)
	}
}

func TestDialog(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if r.URL.Path != "/v2/login/authorization/dialog" || q.Get("client_id") != "k&" || q.Get("redirect_uri") != testCode.Redirect || q.Get("response_type") != "code" || q.Get("state") != "st" {
			t.Errorf("asked for %s", r.URL)
		}
		http.Redirect(w, r, "https://login.upstox.com/?client_id=x", http.StatusFound)
	}))
	defer s.Close()
	a := (&Client{Base: s.URL}).Dialog(t.Context(), "k&", testCode.Redirect, "st")
	if a.Status != 302 || a.Symptom().Hop != "login" || strings.Contains(a.Path, "?") {
		t.Errorf("%s %+v", a, a.Symptom())
	}
	if got, want := DialogURL("http://h/", "k&", "http://r/?a=1", "s"), "http://h/v2/login/authorization/dialog?client_id=k%26&redirect_uri=http%3A%2F%2Fr%2F%3Fa%3D1&response_type=code&state=s"; got != want {
		t.Errorf("got %s", got)
	}
}
