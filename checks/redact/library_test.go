package redact

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
)

// What Go's own libraries print of a request must not contain a secret, even one
// that was not added to the Set.
func TestLibrariesPrintNoSecret(t *testing.T) {
	t.Parallel()
	req, err := http.NewRequest(http.MethodGet, "https://api.upstox.com/v2/user/profile?code=mk404x-secret", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer opaque-secret")
	req.Header.Set("Proxy-Authorization", "Basic dXNlcjpzZWNyZXQ=")
	var wire bytes.Buffer
	if err := req.Write(&wire); err != nil {
		t.Fatal(err)
	}
	dump, err := httputil.DumpRequestOut(req, false)
	if err != nil {
		t.Fatal(err)
	}
	headers, err := json.Marshal(req.Header)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"code": {"mk404x-secret"}, "client_secret": {"secret"}, "grant_type": {"authorization_code"}}
	proxy := &url.URL{Scheme: "http", User: url.UserPassword("user", "secret"), Host: "proxy:3128"}
	_, bad := url.Parse(fmt.Sprint("http://user:secret@proxy:", "port"))
	if bad == nil {
		t.Fatal("the URL is good")
	}
	var s Set
	for name, text := range map[string]string{
		"request on the wire": wire.String(),
		"dump":                string(dump),
		"header printed":      fmt.Sprint(req.Header),
		"header with names":   fmt.Sprintf("%+v", req.Header),
		"header in Go syntax": fmt.Sprintf("%#v", req.Header),
		"header quoted":       fmt.Sprintf("%q", req.Header),
		"header in JSON":      string(headers),
		"form":                form.Encode(),
		"proxy":               proxy.String(),
		"error of a URL":      bad.Error(),
		"error of a request":  (&url.Error{Op: "Get", URL: req.URL.String(), Err: http.ErrServerClosed}).Error(),
	} {
		got := strings.ReplaceAll(s.String(text), "client_secret=", "")
		if strings.Contains(got, "secret") || strings.Contains(got, "dXNlcjpzZWNyZXQ") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// JSON that is redacted as text stays JSON.
func TestRedactedJSONIsJSON(t *testing.T) {
	t.Parallel()
	var s Set
	s.Add("user:hunter2hunter2")
	for _, v := range []any{
		map[string]any{"access_token": "op\"aq\\ue", "extended_token": jwt, "is_active": true},
		map[string]any{"data": map[string]any{"authorized_redirect_uri": "wss://h.upstox.com/f?requestId=1&code=a-b"}},
		map[string]any{"headers": http.Header{"Authorization": {"Bearer a\"b"}, "Proxy-Authorization": {"Basic dXNlcjpodW50ZXIyaHVudGVyMg=="}}},
		map[string]any{"error": "proxyconnect: http://user:hunter2hunter2@proxy:3128: refused", "text": `{"access_token":"abc"}`},
		[]any{"Bearer " + jwt, "password=x\\y", "?code=mk404x\"", "hunter2hunter2\\"},
	} {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		got := s.String(string(text))
		if !json.Valid([]byte(got)) || !strings.Contains(got, Mark) {
			t.Errorf("%s\nbecame\n%s", text, got)
		}
	}
}

func ExampleSet() {
	var s Set
	s.Add("user:hunter2hunter2")
	fmt.Println(s.String("connect to http://user:hunter2hunter2@proxy:3128: 407"))
	fmt.Println(s.String("GET /callback?code=mk404x&state=1"))
	fmt.Println(s.String("the Bearer prefix is not a secret"))
	// Output:
	// connect to http://[redacted]@proxy:3128: 407
	// GET /callback?code=[redacted]&state=1
	// the Bearer prefix is not a secret
}

func ExamplePrintable() {
	fmt.Println(Printable("\x1b[31mAccess\x1b[0m denied\r\nRay ID 8c1a", 20))
	// Output: Access denied Ray I…
}
