package dotenv

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, value, want string
		faults            []string
	}{
		{"empty", "", "", nil},
		{"clean", "eyJhbGciOi.eyJzdWIi.c2ln-_", "eyJhbGciOi.eyJzdWIi.c2ln-_", nil},
		{"inner space is not ours", "a b", "a b", nil},
		{"replacement character is a character", "a\ufffdb", "a\ufffdb", nil},
		{"spaces", " ab  ", "ab", []string{"leading space", "trailing space"}},
		{"newline", "ab\n", "ab", []string{"trailing newline"}},
		{"Windows newline", "ab\r\n", "ab", []string{"trailing newline", "trailing carriage return"}},
		{"only white space", " \t\n", "", []string{"leading space", "leading tab", "leading newline"}},
		{"byte order mark", "\ufeffab", "ab", []string{"leading byte order mark"}},
		{"zero-width space inside", "héllo\u200bworld", "hélloworld", []string{"zero-width space at character 6"}},
		{"several inside, first named", "a\u200bb\u200bc\u200dd", "abcd", []string{"zero-width space at character 2", "zero-width character at character 6"}},
		{"position counts what was taken off", " \"ab\u200bc\"", "abc", []string{"leading space", "surrounding double quotes", "zero-width space at character 5"}},
		{"non-breaking space", "ab\u00a0cd\u00a0", "abcd", []string{"trailing non-breaking space", "non-breaking space at character 3"}},
		{"wrapped by the terminal", "abc\ndef", "abcdef", []string{"newline at character 4"}},
		{"control characters", "a\x00b\x1b", "ab", []string{"trailing control character", "control character at character 2"}},
		{"right-to-left mark", "ab\u200f", "ab", []string{"trailing invisible character"}},
		{"wide space", "\u3000ab", "ab", []string{"leading unusual space"}},
		{"not UTF-8", "\xa0ab\x93c", "abc", []string{"leading byte that is not UTF-8", "byte that is not UTF-8 at character 4"}},
		{"double quotes", `"ab"`, "ab", []string{"surrounding double quotes"}},
		{"single quotes", "'ab'", "ab", []string{"surrounding single quotes"}},
		{"curly quotes", "“ab”", "ab", []string{"surrounding curly double quotes"}},
		{"back quotes", "`ab`", "ab", []string{"surrounding back quotes"}},
		{"quotes in quotes", `"'ab'"`, "ab", []string{"surrounding double quotes", "surrounding single quotes"}},
		{"quoted nothing", `""`, "", []string{"surrounding double quotes"}},
		{"one quote alone", `"`, "", []string{"double quote only at the start"}},
		{"opening quote only", `"ab`, "ab", []string{"double quote only at the start"}},
		{"closing quote only", `ab'`, "ab", []string{"single quote only at the end"}},
		{"quotes of two kinds", `"ab'`, "ab", []string{"double quote only at the start", "single quote only at the end"}},
		{"inner quote stays", `a"b`, `a"b`, nil},
		{"Bearer", "Bearer abc", "abc", []string{"Bearer prefix"}},
		{"bearer in lower case, wide apart", "bearer \t abc", "abc", []string{"Bearer prefix"}},
		{"Bearer twice", "Bearer bearer abc", "abc", []string{"Bearer prefix", "second Bearer prefix"}},
		{"Bearer and nothing", "Bearer ", "", []string{"trailing space", "Bearer prefix"}},
		{"Bearer as part of a word", "BearerToken", "BearerToken", nil},
		{"quotes around Bearer", "\"Bearer 'abc'\"\n", "abc", []string{"trailing newline", "surrounding double quotes", "Bearer prefix", "surrounding single quotes"}},
		{"Bearer behind an invisible character", "Bea\u200brer abc", "abc", []string{"zero-width space at character 4", "Bearer prefix"}},
		{"position behind Bearer", "Bearer ab\u00adc", "abc", []string{"Bearer prefix", "invisible character at character 10"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, faults := Clean(tc.value)
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			if d := cmp.Diff(tc.faults, faults); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestCleanIsLinear(t *testing.T) {
	t.Parallel()
	for _, part := range []string{`"`, "Bearer ", " \"", "\u200b", "'Bearer\n", "a\u200b"} {
		value := strings.Repeat(part, 1<<20/len(part))
		if got, faults := Clean(value); len(got) >= len(value) || len(faults) > 10 {
			t.Errorf("%q repeated: %d of %d bytes left, %d faults", part, len(got), len(value), len(faults))
		}
	}
}

func TestPlaceholder(t *testing.T) {
	t.Parallel()
	for _, value := range []string{
		"YOUR_API_KEY", "your-api-key", "your_access_token_here", "yourapikey", "your api key", "YOUR", "upstox_your_key", "put-your-token-here",
		"<token>", "<your access token>", "{token}", "{{ACCESS_TOKEN}}", "${UPSTOX_ACCESS_TOKEN}", "$UPSTOX_ACCESS_TOKEN", "%UPSTOX_ACCESS_TOKEN%", "[api key]",
		"changeme", "CHANGE_ME", "change-this", "changeme123!"[:8], "replace_me", "REPLACE_WITH_TOKEN", "fill-me", "fill_in",
		"xxx", "XXXXXXXX", "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "xxx_xxx", "***", "********", "...", "…", "???", "---", "eyJ0eXAiOiJKV1Qi...", "eyJ0…",
		"paste token here", "paste_here", "PASTE-YOUR-TOKEN-HERE", "enter_secret", "token here", "api-key-here", "insert api key",
		"api_key", "API_KEY", "apikey", "upstox_api_secret", "my_token", "access_token", "client_id", "redirect_uri", "secret", "token", "code",
		"dummy", "dummy_token", "test", "test-secret", "sample_key", "example", "some_token", "placeholder",
		"None", "null", "undefined", "TODO", "n/a", " \"YOUR_API_KEY\"\n", " 'changeme'\r\n",
		"https://your-domain.com/callback", "https://<domain>/oauth2callback", "http://{host}:8000/", "https://app.your-server.in/cb", "https://...",
	} {
		if !Placeholder(value) {
			t.Errorf("%q passes for real", value)
		}
	}
	for _, value := range []string{
		"", "   ",
		"3f2b8c1e-7a44-4c55-9b1d-0e6f2a9d8c71", "00000000-0000-0000-0000-000000000000", "9d8f7s6a5q", "a1b2c3d4e5", "x9x8x7x6x5", "qwertyuiop", "mk404x", "482913",
		"eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJBQjEyMzQifQ.c2lnbmF0dXJl", `{"access_token":"abc"}`, `["a"]`,
		"https://127.0.0.1:8000/callback", "http://localhost", "http://localhost:5000/your-app", "https://myapp.example.net/cb", "https://example.com", "https://trade.in/oauth2callback",
		"tokenizer9", "testing123", "yourself9a8s", "codex81", "here", "p-xxx-9", strings.Repeat("x", 300),
	} {
		if Placeholder(value) {
			t.Errorf("%q is taken for sample text", value)
		}
	}
}
