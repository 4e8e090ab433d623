package login_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/login"
	"upstox-doctor/checks/redact"
	"upstox-doctor/checks/token"
	"upstox-doctor/checks/upstox"
)

// handlerTransport is a round trip without a network, so that the test can use
// virtual time.
type handlerTransport func(w http.ResponseWriter, r *http.Request)

func (f handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	f(w, r)
	return w.Result(), nil
}

// jwt is a token as Upstox makes them, with a signature of 32 bytes.
func jwt(ends int64, signed byte) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"typ":"JWT","alg":"HS256"}`)) + "." + encode(fmt.Appendf(nil, `{"sub":"A1","exp":%d}`, ends)) + "." + encode(append(make([]byte, 31), signed))
}

var (
	oldToken = jwt(4e9, 1)
	newToken = jwt(4e9, 2)
)

// A requestTest is one token request in a bubble: the answers of Upstox, and
// what was printed.
type requestTest struct {
	flow       login.Flow
	validFor   time.Duration // of the request, by Upstox's clock
	clockAhead time.Duration // of the local clock before Upstox's
	asked      int
	quote      int // status that the new token gets
	answer     string
	said       strings.Builder
	waits      []string
}

const hook = "https://owner:pass-w0rd@bot.example.com/upstox/hook?key=n0t1f1er"

func newRequest(t *testing.T, before string) *requestTest {
	t.Helper()
	path := filepath.Join(t.TempDir(), ".upstox_token")
	if before != "" {
		writeFile(t, path, before)
	}
	r := &requestTest{validFor: time.Minute, quote: 200}
	r.flow = login.Flow{
		App: login.App{Key: "key", Secret: aSecret}, Store: token.Store{Path: path}, Secrets: new(redact.Set), Probe: "NSE_INDEX|Nifty 50",
		Upstox:   &upstox.Client{HTTP: handlerTransport(r.serve), Base: "http://upstox.test"},
		Dialogue: login.Dialogue{Say: func(line string) { fmt.Fprintln(&r.said, line) }},
	}
	return r
}

// noAnswer is the status of a quote that is never answered.
const noAnswer = 0

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Error(err)
	}
}

func (r *requestTest) serve(w http.ResponseWriter, q *http.Request) {
	now := time.Now().Add(-r.clockAhead)
	w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
	switch {
	case q.Method == "POST" && r.answer != "":
		w.WriteHeader(400)
		io.WriteString(w, r.answer)
	case q.Method == "POST":
		r.asked++
		ends := ""
		if r.validFor > 0 {
			ends = fmt.Sprint(now.Add(r.validFor).UnixMilli())
		}
		fmt.Fprintf(w, `{"status":"success","data":{"authorization_expiry":"%s","notifier_url":"%s"}}`, ends, hook)
	case q.Header.Get("Authorization") != "Bearer "+newToken || r.quote == 401:
		w.WriteHeader(401)
		io.WriteString(w, problem("UDAPI100050"))
	case r.quote == noAnswer:
		<-q.Context().Done()
	default:
		w.WriteHeader(r.quote)
		io.WriteString(w, price)
	}
}

// run makes the request, and looks for secrets in all that was said. It
// returns how long it took.
func (r *requestTest) run(ctx context.Context, t *testing.T) (login.Result, time.Duration, error) {
	t.Helper()
	begun := time.Now()
	got, err := login.Request(ctx, r.flow)
	shown := fmt.Sprintf("%s %v %v %v", r.said.String(), r.waits, got, err)
	for _, secret := range []string{aSecret, oldToken, newToken, oldToken[:40], "n0t1f1er", "pass-w0rd"} {
		if strings.Contains(shown, secret) {
			t.Errorf("a secret is shown: %s", shown)
		}
	}
	return got, time.Since(begun), err
}

// A fileChange is a text that is written into the token file, and when.
type fileChange struct {
	after time.Duration
	text  string
}

const sec = time.Second

func TestRequestWaitsForAnotherToken(t *testing.T) {
	t.Parallel()
	message := `{"client_id":"key","user_id":"A1","access_token":"` + newToken + `","token_type":"Bearer","expires_at":"4000000000000","message_type":"access_token"}`
	for _, tc := range []struct {
		name    string
		before  string
		changes []fileChange
		atLeast time.Duration
	}{
		{"another token", oldToken, []fileChange{{10 * sec, newToken}}, 10 * sec},
		{"with a line end", oldToken + "\n", []fileChange{{10 * sec, newToken + "\r\n"}}, 10 * sec},
		{"no file at first", "", []fileChange{{10 * sec, newToken}}, 10 * sec},
		{"what Upstox posts, as it is", `{"access_token":"` + oldToken + `"}`, []fileChange{{10 * sec, message}}, 10 * sec},
		{"a line for a program", "UPSTOX_ACCESS_TOKEN=" + oldToken, []fileChange{{10 * sec, "UPSTOX_ACCESS_TOKEN=" + newToken}}, 10 * sec},
		{"something else at first", "mk404x", []fileChange{{10 * sec, newToken}}, 10 * sec},
		{"emptied before it is written", oldToken, []fileChange{{10 * sec, ""}, {12 * sec, newToken}}, 12 * sec},
		{"the first part before the rest", oldToken, []fileChange{{10*sec - 1, newToken[:30]}, {12 * sec, newToken}}, 12 * sec},
		{"all but the last characters before the rest", oldToken, []fileChange{{10*sec - 1, newToken[:len(newToken)-3]}, {10*sec + 400*time.Millisecond, newToken}}, 10 * sec},
		{"half of the JSON before the rest", oldToken, []fileChange{{10 * sec, message[:90]}, {12 * sec, message}}, 12 * sec},
		{"the old one once more before the new", oldToken, []fileChange{{10 * sec, oldToken + "\n"}, {12 * sec, newToken}}, 12 * sec},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRequest(t, tc.before)
				for _, c := range tc.changes {
					time.AfterFunc(c.after, func() { writeFile(t, r.flow.Store.Path, c.text) })
				}
				got, took, err := r.run(t.Context(), t)
				if err != nil || got.Token.Value() != newToken || r.asked != 1 {
					t.Fatalf("got %v, %v after %d requests", got, err, r.asked)
				}
				if took < tc.atLeast || took > tc.atLeast+2*sec {
					t.Errorf("took %s", took)
				}
			})
		})
	}
}

func TestRequestEndsWithADiagnosis(t *testing.T) {
	t.Parallel()
	dead := jwt(900000000, 3) // by the bubble's clock, which begins in 2000
	for _, tc := range []struct {
		name     string
		change   string
		quote    int
		deadline time.Duration
		want     *catalog.Entry
		seen     string // with DIR for the directory
		took     time.Duration
	}{
		{"nobody approves", "", 200, time.Hour, catalog.LoginTimeout, "no other token came into DIR until the request ended at Sat 1 Jan 2000 05:31 IST", time.Minute},
		{"the user has less time", "", 200, 20 * sec, catalog.LoginTimeout, "no other token came into DIR until the deadline", 20 * sec},
		{"the old token again", oldToken + "\n", 200, time.Hour, catalog.LoginTimeout, "no other token came into DIR until", time.Minute},
		{"no token", "mk404x", 200, time.Hour, catalog.LoginTimeout, "DIR, which holds no token (6 characters: that is the length", time.Minute},
		{"a token that stays cut", newToken[:60], 200, time.Hour, catalog.LoginTimeout, "DIR, which holds no token (two parts", time.Minute},
		{"JSON that stays cut", `{"access_token":"`, 200, time.Hour, catalog.LoginTimeout, "DIR, which cannot be read (is not valid JSON)", time.Minute},
		{"a token that is refused", newToken, 401, time.Hour, catalog.TokenRejected, "Upstox refuses the token that came into DIR: GET /v3/market-quote/ltp: 401", 11 * sec},
		{"a token that is dead", dead, 401, time.Hour, catalog.TokenExpired, "Upstox refuses the token that came into DIR", 11 * sec},
		{"a token that was cut by a few characters", newToken[:len(newToken)-3], 200, time.Hour, catalog.TokenRejected, "Upstox refuses the token that came into DIR", 11 * sec},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRequest(t, oldToken)
				r.quote = tc.quote
				if tc.change != "" {
					time.AfterFunc(10*sec-1, func() { writeFile(t, r.flow.Store.Path, tc.change) })
				}
				ctx, cancel := context.WithTimeout(t.Context(), tc.deadline)
				defer cancel()
				got, took, err := r.run(ctx, t)
				f := diagnosed(t, err, tc.want)
				if want := strings.ReplaceAll(tc.seen, "DIR", r.flow.Store.Path); !strings.Contains(f.Seen, want) || got.Token.Value() != "" {
					t.Errorf("seen %q, want %q", f.Seen, want)
				}
				if took.Round(sec) != tc.took.Round(sec) && took.Round(sec) != tc.took.Round(sec)-sec {
					t.Errorf("took %s, want %s", took, tc.took)
				}
			})
		})
	}
}

// TestRequestDoesWithoutAQuote: the token that has come is accepted without a
// price, after a short wait.
func TestRequestDoesWithoutAQuote(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		quote int
		seen  string
		took  time.Duration
	}{
		{"unavailable", 503, "GET /v3/market-quote/ltp: 503", 11 * sec},
		{"limited", 429, "GET /v3/market-quote/ltp: 429", 11 * sec},
		{"hung", noAnswer, "GET /v3/market-quote/ltp: ", 21 * sec},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRequest(t, oldToken)
				r.quote = tc.quote
				time.AfterFunc(10*sec-1, func() { writeFile(t, r.flow.Store.Path, newToken) })
				got, took, err := r.run(t.Context(), t)
				if err != nil || got.Token.Value() != newToken {
					t.Errorf("got %v, %v", got, err)
				}
				if got.Untried == nil || !strings.HasPrefix(got.Untried.Seen, tc.seen) {
					t.Errorf("untried: %v, want %q", got.Untried, tc.seen)
				}
				if took > tc.took {
					t.Errorf("took %s, want %s at most", took, tc.took)
				}
			})
		})
	}
}

func TestRequestIsInterrupted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRequest(t, oldToken)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(7*sec, cancel)
		if _, took, err := r.run(ctx, t); !errors.Is(err, context.Canceled) || took != 7*sec {
			t.Errorf("got %v after %s", err, took)
		}
	})
}
