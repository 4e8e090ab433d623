package tape

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"upstox-doctor/checks/redact"
)

const jwt = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJBQjEyMzQifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ"

func TestPseudonyms(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, want string }{
		{"plain", "feed handshake: status 403", "feed handshake: status 403"},
		{"secret", "sent hunter2 and rosebud, again hunter2", "sent <secret-1> and <secret-2>, again <secret-1>"},
		{"token", "Bearer " + jwt, "Bearer <token-1>"},
		{"token in another spelling", jwt + " hunter2 " + url.QueryEscape("a/b+c!") + " a/b+c!", "<token-1> <secret-1> <secret-2> <secret-2>"},
		{"feed URL", "wss://wsfeeder-api.upstox.com/f?requestId=ab12&code=xy", "wss://wsfeeder-api.upstox.com/f?<secret-1>"},
		{"mail", "mail kit.b+x@example.co.in, or kit.b+x@example.co.in", "mail <mail-1>, or <mail-1>"},
		{"home on Linux", "open /home/kit/.env: no such file", "open /home/<user-1>/.env: no such file"},
		{"home on a Mac", `"/Users/kit"`, `"/Users/<user-1>"`},
		{"home on Windows", `C:\Users\kit\bot\.env`, `C:\Users\<user-1>\bot\.env`},
		{"host name", "kitbox, KITBOX.local and kitbox-2 are three, mykitbox is another", "<private-1>, <private-1>.local and kitbox-2 are three, mykitbox is another"},
		{"public address", "connect 203.0.113.20:443, then 203.0.113.20", "connect <public-ip-1>:443, then <public-ip-1>"},
		{"private address", "read 192.168.1.7:52100 and 100.64.3.2", "read <private-ip-1>:52100 and <private-ip-2>"},
		{"IPv6", "[2001:db8::7]:443 fe80::1 fd00::1", "[<public-ip-1>]:443 <link-local-ip-1> <private-ip-1>"},
		{"IPv4 in IPv6", "::ffff:192.168.1.7 192.168.1.7", "<private-ip-1> <private-ip-1>"},
		{"loopback", "127.0.0.1:53 [::1]:53 0.0.0.0", "127.0.0.1:53 [::1]:53 0.0.0.0"},
		{"no address", "at 04:56:48, version 1.2.3, 300.1.2.3", "at 04:56:48, version 1.2.3, 300.1.2.3"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var s redact.Set
			s.Add("hunter2", "rosebud", "a/b+c!")
			n := newPseudonyms(&s, []string{"kitbox", "localhost", "api"})
			if got := n.text(tc.text); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestPseudonymsAreBounded(t *testing.T) {
	t.Parallel()
	n := newPseudonyms(nil, nil)
	for i := range maxPseudonyms + 10 {
		n.pseudonym("secret", fmt.Sprint(i))
	}
	if len(n.assigned) != maxPseudonyms || n.pseudonym("secret", "one more") != "<secret>" {
		t.Errorf("%d names", len(n.assigned))
	}
}

// A secret in a frame keeps its length, so that the frame can still be decoded.
func TestSecretsInBinaryData(t *testing.T) {
	t.Parallel()
	var s redact.Set
	s.Add("hunter2", "a-long-secret-of-a-server")
	n := newPseudonyms(&s, nil)
	if got := string(n.data([]byte("\x0a\x07hunter2\x12\x00\xff"))); got != "\x0a\x07<secret\x12\x00\xff" {
		t.Errorf("got %q", got)
	}
	if got := string(n.data([]byte("\x19a-long-secret-of-a-server"))); got != "\x19<secret-2>***************" {
		t.Errorf("got %q", got)
	}
	plain := []byte("\x00\x01NSE_INDEX|Nifty 50\xfe")
	if got := n.data(plain); !bytes.Equal(got, plain) {
		t.Errorf("got %q", got)
	}
}

// TestNoSecretReachesTheFile puts secrets everywhere and looks for them in
// every spelling.
func TestNoSecretReachesTheFile(t *testing.T) {
	t.Parallel()
	secrets := []string{jwt, "s3cr+t/of \"mine\"", "mk404x", "0b1f9d2c-requestid"}
	var s redact.Set
	s.Add(secrets...)
	path := filepath.Join(t.TempDir(), "tape")
	w := open(t, path, Options{Secrets: &s})
	for _, secret := range secrets {
		w.Add(Entry{At: began, Kind: "answer", Data: []byte("\x01" + secret + "\xff"), More: map[string]any{
			"text": "before " + secret + " behind", "key " + secret: 1, "list": []any{secret, map[string]string{"deep": url.QueryEscape(secret)}},
			"in_base64": base64.StdEncoding.EncodeToString([]byte(secret)), "json": string(marshalled(t, map[string]string{"x": secret})),
		}})
		w.Add(Entry{At: began, Kind: "frame", Data: []byte(secret), Frame: true})
	}
	w.Add(Entry{At: began, Kind: "unknown", More: map[string]any{"access_token": "nobody-told-us", "n": map[string]any{"client_secret": []string{"one-of-a-list"}}}})
	closed(t, w)
	records, _, err := readAll(bytes.NewReader(contents(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, r := range records {
		all.Write(r.text)
		all.Write(r.Data)
	}
	for _, secret := range append(secrets, "nobody-told-us", "one-of-a-list") {
		for name, spelled := range map[string]string{
			"raw": secret, "escaped": url.QueryEscape(secret), "in JSON": strings.Trim(string(marshalled(t, secret)), `"`),
			"base64": base64.RawStdEncoding.EncodeToString([]byte(secret)), "base64 of URLs": base64.RawURLEncoding.EncodeToString([]byte(secret)),
		} {
			if strings.Contains(all.String(), spelled) {
				t.Errorf("a secret of %d characters is on the tape, %s", len(secret), name)
			}
		}
	}
}

func marshalled(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
