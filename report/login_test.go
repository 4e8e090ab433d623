package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/catalog"
)

var nextEnd = time.Date(2026, 11, 23, 22, 0, 0, 0, time.UTC) // 03:30 in India

func loginTable(t *testing.T, r LoginResult, status int, o Options) string {
	t.Helper()
	var b bytes.Buffer
	m := Meta{OS: "linux", ExitCode: status, Scrub: func(s string) string { return strings.ReplaceAll(s, "hunter2", "[redacted]") }}
	if err := NewLoginReport(r, m).Table(&b, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestLoginPage(t *testing.T) {
	t.Parallel()
	done := LoginResult{Kind: "oauth", Expires: nextEnd, Price: 24512.35, Saved: []string{".upstox_token", ".env"}}
	shadowed := done
	shadowed.Finding, shadowed.Seen = catalog.TokenShadowed, "the environment wins, hunter2"
	untried := done
	untried.Finding, untried.Seen = catalog.APITimeout, "no answer"
	other := done
	other.Account, other.AccountBefore, other.OtherLogin = "AB**34", "CD**78", true
	failed := LoginResult{Finding: catalog.LoginCodeInvalid, Seen: "401 hunter2\x1b[31m", Failed: true}
	for _, tc := range []struct {
		name   string
		result LoginResult
		want   []string
		not    []string
	}{
		{"all is well", done, []string{"NIFTY 50 stands at 24,512.35.\n", "until Tue 24 Nov 2026 03:30 IST.", ".upstox_token and .env", "\nStart your program again", "\n\nToken is valid and working! Next:\n    upstox-doctor watch\n"}, []string{"What to do"}},
		{"an end that is not known", LoginResult{Saved: []string{"t"}}, []string{"Token is valid and working! Next:\n", "saved in t."}, []string{"until", "NIFTY"}},
		{"another token wins", shadowed, []string{"another one hides it.\n", "NIFTY 50", "FAIL  token-shadowed: ", "Seen: the environment wins", "unset UPSTOX_ACCESS_TOKEN"}, []string{"is valid"}},
		{"a token that was not tried", untried, []string{"could not be tried.\n", "WARN  api-timeout: ", "saved in"}, []string{"is valid"}},
		{"the token of a later login, of another account", other, []string{"Another login has ended after this one. Its token is the newer one, and stays in\n.upstox_token and .env.\n", "It is a token of the account AB**34. The token before it was of another account,\nCD**78.\n", "\n\nToken is valid and working! Next:\n"}, []string{"is saved in"}},
		{"a failure", failed, []string{"\nFAIL  login-code-invalid: ", "Seen: 401", "upstox-doctor login\n"}, []string{"is valid", "line 0", "\x1b"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := loginTable(t, tc.result, 0, Options{})
			for _, want := range tc.want {
				if !strings.Contains(got, want) {
					t.Errorf("lacks %q:\n%s", want, got)
				}
			}
			for _, not := range append(tc.not, "hunter2") {
				if strings.Contains(got, not) {
					t.Errorf("says %q:\n%s", not, got)
				}
			}
		})
	}
	if got := loginTable(t, done, 0, Options{Quiet: true}); got != "" {
		t.Errorf("quiet, and says %q", got)
	}
	for name, r := range map[string]LoginResult{"a warning": shadowed, "another account": other} {
		if got := loginTable(t, r, 0, Options{Quiet: true}); got == "" {
			t.Error(name, "is lost when quiet")
		}
	}
}

func TestLoginJSON(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		result LoginResult
		code   int
		want   LoginReport
	}{
		{"pass", LoginResult{Kind: "oauth", Expires: nextEnd, Saved: []string{"t"}}, 0, LoginReport{Status: "pass", ExpiresAt: "2026-11-24T03:30:00+05:30", Kind: "oauth", Saved: []string{"t"}}},
		{"fail", LoginResult{Finding: catalog.LoginTimeout, Seen: "nobody", Failed: true}, 1, LoginReport{Status: "fail", Saved: []string{}}},
		{"hidden", LoginResult{Finding: catalog.TokenShadowed, Seen: "env", Saved: []string{"t"}}, 1, LoginReport{Status: "fail", Saved: []string{"t"}}},
		{"warn", LoginResult{Finding: catalog.APITimeout, Seen: "silence", Saved: []string{"t"}}, 0, LoginReport{Status: "warn", Saved: []string{"t"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			if err := NewLoginReport(tc.result, Meta{ExitCode: tc.code}).JSON(&b); err != nil {
				t.Fatal(err)
			}
			var got LoginReport
			if err := json.Unmarshal(b.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if got.Schema != "upstox-doctor/login/v1" || got.Status != tc.want.Status || got.ExitCode != tc.code || got.ExpiresAt != tc.want.ExpiresAt || got.Kind != tc.want.Kind ||
				got.Saved == nil || len(got.Saved) != len(tc.want.Saved) || (tc.result.Finding != nil) != (len(got.Diagnoses) == 1) {
				t.Errorf("got %s", b.String())
			}
			if tc.result.Finding != nil && (got.Diagnoses[0].Code != tc.result.Finding.Code || len(got.Diagnoses[0].Fix.Steps) == 0) {
				t.Errorf("diagnosis %+v", got.Diagnoses[0])
			}
		})
	}
}
