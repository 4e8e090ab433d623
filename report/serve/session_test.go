package serve

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"upstox-doctor/report"
)

// asked is a request of which nothing is known.
var asked = httptest.NewRequest(http.MethodPost, "/session", nil)

func ledger(t *testing.T) *Ledger {
	t.Helper()
	l, err := OpenLedger(filepath.Join(t.TempDir(), "sessions"))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// post sends JSON as the page does, unless a header says otherwise.
func post(t *testing.T, url, body string, header ...string) (status int, said string, cookie *http.Cookie) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "POST", url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Origin", "http://"+req.Host)
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		}
		req.Header.Set(header[i], header[i+1])
	}
	a, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	if cs := a.Cookies(); len(cs) > 0 {
		cookie = cs[0]
	}
	return a.StatusCode, string(text), cookie
}

// TestAKeyBeginsOneSession, and a session begins runs.
func TestAKeyBeginsOneSession(t *testing.T) {
	t.Parallel()
	s := once(document())
	s.Ledger = ledger(t)
	base, ran, _ := servingUntil(t, s)
	<-ran
	key, err := s.Ledger.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	status, said, cookie := post(t, base+"/session", `{"key":"`+key+`"}`)
	if status != 200 || cookie == nil || !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Name != "upstox_doctor_"+base[strings.LastIndex(base, ":")+1:] {
		t.Fatalf("%d %s, %v", status, said, cookie)
	}
	if !s.Ledger.Used(key) {
		t.Error("the key is not used")
	}
	if status, _, again := post(t, base+"/session", `{"key":"`+key+`"}`); status != 403 || again != nil {
		t.Errorf("the key works twice: %d", status)
	}
	proof := strings.Split(said, `"`)[3]
	own := []string{"Cookie", cookie.Name + "=" + cookie.Value, proofHeader, proof}
	if a, _ := get(t, base+"/session", own...); a.StatusCode != http.StatusNoContent {
		t.Errorf("the session: %d", a.StatusCode)
	}
	s.mu.Lock()
	s.notBefore = time.Time{}
	s.mu.Unlock()
	if status, said, _ := post(t, base+"/run", "{}", own...); status != http.StatusAccepted {
		t.Errorf("run: %d %s", status, said)
	}
	<-ran
	if status, said, _ := post(t, base+"/run", "{}", own...); status != http.StatusTooManyRequests || !strings.Contains(said, "The next run can begin in") {
		t.Errorf("run at once again: %d %s", status, said)
	}
}

// TestActingAttacks posts what others than the page of the session can.
func TestActingAttacks(t *testing.T) {
	t.Parallel()
	s := once(document())
	s.Ledger, s.Feed = ledger(t), byName()
	s.Quit = func() { t.Error("it ends") }
	s.Bundle = func(context.Context, bool) ([]byte, error) { t.Error("a bundle"); return nil, nil }
	s.Schedule = func() (string, error) { t.Error("a schedule"); return "", nil }
	s.Login = func(context.Context, LoginDialogue) report.LoginReport {
		t.Error("a login")
		return report.LoginReport{}
	}
	base := serving(t, s)
	key, err := s.Ledger.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	_, said, c := post(t, base+"/session", `{"key":"`+key+`"}`)
	cookie, proof := c.Name+"="+c.Value, strings.Split(said, `"`)[3]
	for _, tc := range []struct {
		name   string
		header []string
		want   int
	}{
		{"no session", nil, 401},
		{"the cookie alone, as another port of this machine gets it", []string{"Cookie", cookie}, 401},
		{"the proof alone", []string{proofHeader, proof}, 401},
		{"a cookie of another port for these paths, and the proof", []string{"Cookie", c.Name + "=theirs", proofHeader, proof}, 401},
		{"a cookie of another port", []string{"Cookie", "upstox_doctor_1=" + c.Value, proofHeader, proof}, 401},
		{"another proof", []string{"Cookie", cookie, proofHeader, proof[1:] + "A"}, 401},
		{"a form of another site", []string{"Cookie", cookie, proofHeader, proof, "Origin", "https://evil.example", "Content-Type", "application/x-www-form-urlencoded"}, 403},
		{"a script of another site", []string{"Cookie", cookie, proofHeader, proof, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"}, 403},
		{"another port of this machine", []string{"Cookie", cookie, proofHeader, proof, "Origin", "http://127.0.0.1:1", "Sec-Fetch-Site", "same-site"}, 403},
		{"a sandboxed page", []string{"Cookie", cookie, proofHeader, proof, "Origin", "null"}, 403},
		{"no origin", []string{"Cookie", cookie, proofHeader, proof, "Origin", ""}, 403},
		{"text, which needs no permission from us", []string{"Cookie", cookie, proofHeader, proof, "Content-Type", "text/plain"}, 403},
		{"DNS rebinding", []string{"Cookie", cookie, proofHeader, proof, "Host", "rebound.example", "Origin", "http://rebound.example"}, 421},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for _, path := range []string{"/run", "/stream/start", "/stream/reconnect", "/stream/stop", "/login/start", "/login/address", "/login/code", "/login/cancel", "/instruments", "/bundle", "/schedule", "/quit"} {
				if status, said, _ := post(t, base+path, "{}", tc.header...); status != tc.want || strings.Contains(said, proof) {
					t.Errorf("%s: %d %s", path, status, said)
				}
			}
		})
	}
	for _, path := range []string{"/run", "/session", "/bundle", "/schedule", "/quit"} {
		if a, _ := get(t, base+path, "Cookie", cookie); a.StatusCode/100 == 2 {
			t.Errorf("GET %s: %d", path, a.StatusCode)
		}
	}
	if status, _, _ := post(t, base+"/session", `{"key":"`+strings.Repeat("x", maxBody)+`"}`); status != 400 {
		t.Errorf("a large body: %d", status)
	}
}

func TestPublicHasNoButtons(t *testing.T) {
	t.Parallel()
	s := once(document())
	s.Ledger, s.Public = ledger(t), true
	base := serving(t, s)
	key, err := s.Ledger.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	if status, _, _ := post(t, base+"/session", `{"key":"`+key+`"}`); status != 405 && status != 404 {
		t.Errorf("a session is begun: %d", status)
	}
	if _, page := get(t, base+"/"); strings.Contains(page, "data-post") {
		t.Error("there are buttons")
	}
}

// TestSessionsOutliveTheServer: the bookmark works tomorrow, and keys of
// yesterday do not.
func TestSessionsOutliveTheServer(t *testing.T) {
	t.Parallel()
	l := ledger(t)
	key, _ := l.NewKey()
	cookie, proof, ok := l.begin(key, asked)
	unused, err := l.NewKey()
	if err != nil || !ok {
		t.Fatal(err, ok)
	}
	next, err := OpenLedger(l.path)
	if err != nil || !next.holds(cookie, proof, asked) {
		t.Errorf("the session is lost: %v", err)
	}
	if _, _, ok := next.begin(unused, asked); ok {
		t.Error("a key of another server works")
	}
	next.now = func() time.Time { return time.Now().Add(sessionLife + time.Minute) }
	if next.holds(cookie, proof, asked) {
		t.Error("the session does not end")
	}
	late, _ := l.NewKey()
	l.now = func() time.Time { return time.Now().Add(keyLife + time.Minute) }
	if _, _, ok := l.begin(late, asked); ok {
		t.Error("the key does not end")
	}
	text, err := os.ReadFile(l.path)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{key, cookie, proof} {
		if strings.Contains(string(text), secret) {
			t.Error("the file holds a secret")
		}
	}
	if info, err := os.Stat(l.path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

// TestLedgerIsBounded begins far more sessions than are kept.
func TestLedgerIsBounded(t *testing.T) {
	t.Parallel()
	l := ledger(t)
	for range 500 {
		key, err := l.NewKey()
		if err != nil {
			t.Fatal(err)
		}
		cookie, proof, ok := l.begin(key, asked)
		if !ok || !l.holds(cookie, proof, asked) {
			t.Fatal("a new session does not hold")
		}
	}
	if info, err := os.Stat(l.path); err != nil || info.Size() > maxLedger {
		t.Errorf("%d bytes, %v", info.Size(), err)
	}
}

func TestLedgerRefusesWhatIsNoFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	link := filepath.Join(dir, "link")
	if err := os.Symlink(filepath.Join(dir, "elsewhere"), link); err != nil {
		t.Skip(err)
	}
	for _, path := range []string{dir, link, filepath.Join(dir, "none", "sessions")} {
		if _, err := OpenLedger(path); err == nil {
			t.Errorf("%s is taken", path)
		}
	}
}

// TestJoin tells a server of the same file from what else may listen.
func TestJoin(t *testing.T) {
	t.Parallel()
	s := once(document())
	s.Ledger = ledger(t)
	base := serving(t, s)
	address := strings.TrimPrefix(base, "http://")
	other := ledger(t)
	join := func(address, path string) *Ledger { l, _ := Join(t.Context(), address, path); return l }
	if join(address, other.path) != nil {
		t.Error("the server of another file passes for ours")
	}
	_, port, _ := net.SplitHostPort(address)
	l, at := Join(t.Context(), "localhost:"+port, s.Ledger.path)
	if l == nil || at != address {
		t.Fatalf("our server is not known, or at %q", at)
	}
	key, err := l.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	if _, _, ok := s.Ledger.begin(key, asked); !ok || !l.Used(key) {
		t.Error("a key of another call does not work")
	}
	if join("127.0.0.1:1", s.Ledger.path) != nil {
		t.Error("nothing listens, and passes for our server")
	}
	if join(address, filepath.Join(t.TempDir(), "none")) != nil {
		t.Error("no file, and a server passes for ours")
	}
	relay := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, said := get(t, base+r.URL.String())
		io.WriteString(w, said)
	}))
	t.Cleanup(relay.Close)
	if join(strings.TrimPrefix(relay.URL, "http://"), s.Ledger.path) != nil {
		t.Error("a program at another port that asks our server passes for it")
	}
}

// TestRunsAreNotAskedForDuringABan leaves Cloudflare alone whatever is pressed.
func TestRunsAreNotAskedForDuringABan(t *testing.T) {
	t.Parallel()
	d := document("edge-rate-limited")
	s := &Server{Every: time.Hour, Run: func(context.Context, RunRequest) report.Document { return d }, Ledger: ledger(t)}
	base := serving(t, s)
	key, _ := s.Ledger.NewKey()
	_, said, c := post(t, base+"/session", `{"key":"`+key+`"}`)
	if status, said, _ := post(t, base+"/run", "{}", "Cookie", c.Name+"="+c.Value, proofHeader, strings.Split(said, `"`)[3]); status != 429 || !strings.Contains(said, "in 1 min") && !strings.Contains(said, "in 59") {
		t.Errorf("%d %s", status, said)
	}
}
