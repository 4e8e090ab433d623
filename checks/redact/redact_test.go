package redact

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
)

const jwt = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJBQjEyMzQiLCJleHAiOjE3OTU0NzEyMDB9.c2lnbmF0dXJlLXNpZ25hdHVyZS1zaWduYXR1cmU"

func TestShapes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, want string }{
		{"JWT", "token " + jwt + ", then", "token [redacted], then"},
		{"JWT of two parts", jwt[:strings.LastIndex(jwt, ".")] + "\n", "[redacted]\n"},
		{"JWT with a cut tail", "at " + jwt[:60] + "... more", "at [redacted] more"},
		{"first twenty characters", "Token: " + jwt[:20], "Token: [redacted]"},
		{"two JWTs", jwt + " " + jwt, "[redacted] [redacted]"},
		{"Bearer", "sent Bearer a1b2c3d4e5", "sent Bearer [redacted]"},
		{"bearer with a long word", "bearer abcdefghijklmnopqrstuvwxyz", "bearer [redacted]"},
		{"Bearer Bearer", "Bearer Bearer " + jwt, "Bearer Bearer [redacted]"},
		{"header", "Authorization: Bearer opaque", "Authorization: Bearer [redacted]"},
		{"header of a proxy", "Proxy-Authorization: Basic dXNlcjpwYXNz\r\nHost: x", "Proxy-Authorization: Basic [redacted]\r\nHost: x"},
		{"header without scheme", "authorization: a1b2c3d4e5f6", "authorization: [redacted]"},
		{"header with an own scheme", "Authorization: Custom a1b2c3d4e5f6", "Authorization: Custom [redacted]"},
		{"header with digest", "Authorization: Digest username=\"u\", response=\"6629fae4\"\nx", "Authorization: Digest [redacted]\nx"},
		{"header in a Go map", "map[Accept:[*/*] Authorization:[Bearer abc]]", "map[Accept:[*/*] Authorization:[Bearer [redacted]]]"},
		{"header in JSON", `{"Authorization":"Bearer abc","a":1}`, `{"Authorization":"Bearer [redacted]","a":1}`},
		{"header in Python", `{'Authorization': 'Bearer abc'}`, `{'Authorization': 'Bearer [redacted]'}`},
		{"header of curl", `curl -H 'Authorization: Bearer abc' https://api.upstox.com/v2`, `curl -H 'Authorization: Bearer [redacted]' https://api.upstox.com/v2`},
		{"redirect with code", "http://127.0.0.1:8000/callback?code=mk404x&state=7", "http://127.0.0.1:8000/callback?code=[redacted]&state=7"},
		{"number as code in a query", "https://x.y/cb?state=1&code=482913#top", "https://x.y/cb?state=1&code=[redacted]#top"},
		{"code as a form", "code=mk404x&client_id=k&client_secret=s3&grant_type=authorization_code", "code=[redacted]&client_id=k&client_secret=[redacted]&grant_type=authorization_code"},
		{"code behind JSON's ampersand", `?a=1\u0026code=mk404x`, `?a=1\u0026code=[redacted]`},
		{"feed URL", "wss://wsfeeder-api.upstox.com/market-data-feeder/v3/feeds?requestId=0b-1&code=x.y~z", "wss://wsfeeder-api.upstox.com/market-data-feeder/v3/feeds?[redacted]"},
		{"feed URL in JSON", `{"authorizedRedirectUri":"wss://h.upstox.com/f?requestId=1\u0026code=ab9c"}`, `{"authorizedRedirectUri":"wss://h.upstox.com/f?[redacted]\u0026code=[redacted]"}`},
		{"request id in text", "GET /feeds?requestId=abc HTTP/1.1", "GET /feeds?requestId=[redacted] HTTP/1.1"},
		{"encoded query", "next=https%3A%2F%2Fx%3Fcode%3Dmk%2B4%26state%3D1", "next=https%3A%2F%2Fx%3Fcode%3D[redacted]%26state%3D1"},
		{"environment line", "UPSTOX_ACCESS_TOKEN=opaque UPSTOX_API_KEY=k", "UPSTOX_ACCESS_TOKEN=[redacted] UPSTOX_API_KEY=k"},
		{"quoted environment line", `UPSTOX_API_SECRET="s3cr"`, `UPSTOX_API_SECRET="[redacted]"`},
		{"JSON", `{"access_token" : "op\"aq\u0026ue", "user_id":"AB"}`, `{"access_token" : "[redacted]", "user_id":"AB"}`},
		{"JSON cut in the token", `{"extended_token":"opaq`, `{"extended_token":"[redacted]`},
		{"JSON in JSON", `"{\"access_token\":\"opaque\",\"a\":\"b\"}"`, `"{\"access_token\":\"[redacted]\",\"a\":\"b\"}"`},
		{"Python dict", `{'client_secret': 's3', 'a': 'b'}`, `{'client_secret': '[redacted]', 'a': 'b'}`},
		{"Go map", "map[access_token:abcd1234x user_id:AB]", "map[access_token:[redacted] user_id:AB]"},
		{"proxy with password", "http://user:p@ss@proxy.corp:3128/", "http://[redacted]@proxy.corp:3128/"},
		{"proxy with user", "socks5h://user@proxy:1080", "socks5h://[redacted]@proxy:1080"},
		{"proxy without scheme", "HTTPS_PROXY=user:p%40ss@proxy:3128", "HTTPS_PROXY=[redacted]@proxy:3128"},
		{"mark beside text", "Bearer [redacted] and [redacted]", "Bearer [redacted] and [redacted]"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var s *Set
			got := s.String(tc.text)
			if got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
			if again := s.String(got); again != got {
				t.Errorf("twice: %s", again)
			}
		})
	}
}

func TestOrdinaryTextStays(t *testing.T) {
	t.Parallel()
	var s Set
	s.Add("hunter2-hunter2", jwt)
	for _, text := range []string{
		"", " ", "\x00\xff\ufeff\u202e", "नमस्ते NIFTY ₹",
		"Bearer prefix", "leading Bearer prefix and Bearer token", "the Bearer authentication scheme", `WWW-Authenticate: Bearer realm="api", error_description="x"`,
		"Proxy-Authenticate: Basic realm=\"corp\"", "Proxy Authentication Required", "Authorization: missing", "the Authorization header is empty",
		"error code: 1010", "exit code=1", "close code=1006 reason=bye", "code=token-expired", "errorCode=UDAPI100050", "code=UDAPI100050", "status code=403",
		`{"errors":[{"errorCode":"UDAPI100050","error_code":"UDAPI100050","message":"Invalid token used to access API"}]}`,
		"JSON without access_token", "access_token: missing", `"access_token":""`, "UPSTOX_ACCESS_TOKEN is not set", "export UPSTOX_ACCESS_TOKEN=<token>", "UPSTOX_ACCESS_TOKEN=$TOKEN", `UPSTOX_ACCESS_TOKEN=""`,
		"https://api.upstox.com:443/v3/market-quote/ltp?instrument_key=NSE_INDEX%7CNifty%2050", "wss://wsfeeder-api.upstox.com/feeds", "mail help@upstox.com", "127.0.0.1:8000",
		"dial tcp 104.16.0.1:443: connect: connection refused", "x509: certificate signed by unknown authority", "2026-11-24T03:30:00+05:30", "Cf-Ray: 8c1a2b3c4d5e6f70-BOM",
		"client_id=3f2b8c1e-7a44-4c55-9b1d-0e6f2a9d8c71", "they eyJ is short", "hunter2", "[redacted", "redacted]",
	} {
		if got := s.String(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestKnownSecrets(t *testing.T) {
	t.Parallel()
	const secret = `p/a s+w"é&<7`
	asJSON, err := json.Marshal(secret)
	if err != nil {
		t.Fatal(err)
	}
	basic := base64.StdEncoding.EncodeToString([]byte("user:" + secret))
	for _, tc := range []struct{ name, text, want string }{
		{"as it is", "x" + secret + "y", "x[redacted]y"},
		{"in a path", url.PathEscape(secret), "[redacted]"},
		{"in a query", "q=" + url.QueryEscape(secret), "q=[redacted]"},
		{"in a query, lower case", strings.ToLower(url.QueryEscape(secret)), "[redacted]"},
		{"in a query, spaces as %20", strings.ReplaceAll(url.QueryEscape(secret), "+", "%20"), "[redacted]"},
		{"in JSON", string(asJSON), `"[redacted]"`},
		{"in JSON that keeps HTML", `"` + strings.ReplaceAll(secret, `"`, `\"`) + `"`, `"[redacted]"`},
		{"slash escaped", strings.ReplaceAll(secret, "/", `\/`), "[redacted]"},
		{"Basic", "Basic " + basic, "Basic [redacted]"},
		{"twice in a row", secret + secret, "[redacted]"},
		{"the pair", "user:" + secret, "[redacted]"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var s Set
			s.Add("user:"+secret, secret)
			if got := s.String(tc.text); strings.TrimRight(got, "=") != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestAdd(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name       string
		secrets    []string
		text, want string
	}{
		{"short ones are ignored", []string{"", "abc", " ab\n", "äöü"}, "abc ab äöü", "abc ab äöü"},
		{"four characters", []string{"abcd", "äöüß"}, "abcd äöüß", "[redacted] [redacted]"},
		{"white space around", []string{" abcd\n"}, "xabcdx", "x[redacted]x"},
		{"one inside another", []string{"abcd", "xabcdx"}, "xabcdx abcd", "[redacted] [redacted]"},
		{"overlapping", []string{"abcd", "cdef"}, "abcdef", "[redacted]"},
		{"the password of a pair", []string{"user:abcd"}, "abcd user", "[redacted] user"},
		{"no pair in a URL", []string{"wss://host/path"}, "//host/path", "//host/path"},
		{"a part of the mark", []string{"dact"}, "redacted [redacted]", "re[redacted]ed [redacted]"},
		{"found only beside another", []string{"wxyz"}, "wxyzcode=mk404x", "[redacted]code=[redacted]"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var s Set
			for _, secret := range tc.secrets {
				s.Add(secret)
			}
			got := s.String(tc.text)
			if got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			if again := s.String(got); again != got {
				t.Errorf("twice: %s", again)
			}
		})
	}
}

func TestSetAtTheSameTime(t *testing.T) {
	t.Parallel()
	var s Set
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 20 {
				secret := fmt.Sprintf("secret-%d-%d-", i, j)
				s.Add(secret)
				if got := s.String("a " + secret); got != "a [redacted]" {
					t.Errorf("got %s", got)
				}
			}
		})
	}
	wg.Wait()
	if got := s.String("secret-7-19-"); got != Mark {
		t.Errorf("a secret was lost: %s", got)
	}
}

func TestSetIsNeverPrinted(t *testing.T) {
	t.Parallel()
	var s Set
	s.Add("hunter2hunter2")
	holder := struct {
		set   *Set
		inner struct{ p *Set }
	}{set: &s}
	holder.inner.p = &s
	if shown := fmt.Sprintf("%v %+v %#v %+v %#v", &s, &s, &s, holder, holder); strings.Contains(shown, "hunter2") {
		t.Errorf("shown: %s", shown)
	}
}

// Text that begins like a secret at every step must not be read again from
// each of them: at this size the test would run into its time-out.
func TestStringIsLinear(t *testing.T) {
	t.Parallel()
	var s Set
	s.Add("aaaaaaaa", strings.Repeat("a", 1<<16)+"b", jwt)
	s.String(strings.Repeat("eyJaaaaaaa.aaaa ", 1<<16))
	for _, part := range []string{"a", "eyJ", "eyJaaaaaaa.", "Bearer ", "a:", "a@", "://a", "code=", "authorization:", "access_token\"", "\\\"", "%3D%", "[redacted]", "?", "wss://"} {
		s.String(strings.Repeat(part, 1<<17/len(part)))
	}
}

func BenchmarkString(b *testing.B) {
	var s Set
	s.Add(jwt, "user:hunter2hunter2")
	text := strings.Repeat("connect to api.upstox.com: Authorization: Bearer "+jwt+" and so on. ", 5000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		s.String(text)
	}
}
