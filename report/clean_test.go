package report

import (
	"encoding/json"
	"errors"
	"math"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/redact"
)

func scrub(s string) string { return strings.ReplaceAll(s, secret, "[secret]") }

func TestCleanText(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, in string
		limit    int
		want     string
	}{
		{"plain text stays", "no answer within 5 s", 50, "no answer within 5 s"},
		{"lines become one", " one\r\n\ttwo\u2028three ", 50, "one two three"},
		{"colour and titles go", "\x1b[31mred\x1b[0m \x1b]0;title\aend", 50, "red end"},
		{"direction marks go", "a\u202eb\u2066c", 50, "abc"},
		{"an emoji gets no second column", "a \u26a0\ufe0f b", 50, "a \u26a0 b"},
		{"broken UTF-8 is marked", "a\xffb", 50, "a\ufffdb"},
		{"long text ends in an ellipsis", "abcdef", 5, "abcd…"},
		{"text of just that length does not", "abcde", 5, "abcde"},
		{"a secret", "token " + secret + "!", 50, "token [secret]!"},
		{"a secret with a NUL in it", strings.Replace(secret, ".", ".\x00", 1), 50, "[secret]"},
		{"a secret in colour", strings.Replace(secret, ".", "\x1b[1m.", 1), 50, "[secret]"},
		{"a secret at the cut", "0123456789" + secret, 15, "0123456789[sec…"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := (cleaner{scrub}).text(tc.in, tc.limit); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestCleanEvidence(t *testing.T) {
	t.Parallel()
	address := &url.URL{Scheme: "http", Host: "proxy.example:3128"}
	for _, tc := range []struct {
		name  string
		value any
		want  any
	}{
		{"text", "a\nb", "a b"},
		{"number", 75, json.Number("75")},
		{"large number", uint64(math.MaxUint64), json.Number("18446744073709551615")},
		{"nothing", nil, nil},
		{"truth", true, true},
		{"bytes are text", []byte(secret), "[secret]"},
		{"raw JSON", json.RawMessage(`{"a":["` + secret + `"]}`), map[string]any{"a": []any{"[secret]"}}},
		{"error", errors.New("dial: " + secret), "dial: [secret]"},
		{"duration", 1500 * time.Millisecond, "1.5s"},
		{"time", time.Date(2026, 11, 23, 3, 30, 0, 0, market.IST), "2026-11-23T03:30:00.000+05:30"},
		{"address", netip.MustParseAddr("::1"), "::1"},
		{"what prints itself", address, "http://proxy.example:3128"},
		{"list", []string{"a", secret}, []any{"a", "[secret]"}},
		{"key of an object", map[string]int{secret: 1}, map[string]any{"[secret]": json.Number("1")}},
		{"not a number", math.NaN(), "NaN"},
		{"long list", make([]int, 52), append(repeated(json.Number("0"), 50), "… and 2 more")},
		{"deep list", []any{[]any{[]any{[]any{[]any{[]any{[]any{1}}}}}}}, []any{[]any{[]any{[]any{[]any{[]any{"…"}}}}}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var in doctor.Evidence
			in.Add("name", tc.value)
			got := (cleaner{scrub}).evidence(in)
			if diff := cmp.Diff(tc.want, got[0].Value); diff != "" {
				t.Errorf("(- want, + got)\n%s", diff)
			}
		})
	}
}

func repeated(v any, n int) []any {
	out := make([]any, n)
	for i := range out {
		out[i] = v
	}
	return out
}

func TestEvidenceNames(t *testing.T) {
	t.Parallel()
	var in doctor.Evidence
	for _, name := range []string{"b", "a", "b", "\x00", "b"} {
		in.Add(name, 1)
	}
	got, err := json.Marshal((cleaner{}).evidence(in))
	if want := `{"b":1,"a":1,"b_2":1,"unnamed":1,"b_3":1}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
	if got, err := json.Marshal((cleaner{}).evidence(nil)); err != nil || string(got) != "{}" {
		t.Errorf("got %s, %v for no evidence, want {}", got, err)
	}
}

// TestSecretsByNameAndShape uses the real redaction: unknown secrets are found by
// their shape, and inside objects by their name.
func TestSecretsByNameAndShape(t *testing.T) {
	t.Parallel()
	const hidden = "Zq7-unheard-of"
	var known redact.Set
	known.Add("s3cret-of-this-run")
	for name, c := range map[string]cleaner{"none": {}, "a set": {known.String}} {
		var in doctor.Evidence
		in.Add("body", map[string]any{"data": map[string]string{"access_token": hidden}})
		in.Add("client_secret", hidden)
		in.Add("feed", "wss://wsfeeder-api.upstox.com/feeds?requestId=1&code="+hidden)
		in.Add("proxy", "http://user:"+hidden+"@proxy.example:3128")
		out, err := json.Marshal(c.evidence(in))
		if err != nil || strings.Contains(string(out), hidden) {
			t.Errorf("with %s the secret is shown: %s, %v", name, out, err)
		}
		for _, stays := range []string{"wsfeeder-api.upstox.com", "proxy.example:3128", "access_token"} {
			if !strings.Contains(string(out), stays) {
				t.Errorf("with %s there is no %s in %s", name, stays, out)
			}
		}
	}
	c := cleaner{known.String}
	if got := c.text("a s3cret-of-this-run b", 99); got != "a [redacted] b" {
		t.Errorf("got %q", got)
	}
}
