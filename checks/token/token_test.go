package token

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/market"
)

const (
	header = `{"typ":"JWT","key_id":"sk_v1.0","alg":"HS256"}`
	claims = `{"sub":"AB1234","jti":"65f1","isMultiClient":false,"isPlusPlan":true,"iat":1795410000,"iss":"udapi-gateway-service","exp":1795471200}`
)

var signature = strings.Repeat("s", 32)

// jwt makes a token of the three texts.
func jwt(header, payload, signature string) string {
	b64 := base64.RawURLEncoding.EncodeToString
	return b64([]byte(header)) + "." + b64([]byte(payload)) + "." + b64([]byte(signature))
}

func TestParseForm(t *testing.T) {
	t.Parallel()
	good := jwt(header, claims, signature)
	parts := strings.Split(good, ".")
	for _, tc := range []struct {
		name, raw string
		want      Form
		why       string // part of Malformation
	}{
		{"as Upstox issues them", good, JWT, ""},
		{"padded", strings.Join([]string{parts[0] + "==", parts[1] + "=", parts[2] + "="}, "."), JWT, ""},
		{"another algorithm", jwt(`{"alg":"RS256"}`, claims, "short"), JWT, ""},
		{"no claims", jwt(header, "{}", signature), JWT, ""},
		{"header with a blank first", jwt(`{ "alg":"none"}`, claims, "x"), JWT, ""},
		{"one word", "0123456789abcdef0123456789abcdef01234567", Opaque, ""},
		{"words with dots", "opaque.token.of-some_length", Opaque, ""},
		{"twenty characters", "abcdefghij0123456789", Opaque, ""},
		{"nothing", "", Malformed, "empty"},
		{"authorization code", "mk404x", Malformed, "authorization code"},
		{"API secret", "a1b2c3d4e5", Malformed, "authorization code or an API secret"},
		{"one-time password", "482913", Malformed, "6 digits"},
		{"API key", "3f2b8c1e-7a44-4c55-9b1d-0e6f2a9d8c71", Malformed, "API key"},
		{"short word", "abcdefgh-ijklmnop", Malformed, "17 characters are too few"},
		{"word for nothing", "None", Malformed, "word for nothing"},
		{"header alone", parts[0], Malformed, "one part"},
		{"cut in the header", parts[0][:20], Malformed, "one part"},
		{"without signature", parts[0] + "." + parts[1], Malformed, "two parts"},
		{"cut in the payload", parts[0] + "." + parts[1][:40], Malformed, "two parts"},
		{"empty signature", parts[0] + "." + parts[1] + ".", Malformed, "signature, is empty"},
		{"pasted twice", good + good, Malformed, "5 parts"},
		{"start is missing", good[4:], Malformed, "start of its first part"},
		{"hole in the header", parts[0][:9] + parts[0][10:] + "." + parts[1] + "." + parts[2], Malformed, "first part cannot be read"},
		{"hole in the payload", parts[0] + "." + parts[1][:9] + parts[1][10:] + "." + parts[2], Malformed, "second part cannot be read"},
		{"payload is a list", jwt(header, "[1]", signature), Malformed, "second part"},
		{"payload is null", jwt(header, "null", signature), Malformed, "second part"},
		{"newline at the end", good + "\n", Malformed, fmt.Sprintf("white space at position %d", len(good)+1)},
		{"Bearer before it", "Bearer " + good, Malformed, "white space at position 7"},
		{"quotes", `"` + good + `"`, Malformed, "tokens do not have at position 1"},
		{"control character", "abc\x01" + good, Malformed, "control character at position 4"},
		{"zero-width space", "\u200b" + good, Malformed, "outside ASCII at position 1"},
		{"not UTF-8", "\xff" + good, Malformed, "outside ASCII at position 1"},
		{"URL", "https://127.0.0.1/?code=mk404x", Malformed, "URL"},
		{"JSON", `{"access_token":"x"}`, Malformed, "JSON"},
		{"a megabyte", "eyJ" + strings.Repeat("a.", 1<<19), Malformed, "1048579 bytes"},
		{"16 KiB of dots", strings.Repeat(".", maxLength), Opaque, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := Parse(tc.raw)
			if got.Form != tc.want || !strings.Contains(got.Malformation, tc.why) || (got.Malformation == "") != (tc.want != Malformed) {
				t.Errorf("got %s because %q, want %s because %q", got.Form, got.Malformation, tc.want, tc.why)
			}
			if got.Value() != tc.raw {
				t.Error("Value is not the raw text")
			}
		})
	}
}

func TestClaims(t *testing.T) {
	t.Parallel()
	got := Parse(jwt(header, claims, signature))
	// 1795471200 is 2026-11-23 22:00:00 UTC.
	if want := time.Date(2026, 11, 24, 3, 30, 0, 0, market.IST); !got.Expires.Equal(want) {
		t.Errorf("ends %s, want %s", got.Expires, want)
	}
	if got.Issued.Unix() != 1795410000 {
		t.Errorf("issued %s", got.Issued)
	}
	if got.Plus == nil || !*got.Plus || got.Extended {
		t.Errorf("plan %v, extended %v", got.Plus, got.Extended)
	}
	old := Parse(jwt(header, `{"isPlus":false,"isExtended":true,"isMultiClient":true}`, signature))
	if old.Plus == nil || *old.Plus || !old.Extended {
		t.Errorf("older claims: plan %v, extended %v", old.Plus, old.Extended)
	}
	if other := Parse(jwt(header, `{"iss":"supabase"}`, signature)); got.Foreign || old.Foreign || !other.Foreign {
		t.Errorf("foreign: %v, without an issuer %v, of another service %v", got.Foreign, old.Foreign, other.Foreign)
	}
	none := Parse(jwt(header, `{"isPlusPlan":"yes","isExtended":1,"iss":"two words"}`, signature))
	if none.Plus != nil || none.Extended {
		t.Errorf("claims of the wrong type are used: %v, %v", none.Plus, none.Extended)
	}
}

func TestDateClaim(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, exp string
		want      int64 // 0: unknown
	}{
		{"seconds", "1795471200", 1795471200},
		{"fraction", "1795471200.75", 1795471200},
		{"exponent", "1.7954712e9", 1795471200},
		{"text", `"1795471200"`, 1795471200},
		{"milliseconds", "1795471200000", 1795471200},
		{"milliseconds as text", `"1795471200000"`, 1795471200},
		{"zero", "0", 0},
		{"negative", "-1", 0},
		{"far future", "1e300", 0},
		{"infinite", `"Inf"`, 0},
		{"not a number", `"NaN"`, 0},
		{"date as text", `"2026-11-24"`, 0},
		{"boolean", "true", 0},
		{"null", "null", 0},
		{"list", "[1795471200]", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := Parse(jwt(header, `{"exp":`+tc.exp+`}`, signature))
			if got.Form != JWT {
				t.Fatalf("%s: %s", got.Form, got.Malformation)
			}
			if tc.want == 0 && !got.Expires.IsZero() || tc.want != 0 && got.Expires.Unix() != tc.want {
				t.Errorf("got %s, want %d", got.Expires, tc.want)
			}
		})
	}
}

func TestKind(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, raw, want string }{
		{"login", jwt(header, claims, signature), "oauth"},
		{"login, a whole day", jwt(header, `{"iat":1795384800,"exp":1795471200}`, signature), "oauth"},
		{"Analytics", jwt(header, `{"isExtended":true,"iat":1795410000,"exp":1826946000}`, signature), "analytics"},
		{"a year without isExtended", jwt(header, `{"iat":1795410000,"exp":1826946000}`, signature), "extended"},
		{"no dates", jwt(header, `{}`, signature), "oauth"},
		{"no date of issue", jwt(header, `{"exp":1826946000}`, signature), "oauth"},
		{"opaque", "abcdefghij0123456789", "opaque"},
		{"malformed", "mk404x", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := Parse(tc.raw).Kind(); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestExpired(t *testing.T) {
	t.Parallel()
	tok := Parse(jwt(header, claims, signature))
	end := tok.Expires
	for _, tc := range []struct {
		name string
		at   time.Time
		want bool
	}{
		{"a second before", end.Add(-time.Second), false},
		{"the very second", end, true},
		{"an hour after", end.Add(time.Hour), true},
	} {
		left, known := tok.Left(tc.at)
		if got := tok.Expired(tc.at); got != tc.want || !known || left != end.Sub(tc.at) {
			t.Errorf("%s: expired %v, left %s (%v)", tc.name, got, left, known)
		}
	}
	opaque := Parse("abcdefghij0123456789")
	if _, known := opaque.Left(end); known || opaque.Expired(end) {
		t.Error("an opaque token tells its end")
	}
	if left, _ := tok.Left(time.Unix(math.MaxInt32*1000, 0)); left >= 0 {
		t.Errorf("left %s for ever after", left)
	}
}

func TestEndOfDay(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, tc := range []struct{ name, at, last, next string }{
		{"issued in the evening", "2026-11-23T20:00:00+05:30", "2026-11-23T03:30:00+05:30", "2026-11-24T03:30:00+05:30"},
		{"issued at 02:30, one hour to live", "2026-11-24T02:30:00+05:30", "2026-11-23T03:30:00+05:30", "2026-11-24T03:30:00+05:30"},
		{"the moment itself", "2026-11-24T03:30:00+05:30", "2026-11-24T03:30:00+05:30", "2026-11-25T03:30:00+05:30"},
		{"a second before", "2026-11-24T03:29:59+05:30", "2026-11-23T03:30:00+05:30", "2026-11-24T03:30:00+05:30"},
		{"evening in London is tomorrow in India", "2026-11-23T22:00:01Z", "2026-11-24T03:30:00+05:30", "2026-11-25T03:30:00+05:30"},
		{"turn of the year", "2026-12-31T23:59:59+05:30", "2026-12-31T03:30:00+05:30", "2027-01-01T03:30:00+05:30"},
		{"leap day", "2028-02-29T12:00:00-08:00", "2028-02-29T03:30:00+05:30", "2028-03-01T03:30:00+05:30"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := LastEnd(at(tc.at)); !got.Equal(at(tc.last)) {
				t.Errorf("last end %s, want %s", got, tc.last)
			}
			if got := NextEnd(at(tc.at)); !got.Equal(at(tc.next)) {
				t.Errorf("next end %s, want %s", got, tc.next)
			}
		})
	}
}

func TestTokenIsNeverPrinted(t *testing.T) {
	t.Parallel()
	raw := jwt(header, claims, signature)
	tok := Parse(raw)
	holder := struct {
		Token Token
		inner Token
		list  []Token
	}{tok, tok, []Token{tok}}
	var shown strings.Builder
	for _, verb := range strings.Fields("%v %+v %#v %s %q %x %X %d %t %p %o %U %c %8.3f") {
		fmt.Fprintf(&shown, verb+" "+verb+" "+verb+"\n", tok, &tok, holder)
	}
	fmt.Fprintln(&shown, tok, tok.String())
	text, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	shown.Write(text)
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "token", tok)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "token", tok)
	all := shown.String() + log.String()
	for _, part := range strings.Split(raw, ".") {
		for _, secret := range []string{part[:12], fmt.Sprintf("%x", part[:12]), fmt.Sprintf("%X", part[:12])} {
			if strings.Contains(all, secret) {
				t.Errorf("a part of the token is shown:\n%s", all)
			}
		}
	}
	want := fmt.Sprintf("jwt of %d characters", len(raw))
	if tok.String() != want || !strings.Contains(string(text), want) || (Token{}).String() != "no token" {
		t.Errorf("got %s, %s, %s; want %s", tok, text, Token{}, want)
	}
	if (Token{}).Value() != "" {
		t.Error("the zero token has a value")
	}
}

func TestWhyNeverQuotes(t *testing.T) {
	t.Parallel()
	good := jwt(header, claims, signature)
	for i := range len(good) {
		for _, raw := range []string{good[:i], good[i:], good[:i] + "§" + good[i:]} {
			why := Parse(raw).Malformation
			for n := 6; n <= len(raw); n += 6 {
				if strings.Contains(why, raw[n-6:n]) {
					t.Fatalf("%q quotes the token", why)
				}
			}
		}
	}
}

// A signature that cannot be right sets Doubt and not another Form: the claims
// can be read, and only Upstox can check the signature.
func TestDoubt(t *testing.T) {
	t.Parallel()
	good := jwt(header, claims, signature)
	body := good[:strings.LastIndex(good, ".")]
	for _, tc := range []struct{ name, raw, want string }{
		{"whole", good, ""},
		{"cut in the signature", good[:len(good)-5], "it was cut, or text was added"},
		{"text after the signature", good + "abcd", "35 bytes"},
		{"standard base64 in the signature", body + ".ab+/", "third part cannot be read"},
		{"another algorithm", jwt(`{"alg":"none"}`, claims, "short"), ""},
	} {
		got := Parse(tc.raw)
		if got.Form != JWT || tc.want == "" && got.Doubt != "" || !strings.Contains(got.Doubt, tc.want) {
			t.Errorf("%s: %s, doubt %q, want %q", tc.name, got.Form, got.Doubt, tc.want)
		}
	}
}
