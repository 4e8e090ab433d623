package report

import (
	"strings"
	"testing"

	"upstox-doctor/checks/catalog"
)

// TestLanding reads the page that the browser lands on, after each kind of end.
func TestLanding(t *testing.T) {
	t.Parallel()
	begin, source := LandingBegin()
	if !strings.Contains(begin, "<h1>You are back from Upstox</h1>") || !strings.HasPrefix(source, "'sha256-") {
		t.Errorf("begins with %s, styled from %s", begin, source)
	}
	done := LoginResult{Kind: "oauth", Expires: nextEnd, Price: 24512.35, Saved: []string{".upstox_token"}}
	hidden := done
	hidden.Finding, hidden.Seen = catalog.TokenShadowed, "UPSTOX_ACCESS_TOKEN (environment)"
	simulated := done
	simulated.Simulated = "token-expired-in-file"
	for _, tc := range []struct {
		name      string
		result    LoginResult
		want, not []string
	}{
		{"a token that works", done, []string{"<h1>Token is valid and working!</h1>", "NIFTY 50 stands at 24,512.35.", "upstox-doctor watch", "Start your program again"}, []string{"simulated", "What to do first"}},
		{"a hidden one", hidden, []string{"another one hides it", "token-shadowed", "What to do first"}, []string{"valid and working"}},
		{"a failure", LoginResult{Finding: catalog.LoginCancelled, Seen: "hunter2 <script>", Failed: true}, []string{"<h1>Login failed.</h1>", "login-cancelled", "&lt;script&gt;", "upstox-doctor login"}, []string{"valid and working", "<script"}},
		{"Ctrl-C", LoginResult{Seen: "interrupted", Failed: true}, []string{"<h1>Login failed: interrupted.</h1>"}, []string{"What to do first"}},
		{"a rehearsal", simulated, []string{"simulated login", "<code>token-expired-in-file</code>", "invented"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := Meta{OS: "linux", Scrub: func(s string) string { return strings.ReplaceAll(s, "hunter2", "[redacted]") }}
			page := NewLoginReport(tc.result, m).LandingEnd()
			for _, want := range tc.want {
				if !strings.Contains(page, want) {
					t.Errorf("lacks %q:\n%s", want, page)
				}
			}
			for _, not := range append(tc.not, "hunter2", "http", "src=") {
				if strings.Contains(page, not) {
					t.Errorf("has %q:\n%s", not, page)
				}
			}
			if n := strings.Count(page, "<li>"); tc.result.Failed && n > 1 {
				t.Errorf("shows %d steps, and the terminal has them all", n)
			}
		})
	}
}
