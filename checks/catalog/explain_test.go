package catalog

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

func TestExplainLines(t *testing.T) {
	t.Parallel()
	for _, tc := range lines {
		t.Run(tc.text, func(t *testing.T) {
			t.Parallel()
			got := Explain(tc.text)
			if len(got) == 0 {
				t.Fatalf("nothing found, want %s", tc.want)
			}
			if got[0].Entry.Code != tc.want {
				t.Errorf("first is %s, want %s; all: %s", got[0].Entry.Code, tc.want, found(got))
			}
			if first := slices.DeleteFunc(got, func(m Match) bool { return m.Place != First }); len(first) > 5 {
				t.Errorf("%d causes for one line: %s", len(first), found(first))
			}
		})
	}
}

func TestExplainDoesNotGuess(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":            "",
		"white space":        " \n\t\r\n",
		"greeting":           "hello world",
		"price":              "NIFTY 403.25 401 1006 24513.05",
		"status in a time":   "2026-11-23 10:22:01.403 connected wss://wsfeeder-api.upstox.com in 401 ms",
		"access log":         `10.0.0.1 - - [23/Nov/2026] "GET /x HTTP/1.1" 403 162`,
		"own traceback":      "Traceback (most recent call last):\n  File \"bot.py\", line 3, in <module>\n    ltp = row['ltp']\nKeyError: 'ltp'",
		"own value error":    "ValueError: invalid literal for int() with base 10: '403'",
		"own json":           "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
		"own python syntax":  "SyntaxError: unexpected EOF while parsing",
		"own shell syntax":   "bash: unexpected EOF while looking for matching `\"'",
		"own go panic":       "panic: runtime error: index out of range [3] with length 3",
		"own scheme":         `Get "": unsupported protocol scheme ""`,
		"database":           "ERROR 1020 (HY000): Record has changed since last read",
		"longer number":      "error code: 10100",
		"code within a word": "XUDAPI1000501",
		"offline as a word":  "the printer is offline",
		"code and prose":     "what does token-expired mean",
		"healthy":            "connected; subscribed to 3 keys; last price 24513.05",
		"start of a word":    "econnrefusedhandler called",
		"end of a word":      "myeconnrefused is 3, XUDAPI100050",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Explain(text); len(got) > 0 {
				t.Errorf("found %s", found(got))
			}
		})
	}
}

func TestExplainLog(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, want string }{
		{"a code explains the status and the close",
			"WebSocket onclose\nupstox_client.rest.ApiException: (401)\nReason: Unauthorized\nHTTP response body: {\"errors\":[{\"errorCode\":\"UDAPI1221\"}]}\nclose 1006",
			"token-ip-restricted"},
		{"a refused handshake explains the SDK's last words",
			"Error: Unexpected server response: 403\n  code: 1006\nTypeError: this.streamer.clearSubscriptions is not a function",
			"handshake-forbidden"},
		{"a certificate explains the retries",
			"Max retries exceeded with url: /v2\nCERTIFICATE_VERIFY_FAILED: self-signed certificate in certificate chain\nWebSocket onclose",
			"tls-untrusted"},
		{"the edge comes before the token",
			"token has expired\nHTTP 403\nerror code: 1010",
			"edge-blocked token-expired"},
		{"dead token, both readings",
			`{"errorCode":"UDAPI100050"}`,
			"token-expired token-rejected"},
		{"three retries, one diagnosis",
			"getaddrinfo ENOTFOUND a\ngetaddrinfo ENOTFOUND a\ngetaddrinfo ENOTFOUND a",
			"dns-not-found offline"},
		{"the earlier of equals first",
			"connect ECONNREFUSED 1.2.3.4:443\ngetaddrinfo ENOTFOUND api.upstox.com",
			"tcp-refused dns-not-found offline"},
		{"several codes of the catalog", "tcp-timeout, token-expired tcp-timeout", "tcp-timeout token-expired"},
		{"onclose in a log means several", "09:00:01 WebSocket onclose", "token-expired stream-dropped handshake-forbidden"},
		{"limit of whom", "429 Too Many Requests", "rate-limited edge-rate-limited"},
		{"clock or certificate", "CERT_HAS_EXPIRED", "tls-expired clock-skew"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := found(Explain(tc.text)); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestExplainEveryUpstoxCode(t *testing.T) {
	t.Parallel()
	for _, c := range upstoxCodes {
		got := Explain("2026-11-23 ERROR {'error_code': '" + c.Code + "', 'message': None}")
		if len(got) == 0 || got[0].Meaning != c.Meaning {
			t.Errorf("%s: got %+v", c.Code, got)
		}
	}
}

func TestExplainPlace(t *testing.T) {
	t.Parallel()
	got := Explain("start\r\n\x1b[31mError: connect ECONNREFUSED 1.2.3.4:443\x1b[0m\r\nagain ECONNREFUSED")
	if len(got) != 1 || got[0].Line != 2 || got[0].Text != "Error: connect ECONNREFUSED 1.2.3.4:443" {
		t.Errorf("got %+v", got)
	}
}

func TestExplainUTF16(t *testing.T) {
	t.Parallel()
	little, big := "\xff\xfe", "\xfe\xff"
	for _, u := range utf16.Encode([]rune("first\r\nUDAPI100057\r\n")) {
		little += string([]byte{byte(u), byte(u >> 8)})
		big += string([]byte{byte(u >> 8), byte(u)})
	}
	for _, text := range []string{little, big} {
		if got := Explain(text); found(got) != "login-code-invalid" || got[0].Line != 2 {
			t.Errorf("got %+v", got)
		}
	}
}

func TestShownHidesSecrets(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3tVALUE"
	jwt := "eyJ0eXAiOiJKV1QifQ.eyJzdWIiOiJBQjEyMzQifQ." + secret
	for name, text := range map[string]string{
		"jwt":            "ENOTFOUND " + jwt,
		"bearer":         "ENOTFOUND Authorization: Bearer " + secret,
		"json":           `ENOTFOUND {"client_secret": "` + secret + `", "a":1}`,
		"escaped json":   `ENOTFOUND {\"access_token\":\"` + secret + `\"}`,
		"variable":       "UPSTOX_API_SECRET=" + secret + " ENOTFOUND",
		"python":         "{'access_token': '" + secret + "'} ENOTFOUND",
		"query":          "ENOTFOUND wss://wsfeeder-api.upstox.com/x?requestId=" + secret + "&code=" + secret,
		"redirect":       "http://127.0.0.1/?code=" + secret + "&state=x ENOTFOUND",
		"proxy":          "ENOTFOUND via http://user:" + secret + "@proxy.corp:3128",
		"far before":     jwt + strings.Repeat(" x", maxExcerptBytes) + " ENOTFOUND",
		"far behind":     "ENOTFOUND" + strings.Repeat(" x", 80) + " token=" + secret,
		"cut at the end": "ENOTFOUND " + strings.Repeat("y", maxExcerptBytes-30) + " token=" + secret,
	} {
		got := Explain(text)
		if len(got) != 1 {
			t.Fatalf("%s: got %+v", name, got)
		}
		for i := range len(secret) - 3 {
			if strings.Contains(got[0].Text, secret[i:i+4]) {
				t.Errorf("%s: shows %q", name, got[0].Text)
				break
			}
		}
	}
}

func TestShownKeepsTheMatch(t *testing.T) {
	t.Parallel()
	for _, before := range []int{0, 10, 150, 1000, 3 * maxExcerptBytes} {
		line := strings.Repeat("ä ", before) + "ENOTFOUND" + strings.Repeat(" ö", 500)
		got := Explain(line)[0].Text
		if !strings.Contains(got, "ENOTFOUND") || utf8.RuneCountInString(got) > maxExcerptRunes {
			t.Errorf("%d before: %q", before, got)
		}
	}
	if got := Explain("code: 1006\x00\x07\u202e, error code: 1010")[0].Text; got != "code: 1006   , error code: 1010" {
		t.Errorf("got %q", got)
	}
}

func TestFoldKeepsPlaces(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ in, want string }{
		{"ABC äÖ", "abc äÖ"},
		{"a\x1b[1;31mB\x1b[0m", "a       b    "},
		{"a\x1b[31", "a    "},
		{"a\x1b[3\nB", "a   \nb"},
		{`x\nEAI_AGAIN\"y\"\`, `x  eai_again "y "` + `\`},
	} {
		if got := normalize(tc.in); got != tc.want {
			t.Errorf("fold(%q) = %q, want %q", tc.in, got, tc.want)
		}
	}
}

func FuzzExplain(f *testing.F) {
	for _, l := range lines {
		f.Add(l.text)
	}
	f.Add("\xff\xfeA")
	f.Add("\x1b[")
	f.Add("\\")
	f.Fuzz(func(t *testing.T, text string) {
		if normalized := normalize(text); len(normalized) != len(text) || strings.Count(normalized, "\n") != strings.Count(text, "\n") {
			t.Fatalf("normalize moves places: %q", normalized)
		}
		seen := map[*Entry]bool{}
		for _, m := range Explain(text) {
			if m.Entry == nil || m.Line < 1 || seen[m.Entry] {
				t.Errorf("bad match %+v", m)
			}
			if utf8.RuneCountInString(m.Text) > maxExcerptRunes || !utf8.ValidString(m.Text) || strings.ContainsAny(m.Text, "\x00\n\r\x1b") {
				t.Errorf("text not fit to be shown: %q", m.Text)
			}
			seen[m.Entry] = true
		}
	})
}

// BenchmarkExplain reads logs of 10 MB: ordinary ones, one line, and one that
// names every error on each line.
func BenchmarkExplain(b *testing.B) {
	every := ""
	for _, l := range lines[4:] {
		every += l.text + " "
	}
	for _, bc := range []struct{ name, unit string }{
		{"ordinary", "2026-11-23 10:15:00,123 INFO feed tick NSE_INDEX|Nifty 50 ltp=24513.05 cp=24401.1 code=0\n"},
		{"errors", "2026-11-23 10:15:00,123 ERROR Unexpected server response: 403 at wss://wsfeeder-api.upstox.com\n"},
		{"one line", "error error code code: udapi "},
		{"numbers", "HTTP 403 status 401 timeout ECONNRESET UDAPI999999 "},
		{"every error", every + "\n"},
	} {
		text := strings.Repeat(bc.unit, 10<<20/len(bc.unit))
		b.Run(bc.name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Explain(text)
			}
		})
	}
}

func found(matches []Match) string {
	var list []string
	for _, m := range matches {
		list = append(list, m.Entry.Code)
	}
	return strings.Join(list, " ")
}
