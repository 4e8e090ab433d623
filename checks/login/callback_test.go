package login

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/connlimit"
)

const theState = "OURSTATE234567OURSTATE2345"

// open starts a listener on a port of its own and returns its address.
func open(t *testing.T, pattern string) (*listener, string) {
	t.Helper()
	at := freeURL(t, pattern)
	landing := NewLanding("", "")
	landing.rest = "the end\n"
	close(landing.ended)
	l, err := listen(t.Context(), at, theState, landing)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.server.Close() })
	return l, at.String()
}

// freeURL fills a free port into the pattern.
func freeURL(t *testing.T, pattern string) *url.URL {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	at, local := landing(fmt.Sprintf(pattern, ln.Addr().(*net.TCPAddr).Port))
	if !local {
		t.Fatalf("%s is not local", pattern)
	}
	return at
}

// browse is one request without following redirects.
func browse(t *testing.T, method, target string, change func(*http.Request)) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(req)
	}
	tr := &http.Transport{DisableKeepAlives: true}
	resp, err := tr.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return resp, string(body)
}

// wantNotFound fails if the answer is not the page for unknown paths, or lacks
// a security header.
func wantNotFound(t *testing.T, resp *http.Response, body string) {
	t.Helper()
	if resp.StatusCode != 404 || body != notFoundPage && resp.Request.Method != "HEAD" {
		t.Errorf("%d %q", resp.StatusCode, body)
	}
	wantSecurityHeaders(t, resp)
}

func wantSecurityHeaders(t *testing.T, resp *http.Response) {
	t.Helper()
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if csp := resp.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") {
		t.Errorf("policy %q", csp)
	}
	for name := range resp.Header {
		if strings.HasPrefix(name, "Access-Control-") || name == "Set-Cookie" || name == "Allow" || name == "Server" {
			t.Errorf("sends %s", name)
		}
	}
}

// wantNotAccepted fails if the listener has accepted an answer, and then shows
// that it still accepts the right one.
func wantNotAccepted(t *testing.T, l *listener, at string) {
	t.Helper()
	select {
	case got := <-l.page.results:
		t.Fatalf("took %+v", got)
	default:
	}
	if resp, _ := browse(t, "GET", at+"?code=mk404x&state="+theState, nil); resp.StatusCode != 303 {
		t.Errorf("the right answer gets %d", resp.StatusCode)
	}
	if got := <-l.page.results; got.code != "mk404x" || got.err != nil {
		t.Errorf("took %+v", got)
	}
}

func TestTheRightAnswer(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"http://127.0.0.1:%d/call/back", "http://localhost:%d/", "http://127.0.0.1:%d", "http://localhost:%d/a%%20b", "http://[::1]:%d/x"} {
		if strings.Contains(pattern, "::1") && !hasIPv6() {
			continue
		}
		l, at := open(t, pattern)
		resp, body := browse(t, "GET", at+"?code=mk404x&state="+theState, func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Mode", "navigate")
			r.Header.Set("Sec-Fetch-Dest", "document")
		})
		clean, err := resp.Location()
		if resp.StatusCode != 303 || body != "" || err != nil || clean.RawQuery != "" {
			t.Fatalf("%s: %d to %v, %q", at, resp.StatusCode, clean, body)
		}
		wantSecurityHeaders(t, resp)
		if got := <-l.page.results; got.code != "mk404x" || got.err != nil {
			t.Errorf("took %+v", got)
		}
		resp, body = browse(t, "GET", clean.String(), nil)
		if resp.StatusCode != 200 || body != plainPage+"the end\n" {
			t.Errorf("the clean page: %d %q", resp.StatusCode, body)
		}
		wantSecurityHeaders(t, resp)
		<-l.page.landing.shown
		browse(t, "GET", clean.String(), nil) // reloading it does no harm
	}
}

func hasIPv6() bool {
	ln, err := net.Listen("tcp", "[::1]:0")
	if err == nil {
		ln.Close()
	}
	return err == nil
}

func TestAttacks(t *testing.T) {
	t.Parallel()
	const right = "?code=mk404x&state=" + theState
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	for _, tc := range []struct {
		name, method, query string
		change              func(*http.Request)
	}{
		{"a foreign state", "GET", "?code=evil42&state=THEIRSTATE234567THEIRSTATE", nil},
		{"a state that begins like ours", "GET", "?code=evil42&state=" + theState[:25], nil},
		{"a state that goes on after ours", "GET", right + "x", nil},
		{"no state", "GET", "?code=evil42", nil},
		{"an empty state", "GET", "?code=evil42&state=", nil},
		{"two states", "GET", right + "&state=x", nil},
		{"a cancellation with a foreign state", "GET", "?error=access_denied&state=x", nil},
		{"the path alone, before the answer", "GET", "", nil},
		{"neither code nor error", "GET", "?state=" + theState, nil},
		{"a query that cannot be read", "GET", "?code=%zz&state=" + theState, nil},
		{"a page in another tab that posts", "POST", right, header("Content-Type", "application/x-www-form-urlencoded")},
		{"HEAD", "HEAD", right, nil},
		{"OPTIONS before a call across origins", "OPTIONS", right, header("Access-Control-Request-Method", "GET")},
		{"PUT", "PUT", right, nil},
		{"a method that nobody knows", "BREW", right, nil},
		{"a name that is bent to this machine", "GET", right, host("evil.example")},
		{"that name with our port", "GET", right, host("evil.example:8710")},
		{"localhost for 127.0.0.1", "GET", right, host("localhost")},
		{"our host at another port", "GET", right, host("127.0.0.1:1")},
		{"our host without its port", "GET", right, host("127.0.0.1")},
		{"a script's fetch", "GET", right, header("Sec-Fetch-Mode", "no-cors")},
		{"an image", "GET", right, header("Sec-Fetch-Dest", "image")},
		{"a frame", "GET", right, header("Sec-Fetch-Dest", "iframe")},
		{"a body", "GET", right, func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader("hello")), 5
		}},
		{"a body of unknown length", "GET", right, func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader("hello")), -1
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			l, at := open(t, "http://127.0.0.1:%d/callback")
			resp, body := browse(t, tc.method, at+tc.query, tc.change)
			wantNotFound(t, resp, body)
			wantNotAccepted(t, l, at)
		})
	}
}

func TestPathTricks(t *testing.T) {
	t.Parallel()
	l, at := open(t, "http://127.0.0.1:%d/callback")
	base := strings.TrimSuffix(at, "/callback")
	for _, path := range []string{"/", "/callback/", "//callback", "/./callback", "/x/../callback", "/%63allback", "/callback%2f", "/Callback", "/callback;x", "/callback%00", "/favicon.ico"} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "GET %s?code=mk404x&state=%s HTTP/1.1\r\nHost: %s\r\n\r\n", path, theState, conn.RemoteAddr())
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(path, err)
		}
		if body, _ := io.ReadAll(resp.Body); resp.StatusCode != 404 || string(body) != notFoundPage {
			t.Errorf("%s: %d %q", path, resp.StatusCode, body)
		}
		conn.Close()
	}
	wantNotAccepted(t, l, at)
}

// TestRawRequests are what no client library sends.
func TestRawRequests(t *testing.T) {
	t.Parallel()
	l, at := open(t, "http://127.0.0.1:%d/callback")
	addr := strings.TrimSuffix(strings.TrimPrefix(at, "http://"), "/callback")
	right := "/callback?code=mk404x&state=" + theState
	for name, request := range map[string]string{
		"a request as to a proxy":      "GET http://evil.example" + right + " HTTP/1.1\r\nHost: " + addr + "\r\n\r\n",
		"as to a proxy, with our host": "GET http://" + addr + right + " HTTP/1.1\r\nHost: evil.example\r\n\r\n",
		"OPTIONS *":                    "OPTIONS * HTTP/1.1\r\nHost: " + addr + "\r\n\r\n",
		"no host":                      "GET " + right + " HTTP/1.0\r\n\r\n",
		"two hosts":                    "GET " + right + " HTTP/1.1\r\nHost: " + addr + "\r\nHost: " + addr + "\r\n\r\n",
		"a header beyond all bounds":   "GET " + right + " HTTP/1.1\r\nHost: " + addr + "\r\nX: " + strings.Repeat("x", 2*connlimit.MaxHeader) + "\r\n\r\n",
		"an address beyond all bounds": "GET " + right + "&x=" + strings.Repeat("x", 2*connlimit.MaxHeader) + " HTTP/1.1\r\nHost: " + addr + "\r\n\r\n",
		"no HTTP":                      "hello\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, request)
		answer, _ := io.ReadAll(conn) // a reset is an answer too
		conn.Close()
		if s := string(answer); s != "" && !strings.HasPrefix(s, "HTTP/1.1 4") && !strings.HasPrefix(s, "HTTP/1.0 4") || strings.Contains(s, theState) {
			t.Errorf("%s: %q", name, answer)
		}
	}
	wantNotAccepted(t, l, at)
}

// TestCookiesOfOtherPorts: a browser sends here what other programs of this machine
// have set, which may be much.
func TestCookiesOfOtherPorts(t *testing.T) {
	t.Parallel()
	l, at := open(t, "http://127.0.0.1:%d/callback")
	resp, body := browse(t, "GET", at+"?code=mk404x&state="+theState, func(r *http.Request) {
		r.Header.Set("Cookie", strings.Repeat("session="+strings.Repeat("x", 4000)+"; ", 40))
	})
	if resp.StatusCode != 303 {
		t.Fatalf("%d %q", resp.StatusCode, body)
	}
	if got := <-l.page.results; got.code != "mk404x" {
		t.Errorf("took %+v", got)
	}
}

// TestReplay plays what a second tab of this login brings: it is led away from
// its address, and not used. Of another login it is told nothing.
func TestReplay(t *testing.T) {
	t.Parallel()
	l, at := open(t, "http://127.0.0.1:%d/callback")
	wantNotAccepted(t, l, at)
	for _, query := range []string{"?code=mk404x&state=" + theState, "?code=other1&state=" + theState, "?error=x&state=" + theState} {
		resp, body := browse(t, "GET", at+query, nil)
		if clean, err := resp.Location(); resp.StatusCode != 303 || err != nil || clean.String() != at || body != "" {
			t.Errorf("%s: %d to %v, %q", query, resp.StatusCode, clean, body)
		}
		wantSecurityHeaders(t, resp)
	}
	resp, body := browse(t, "GET", at+"?code=mk404x&state=x", nil)
	wantNotFound(t, resp, body)
	select {
	case got := <-l.page.results:
		t.Errorf("took %+v as well", got)
	default:
	}
}

func TestOnlyOneOfManyAtOnceIsTaken(t *testing.T) {
	t.Parallel()
	l, at := open(t, "http://127.0.0.1:%d/callback")
	statuses := make(chan int)
	for n := range 10 {
		go func() {
			resp, _ := browse(t, "GET", fmt.Sprintf("%s?code=code%d&state=%s", at, n, theState), nil)
			statuses <- resp.StatusCode
		}()
	}
	count := map[int]int{}
	for range 10 {
		count[<-statuses]++
	}
	if count[303] != 10 {
		t.Errorf("answers by status: %v", count)
	}
	<-l.page.results
	select {
	case got := <-l.page.results:
		t.Errorf("took %+v as well", got)
	default:
	}
}

func TestCancellationAndOddCodes(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]*catalog.Entry{
		"?error=access_denied":              catalog.LoginCancelled,
		"?code=&error=x":                    catalog.LoginAddressInvalid,
		"?code=a%20b%0d%0aX":                catalog.LoginAddressInvalid,
		"?code=one12&code=two34":            catalog.LoginAddressInvalid,
		"?code=%3Cscript%3Eevil":            catalog.LoginAddressInvalid,
		"?code=" + fmt.Sprintf("%0300d", 0): catalog.LoginAddressInvalid,
	} {
		l, at := open(t, "http://127.0.0.1:%d/callback")
		resp, body := browse(t, "GET", at+query+"&state="+theState, nil)
		if resp.StatusCode != 303 || body != "" {
			t.Errorf("%s: %d %q", query, resp.StatusCode, body)
		}
		if f, ok := (<-l.page.results).err.(*Failure); !ok || f.Entry != want {
			t.Errorf("%s: %v, want %s", query, f, want.Code)
		}
	}
}
