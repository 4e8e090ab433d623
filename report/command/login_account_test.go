package command

import (
	"encoding/base64"
	"testing"

	"upstox-doctor/checks"
	"upstox-doctor/checks/token"
)

// tokenOf is a token that says whose it is, or nothing.
func tokenOf(account string) token.Token {
	part := base64.RawURLEncoding.EncodeToString
	return token.Parse(part([]byte(`{"alg":"HS256"}`)) + "." + part([]byte(`{"sub":"`+account+`"}`)) + "." + part(make([]byte, 32)))
}

// TestWhoseTokenItWas: the account before is told if both are known and differ, also if
// they look alike when masked.
func TestWhoseTokenItWas(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ before, now, want string }{
		{"AB1234", "CD5678", "AB**34"},
		{"AB1234", "AB9934", "AB**34"},
		{"AB1234", "AB1234", ""},
		{"AB1234", "", ""},
		{"", "AB1234", ""},
		{"A12", "AB1234", "***"},
	} {
		result, status := loginResult(checks.LoggedIn{Token: tokenOf(tc.now), Replaced: tokenOf(tc.before)}, nil)
		if status != 0 || result.AccountBefore != tc.want {
			t.Errorf("%q after %q: %d, %q", tc.now, tc.before, status, result.AccountBefore)
		}
	}
}
