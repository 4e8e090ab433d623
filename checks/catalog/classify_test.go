package catalog

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	other := &Entry{Code: "otherwise"}
	for _, tc := range []struct {
		symptom Symptom
		want    string
	}{
		{Symptom{At: "dns", Kind: "not-found"}, "dns-not-found"},
		{Symptom{At: "dns", Kind: "unreachable"}, "dns-unreachable"},
		{Symptom{At: "dns", Kind: "server-failure"}, "dns-server-failure"},
		{Symptom{At: "dns", Kind: "hijacked"}, "dns-hijacked"},
		{Symptom{At: "dns", Kind: "slow"}, "dns-slow"},
		{Symptom{At: "dns", Kind: "offline"}, "offline"},
		{Symptom{At: "tcp", Kind: "offline"}, "offline"},
		{Symptom{At: "tcp", Kind: "refused"}, "tcp-refused"},
		{Symptom{At: "tcp", Kind: "timeout"}, "tcp-timeout"},
		{Symptom{At: "tcp", Kind: "unreachable"}, "tcp-unreachable"},
		{Symptom{At: "tls", Kind: "untrusted"}, "tls-untrusted"},
		{Symptom{At: "tls", Kind: "no-roots"}, "no-ca-roots"},
		{Symptom{At: "tls", Kind: "expired"}, "tls-expired"},
		{Symptom{At: "tls", Kind: "not-yet-valid"}, "tls-not-yet-valid"},
		{Symptom{At: "tls", Kind: "name-mismatch"}, "tls-name-mismatch"},
		{Symptom{At: "tls", Kind: "timeout"}, "tls-timeout"},
		{Symptom{At: "tls", Kind: "reset"}, "tls-reset"},
		{Symptom{At: "tls", Kind: "not-tls"}, "tls-not-tls"},
		{Symptom{At: "tls", Kind: "version"}, "tls-version"},
		{Symptom{At: "proxy", Kind: "invalid"}, "proxy-invalid"},
		{Symptom{At: "proxy", Kind: "unreachable"}, "proxy-unreachable"},
		{Symptom{At: "proxy", Kind: "auth-required", HTTP: 407}, "proxy-auth-required"},
		{Symptom{At: "proxy", Kind: "denied", HTTP: 403}, "proxy-denied"},
		{Symptom{At: "proxy", Kind: "denied", HTTP: 503}, "proxy-denied"},

		{Symptom{At: "api", Kind: "timeout"}, "api-timeout"},
		{Symptom{At: "authorize", Kind: "timeout"}, "api-timeout"},
		{Symptom{At: "api", Kind: "dropped"}, "api-dropped"},
		{Symptom{At: "authorize", Kind: "dropped"}, "api-dropped"},
		{Symptom{At: "api", Kind: "html", HTTP: 200, Who: "other"}, "captive-portal"},
		{Symptom{At: "authorize", Kind: "html", HTTP: 403, Who: "other"}, "captive-portal"},
		{Symptom{At: "api", Kind: "foreign-redirect", HTTP: 302, Who: "other"}, "captive-portal"},
		{Symptom{At: "api", HTTP: 511, Who: "other"}, "captive-portal"},
		{Symptom{At: "api", Kind: "html", HTTP: 511, Who: "other"}, "captive-portal"},
		{Symptom{At: "api", Kind: "unexpected", HTTP: 200, Who: "other"}, "api-unexpected-response"},
		{Symptom{At: "authorize", Kind: "unexpected", HTTP: 200, Who: "upstox"}, "api-unexpected-response"},
		{Symptom{At: "api", HTTP: 404, Who: "upstox"}, "endpoint-gone"},
		{Symptom{At: "authorize", HTTP: 410, Who: "other"}, "endpoint-gone"},
		{Symptom{At: "handshake", HTTP: 404}, "endpoint-gone"},
		{Symptom{At: "api", HTTP: 423, Who: "upstox"}, "service-hours"},
		{Symptom{At: "api", HTTP: 400, Who: "upstox"}, "request-invalid"},

		{Symptom{At: "api", Kind: "html", HTTP: 200, Who: "portal"}, "captive-portal"},
		{Symptom{At: "api", Kind: "html", HTTP: 403, Who: "portal"}, "captive-portal"},
		{Symptom{At: "authorize", Kind: "foreign-redirect", HTTP: 302, Who: "portal"}, "captive-portal"},
		{Symptom{At: "handshake", Kind: "html", HTTP: 511, Who: "portal"}, "captive-portal"},
		{Symptom{At: "handshake", Kind: "html", HTTP: 403, Who: "portal"}, "captive-portal"},
		{Symptom{At: "handshake", Kind: "html", HTTP: 200, Who: "portal"}, "handshake-not-upgraded"},
		{Symptom{At: "handshake", Kind: "redirected", HTTP: 302, Who: "portal"}, "handshake-redirected"},
		{Symptom{At: "api", Kind: "blocked", HTTP: 200, Who: "filter"}, "filter-blocked"},
		{Symptom{At: "authorize", Kind: "blocked", HTTP: 403, Who: "filter"}, "filter-blocked"},
		{Symptom{At: "login", Kind: "blocked", HTTP: 451, Who: "filter"}, "filter-blocked"},
		{Symptom{At: "handshake", Kind: "blocked", HTTP: 403, Who: "filter"}, "filter-blocked"},
		{Symptom{At: "handshake", Kind: "blocked", HTTP: 302, Who: "filter"}, "filter-blocked"},
		{Symptom{At: "api", HTTP: 451, Who: "other"}, "geo-blocked"},
		{Symptom{At: "handshake", HTTP: 451, Who: "edge"}, "geo-blocked"},
		{Symptom{At: "authorize", HTTP: 451, Who: "upstox"}, "geo-blocked"},
		{Symptom{At: "api", HTTP: 403, Who: "edge", Kind: "1009"}, "geo-blocked"},
		{Symptom{At: "handshake", HTTP: 403, Who: "edge", Kind: "1009"}, "geo-blocked"},
		{Symptom{At: "api", HTTP: 503, Who: "proxy"}, "not-known"},
		{Symptom{At: "handshake", HTTP: 502, Who: "proxy"}, "not-known"},
		{Symptom{At: "handshake", HTTP: 407, Who: "proxy"}, "proxy-auth-required"},
		{Symptom{At: "api", HTTP: 407, Who: "proxy"}, "proxy-auth-required"},
		{Symptom{At: "handshake", HTTP: 403, Who: "other"}, "handshake-forbidden"},
		{Symptom{At: "handshake", HTTP: 503, Who: "other"}, "upstox-unavailable"},
		{Symptom{At: "api", HTTP: 403, Who: "edge", Kind: "1010"}, "edge-blocked"},
		{Symptom{At: "authorize", HTTP: 403, Who: "edge", Kind: "1020"}, "edge-blocked"},
		{Symptom{At: "handshake", HTTP: 403, Who: "edge", Kind: "blocked"}, "edge-blocked"},
		{Symptom{At: "handshake", HTTP: 403, Who: "edge", Kind: "1010"}, "edge-blocked"},
		{Symptom{At: "authorize", HTTP: 403, Who: "edge"}, "edge-blocked"},
		{Symptom{At: "api", HTTP: 403, Who: "edge", Kind: "html"}, "edge-blocked"},
		{Symptom{At: "api", HTTP: 429, Who: "edge", Kind: "1015"}, "edge-rate-limited"},
		{Symptom{At: "handshake", HTTP: 429, Who: "edge", Kind: "1015"}, "edge-rate-limited"},
		{Symptom{At: "api", HTTP: 429, Who: "edge"}, "edge-rate-limited"},
		{Symptom{At: "api", HTTP: 429, Who: "upstox"}, "rate-limited"},
		{Symptom{At: "authorize", HTTP: 429, Who: "upstox", Upstox: "UDAPI10005"}, "rate-limited"},
		{Symptom{At: "handshake", HTTP: 429, Who: "upstox"}, "handshake-rate-limited"},
		{Symptom{At: "handshake", HTTP: 429}, "handshake-rate-limited"},

		{Symptom{At: "api", HTTP: 500, Who: "upstox"}, "upstox-unavailable"},
		{Symptom{At: "authorize", HTTP: 503, Who: "other"}, "upstox-unavailable"},
		{Symptom{At: "handshake", HTTP: 502}, "upstox-unavailable"},
		{Symptom{At: "api", HTTP: 522, Who: "edge"}, "upstox-unavailable"},
		{Symptom{At: "handshake", HTTP: 526, Who: "edge"}, "upstox-unavailable"},
		{Symptom{At: "api", HTTP: 520, Who: "edge", Kind: "html"}, "upstox-unavailable"},
		{Symptom{At: "authorize", HTTP: 503, Who: "other", Kind: "html"}, "upstox-unavailable"},

		{Symptom{At: "api", HTTP: 401, Who: "upstox", Upstox: "UDAPI100050"}, "token-rejected"},
		{Symptom{At: "api", HTTP: 401, Who: "upstox"}, "token-rejected"},
		{Symptom{At: "api", HTTP: 401, Who: "upstox", Upstox: "UDAPI1221"}, "token-ip-restricted"},
		{Symptom{At: "api", HTTP: 403, Who: "upstox", Upstox: "UDAPI100067"}, "token-not-permitted"},
		{Symptom{At: "authorize", HTTP: 401, Who: "upstox"}, "authorize-unauthorized"},
		{Symptom{At: "authorize", HTTP: 401, Who: "upstox", Upstox: "UDAPI100050"}, "authorize-unauthorized"},
		{Symptom{At: "authorize", HTTP: 403, Who: "upstox"}, "authorize-forbidden"},
		{Symptom{At: "authorize", HTTP: 403, Who: "other"}, "authorize-forbidden"},
		{Symptom{At: "authorize", HTTP: 403, Who: "upstox", Upstox: "UDAPI100067"}, "token-not-permitted"},
		{Symptom{At: "authorize", HTTP: 403, Who: "upstox", Upstox: "UDAPI100073"}, "app-inactive"},
		{Symptom{At: "authorize", HTTP: 403, Who: "upstox", Upstox: "UDAPI1154"}, "static-ip-required"},
		{Symptom{At: "api", HTTP: 403, Who: "upstox", Upstox: "UDAPI100058"}, "account-inactive"},
		{Symptom{At: "api", HTTP: 400, Who: "upstox", Upstox: "UDAPI1087"}, "instrument-unknown"},
		{Symptom{At: "api", HTTP: 500, Who: "upstox", Upstox: "UDAPI10005"}, "rate-limited"},
		{Symptom{At: "api", HTTP: 503, Who: "upstox", Upstox: "UDAPI999999"}, "upstox-unavailable"},

		{Symptom{At: "handshake", HTTP: 401}, "handshake-unauthorized"},
		{Symptom{At: "handshake", HTTP: 403}, "handshake-forbidden"},
		{Symptom{At: "handshake", HTTP: 403, Who: "upstox"}, "handshake-forbidden"},
		{Symptom{At: "handshake", HTTP: 200}, "handshake-not-upgraded"},
		{Symptom{At: "handshake", HTTP: 400}, "handshake-not-upgraded"},
		{Symptom{At: "handshake", HTTP: 400, Who: "edge"}, "handshake-not-upgraded"},
		{Symptom{At: "handshake", HTTP: 426}, "handshake-not-upgraded"},
		{Symptom{At: "handshake", HTTP: 200, Who: "other", Kind: "html"}, "handshake-not-upgraded"},
		{Symptom{At: "handshake", HTTP: 302}, "handshake-redirected"},
		{Symptom{At: "handshake", HTTP: 307, Kind: "redirected"}, "handshake-redirected"},
		{Symptom{At: "handshake", Kind: "timeout"}, "handshake-timeout"},
		{Symptom{At: "handshake", Kind: "dropped"}, "handshake-dropped"},
		{Symptom{At: "handshake", HTTP: 101, Kind: "invalid"}, "handshake-invalid"},

		{Symptom{}, "otherwise"},
		{Symptom{At: "tcp"}, "otherwise"},
		{Symptom{At: "tls", Kind: "refused"}, "otherwise"},
		{Symptom{At: "api", HTTP: 200, Who: "upstox"}, "otherwise"},
		{Symptom{At: "api", HTTP: 403, Who: "upstox"}, "otherwise"},
		{Symptom{At: "handshake", HTTP: 101}, "otherwise"},
	} {
		t.Run(fmt.Sprintf("%+v", tc.symptom), func(t *testing.T) {
			t.Parallel()
			if got := Classify(tc.symptom, other); got.Code != tc.want {
				t.Errorf("got %s, want %s", got.Code, tc.want)
			}
		})
	}
}

// A sign that the vocabulary does not have can never be seen.
func TestSignsAreInTheVocabulary(t *testing.T) {
	t.Parallel()
	at := strings.Fields("dns tcp tls proxy api authorize login handshake stream")
	who := strings.Fields("upstox edge portal filter proxy other")
	for _, e := range All() {
		for _, s := range e.Signs {
			if s == (Symptom{}) || s.At != "" && !slices.Contains(at, s.At) || s.Who != "" && !slices.Contains(who, s.Who) {
				t.Errorf("%s: %+v", e.Code, s)
			}
			seen := s
			if seen.HTTP > 0 && seen.HTTP < 10 {
				seen.HTTP = seen.HTTP*100 + 7
			}
			if got := Classify(seen, nil); got != e {
				t.Errorf("%s: its own sign %+v leads to %v", e.Code, s, got)
			}
		}
	}
}

// known lists every UDAPI code of the notes on Upstox's API.
const known = `UDAPI10000 UDAPI100015 UDAPI100016 UDAPI10005 UDAPI100036 UDAPI100038 UDAPI100049 UDAPI100050 UDAPI100057 UDAPI100058
UDAPI100060 UDAPI100067 UDAPI100068 UDAPI100069 UDAPI100070 UDAPI100072 UDAPI100073 UDAPI100074 UDAPI100099 UDAPI100500 UDAPI100011
UDAPI100012 UDAPI100095 UDAPI1017 UDAPI1018 UDAPI1021 UDAPI1022 UDAPI1023 UDAPI1024 UDAPI1087 UDAPI1088 UDAPI1089 UDAPI1123 UDAPI1124
UDAPI1149 UDAPI1154 UDAPI1155 UDAPI1156 UDAPI1157 UDAPI1161 UDAPI1179 UDAPI1180 UDAPI1181 UDAPI1182 UDAPI1183 UDAPI1184 UDAPI1185
UDAPI1186 UDAPI1221`

func TestUpstoxCodes(t *testing.T) {
	t.Parallel()
	var got []string
	for _, c := range upstoxCodes {
		got = append(got, c.Code)
		if c.Meaning == "" || strings.HasSuffix(c.Meaning, ".") || c.Entry == nil {
			t.Errorf("%s: %+v", c.Code, c)
		}
		if e := Classify(Symptom{At: "api", HTTP: 400, Who: "upstox", Upstox: c.Code}, nil); e != c.Entry {
			t.Errorf("%s leads to %s, want %s", c.Code, e.Code, c.Entry.Code)
		}
	}
	if !slices.IsSorted(got) {
		t.Errorf("not sorted: %s", got)
	}
	want := strings.Fields(known)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if c, ok := LookupUpstox("udapi1221"); !ok || c.Entry != TokenIPRestricted {
		t.Errorf("lower case: got %+v, %v", c, ok)
	}
	for _, code := range []string{"", "UDAPI", "UDAPI1", "1221"} {
		if c, ok := LookupUpstox(code); ok {
			t.Errorf("%q: got %+v", code, c)
		}
	}
}
