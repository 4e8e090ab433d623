package login_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/login"
	"upstox-doctor/checks/redact"
	"upstox-doctor/checks/token"
	"upstox-doctor/checks/upstox"
)

const (
	aSecret = "s1mul8t0r5"
	aToken  = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJBMSJ9.c2lnbmF0dXJl"
	good    = `{"access_token":"` + aToken + `","is_active":true}`
	price   = `{"status":"success","data":{"NSE_INDEX:Nifty 50":{"last_price":1,"instrument_token":"NSE_INDEX|Nifty 50"}}}`
)

func problem(code string) string {
	return `{"status":"error","errors":[{"errorCode":"` + code + `","message":"about mk404x and ` + aSecret + `"}]}`
}

// TestAnswersOfUpstox plays what Upstox may answer after the user has logged
// in: what is the diagnosis, and which token is in the file then?
func TestAnswersOfUpstox(t *testing.T) {
	t.Parallel()
	type answer struct {
		status int
		body   string
	}
	for _, tc := range []struct {
		name            string
		exchange, quote answer
		want            *catalog.Entry
		saved           bool
	}{
		{"all is well", answer{200, good}, answer{200, price}, nil, true},
		{"the code was used", answer{401, problem("UDAPI100057")}, answer{}, catalog.LoginCodeInvalid, false},
		{"another secret", answer{401, problem("UDAPI100069")}, answer{}, catalog.LoginCredentialsInvalid, false},
		{"bad credentials", answer{401, problem("UDAPI100016")}, answer{}, catalog.LoginCredentialsInvalid, false},
		{"another redirect", answer{401, problem("UDAPI100070")}, answer{}, catalog.LoginRedirectMismatch, false},
		{"a disabled app", answer{403, problem("UDAPI100073")}, answer{}, catalog.AppInactive, false},
		{"a dormant account", answer{400, problem("UDAPI100058")}, answer{}, catalog.AccountInactive, false},
		{"an account that is said to be dormant", answer{200, strings.Replace(good, "true", "false", 1)}, answer{}, catalog.AccountInactive, false},
		{"too many calls", answer{429, problem("UDAPI100099")}, answer{}, catalog.RateLimited, false},
		{"a fault", answer{503, "down"}, answer{}, catalog.UpstoxUnavailable, false},
		{"a page of a portal", answer{200, "<html>sign in</html>"}, answer{}, catalog.CaptivePortal, false},
		{"no token in it", answer{200, `{"user_id":"A1"}`}, answer{}, catalog.APIUnexpectedResponse, false},
		{"a token that is none", answer{200, `{"access_token":"mk404x"}`}, answer{}, catalog.APIUnexpectedResponse, false},
		{"the new token is refused", answer{200, good}, answer{401, problem("UDAPI100050")}, catalog.TokenRejected, false},
		{"the new token cannot be tried", answer{200, good}, answer{503, "down"}, nil, true},
		{"the new token is tried too often", answer{200, good}, answer{429, problem("UDAPI10005")}, nil, true},
		{"the price is a page", answer{200, good}, answer{200, "<html>down for maintenance</html>"}, nil, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var exchanges atomic.Int64
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				a := tc.quote
				if r.Method == "POST" {
					exchanges.Add(1)
					a = tc.exchange
				}
				w.WriteHeader(a.status)
				io.WriteString(w, a.body)
			}))
			defer s.Close()
			path := filepath.Join(t.TempDir(), ".upstox_token")
			if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
				t.Fatal(err)
			}
			secrets := new(redact.Set)
			got, err := login.Run(t.Context(), login.Flow{
				App: login.App{Key: "key", Secret: aSecret, Redirect: "https://me.example/cb"}, Upstox: &upstox.Client{Base: s.URL}, Page: s.URL,
				Store: token.Store{Path: path}, Secrets: secrets, Probe: "NSE_INDEX|Nifty 50",
				Dialogue: login.Dialogue{Once: true, Say: func(string) {}, Show: func(string) {}, Ask: func(context.Context, string) (string, error) { return "mk404x", nil }},
				ByHand:   true,
			})
			if tc.want != nil {
				diagnosed(t, err, tc.want)
			} else if err != nil || got.Token.Value() != aToken || (got.Untried == nil) != (got.Price == 1) {
				t.Errorf("got %v, %v", got, err)
			}
			b, _ := os.ReadFile(path)
			if want := map[bool]string{true: aToken, false: "old"}[tc.saved]; string(b) != want {
				t.Error("the wrong token is in the file")
			}
			if n := exchanges.Load(); n != 1 {
				t.Errorf("%d exchanges", n)
			}
			for _, secret := range []string{aSecret, aToken, "mk404x"} {
				if strings.Contains(fmt.Sprintf("%v %+v", err, got), secret) {
					t.Errorf("shows %q: %v", secret, err)
				}
			}
			if got := secrets.String(aSecret + " mk404x"); strings.Contains(got, "mk404x") || strings.Contains(got, aSecret) {
				t.Errorf("the secrets of the login are not known: %s", got)
			}
		})
	}
}
