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
		{Symptom{Hop: "dns", Kind: "not-found"}, "dns-not-found"},
		{Symptom{Hop: "dns", Kind: "unreachable"}, "dns-unreachable"},
		{Symptom{Hop: "dns", Kind: "server-failure"}, "dns-server-failure"},
		{Symptom{Hop: "dns", Kind: "hijacked"}, "dns-hijacked"},
		{Symptom{Hop: "dns", Kind: "slow"}, "dns-slow"},
		{Symptom{Hop: "dns", Kind: "offline"}, "offline"},
		{Symptom{Hop: "tcp", Kind: "offline"}, "offline"},
		{Symptom{Hop: "tcp", Kind: "refused"}, "tcp-refused"},
		{Symptom{Hop: "tcp", Kind: "timeout"}, "tcp-timeout"},
		{Symptom{Hop: "tcp", Kind: "unreachable"}, "tcp-unreachable"},
		{Symptom{Hop: "tls", Kind: "untrusted"}, "tls-untrusted"},
		{Symptom{Hop: "tls", Kind: "no-roots"}, "no-ca-roots"},
		{Symptom{Hop: "tls", Kind: "expired"}, "tls-expired"},
		{Symptom{Hop: "tls", Kind: "not-yet-valid"}, "tls-not-yet-valid"},
		{Symptom{Hop: "tls", Kind: "name-mismatch"}, "tls-name-mismatch"},
		{Symptom{Hop: "tls", Kind: "timeout"}, "tls-timeout"},
		{Symptom{Hop: "tls", Kind: "reset"}, "tls-reset"},
		{Symptom{Hop: "tls", Kind: "not-tls"}, "tls-not-tls"},
		{Symptom{Hop: "tls", Kind: "version"}, "tls-version"},
		{Symptom{Hop: "proxy", Kind: "invalid"}, "proxy-invalid"},
		{Symptom{Hop: "proxy", Kind: "unreachable"}, "proxy-unreachable"},
		{Symptom{Hop: "proxy", Kind: "auth-required", HTTP: 407}, "proxy-auth-required"},
		{Symptom{Hop: "proxy", Kind: "denied", HTTP: 403}, "proxy-denied"},
		{Symptom{Hop: "proxy", Kind: "denied", HTTP: 503}, "proxy-denied"},

		{Symptom{Hop: "api", Kind: "timeout"}, "api-timeout"},
		{Symptom{Hop: "authorize", Kind: "timeout"}, "api-timeout"},
		{Symptom{Hop: "api", Kind: "dropped"}, "api-dropped"},
		{Symptom{Hop: "authorize", Kind: "dropped"}, "api-dropped"},
		{Symptom{Hop: "api", Kind: "html", HTTP: 200, Responder: "other"}, "captive-portal"},
		{Symptom{Hop: "authorize", Kind: "html", HTTP: 403, Responder: "other"}, "captive-portal"},
		{Symptom{Hop: "api", Kind: "foreign-redirect", HTTP: 302, Responder: "other"}, "captive-portal"},
		{Symptom{Hop: "api", HTTP: 511, Responder: "other"}, "captive-portal"},
		{Symptom{Hop: "api", Kind: "html", HTTP: 511, Responder: "other"}, "captive-portal"},
		{Symptom{Hop: "api", Kind: "unexpected", HTTP: 200, Responder: "other"}, "api-unexpected-response"},
		{Symptom{Hop: "authorize", Kind: "unexpected", HTTP: 200, Responder: "upstox"}, "api-unexpected-response"},
		{Symptom{Hop: "api", HTTP: 404, Responder: "upstox"}, "endpoint-gone"},
		{Symptom{Hop: "authorize", HTTP: 410, Responder: "other"}, "endpoint-gone"},
		{Symptom{Hop: "handshake", HTTP: 404}, "endpoint-gone"},
		{Symptom{Hop: "api", HTTP: 423, Responder: "upstox"}, "service-hours"},
		{Symptom{Hop: "api", HTTP: 400, Responder: "upstox"}, "request-invalid"},

		{Symptom{Hop: "api", Kind: "html", HTTP: 200, Responder: "portal"}, "captive-portal"},
		{Symptom{Hop: "api", Kind: "html", HTTP: 403, Responder: "portal"}, "captive-portal"},
		{Symptom{Hop: "authorize", Kind: "foreign-redirect", HTTP: 302, Responder: "portal"}, "captive-portal"},
		{Symptom{Hop: "handshake", Kind: "html", HTTP: 511, Responder: "portal"}, "captive-portal"},
		{Symptom{Hop: "handshake", Kind: "html", HTTP: 403, Responder: "portal"}, "captive-portal"},
		{Symptom{Hop: "handshake", Kind: "html", HTTP: 200, Responder: "portal"}, "handshake-not-upgraded"},
		{Symptom{Hop: "handshake", Kind: "redirected", HTTP: 302, Responder: "portal"}, "handshake-redirected"},
		{Symptom{Hop: "api", Kind: "blocked", HTTP: 200, Responder: "filter"}, "filter-blocked"},
		{Symptom{Hop: "authorize", Kind: "blocked", HTTP: 403, Responder: "filter"}, "filter-blocked"},
		{Symptom{Hop: "login", Kind: "blocked", HTTP: 451, Responder: "filter"}, "filter-blocked"},
		{Symptom{Hop: "handshake", Kind: "blocked", HTTP: 403, Responder: "filter"}, "filter-blocked"},
		{Symptom{Hop: "handshake", Kind: "blocked", HTTP: 302, Responder: "filter"}, "filter-blocked"},
		{Symptom{Hop: "api", HTTP: 451, Responder: "other"}, "geo-blocked"},
		{Symptom{Hop: "handshake", HTTP: 451, Responder: "edge"}, "geo-blocked"},
		{Symptom{Hop: "authorize", HTTP: 451, Responder: "upstox"}, "geo-blocked"},
		{Symptom{Hop: "api", HTTP: 403, Responder: "edge", Kind: "1009"}, "geo-blocked"},
		{Symptom{Hop: "handshake", HTTP: 403, Responder: "edge", Kind: "1009"}, "geo-blocked"},
		{Symptom{Hop: "api", HTTP: 503, Responder: "proxy"}, "not-known"},
		{Symptom{Hop: "handshake", HTTP: 502, Responder: "proxy"}, "not-known"},
		{Symptom{Hop: "handshake", HTTP: 407, Responder: "proxy"}, "proxy-auth-required"},
		{Symptom{Hop: "api", HTTP: 407, Responder: "proxy"}, "proxy-auth-required"},
		{Symptom{Hop: "handshake", HTTP: 403, Responder: "other"}, "handshake-forbidden"},
		{Symptom{Hop: "handshake", HTTP: 503, Responder: "other"}, "upstox-unavailable"},
		{Symptom{Hop: "api", HTTP: 403, Responder: "edge", Kind: "1010"}, "edge-blocked"},
		{Symptom{Hop: "authorize", HTTP: 403, Responder: "edge", Kind: "1020"}, "edge-blocked"},
		{Symptom{Hop: "handshake", HTTP: 403, Responder: "edge", Kind: "blocked"}, "edge-blocked"},
		{Symptom{Hop: "handshake", HTTP: 403, Responder: "edge", Kind: "1010"}, "edge-blocked"},
		{Symptom{Hop: "authorize", HTTP: 403, Responder: "edge"}, "edge-blocked"},
		{Symptom{Hop: "api", HTTP: 403, Responder: "edge", Kind: "html"}, "edge-blocked"},
		{Symptom{Hop: "api", HTTP: 429, Responder: "edge", Kind: "1015"}, "edge-rate-limited"},
		{Symptom{Hop: "handshake", HTTP: 429, Responder: "edge", Kind: "1015"}, "edge-rate-limited"},
		{Symptom{Hop: "api", HTTP: 429, Responder: "edge"}, "edge-rate-limited"},
		{Symptom{Hop: "api", HTTP: 429, Responder: "upstox"}, "rate-limited"},
		{Symptom{Hop: "authorize", HTTP: 429, Responder: "upstox", Upstox: "UDAPI10005"}, "rate-limited"},
		{Symptom{Hop: "handshake", HTTP: 429, Responder: "upstox"}, "handshake-rate-limited"},
		{Symptom{Hop: "handshake", HTTP: 429}, "handshake-rate-limited"},

		{Symptom{Hop: "api", HTTP: 500, Responder: "upstox"}, "upstox-unavailable"},
		{Symptom{Hop: "authorize", HTTP: 503, Responder: "other"}, "upstox-unavailable"},
		{Symptom{Hop: "handshake", HTTP: 502}, "upstox-unavailable"},
		{Symptom{Hop: "api", HTTP: 522, Responder: "edge"}, "upstox-unavailable"},
		{Symptom{Hop: "handshake", HTTP: 526, Responder: "edge"}, "upstox-unavailable"},
		{Symptom{Hop: "api", HTTP: 520, Responder: "edge", Kind: "html"}, "upstox-unavailable"},
		{Symptom{Hop: "authorize", HTTP: 503, Responder: "other", Kind: "html"}, "upstox-unavailable"},

		{Symptom{Hop: "api", HTTP: 401, Responder: "upstox", Upstox: "UDAPI100050"}, "token-rejected"},
		{Symptom{Hop: "api", HTTP: 401, Responder: "upstox"}, "token-rejected"},
		{Symptom{Hop: "api", HTTP: 401, Responder: "upstox", Upstox: "UDAPI1221"}, "token-ip-restricted"},
		{Symptom{Hop: "api", HTTP: 403, Responder: "upstox", Upstox: "UDAPI100067"}, "token-not-permitted"},
		{Symptom{Hop: "authorize", HTTP: 401, Responder: "upstox"}, "authorize-unauthorized"},
		{Symptom{Hop: "authorize", HTTP: 401, Responder: "upstox", Upstox: "UDAPI100050"}, "authorize-unauthorized"},
		{Symptom{Hop: "authorize", HTTP: 403, Responder: "upstox"}, "authorize-forbidden"},
		{Symptom{Hop: "authorize", HTTP: 403, Responder: "other"}, "authorize-forbidden"},
		{Symptom{Hop: "authorize", HTTP: 403, Responder: "upstox", Upstox: "UDAPI100067"}, "token-not-permitted"},
		{Symptom{Hop: "authorize", HTTP: 403, Responder: "upstox", Upstox: "UDAPI100073"}, "app-inactive"},
		{Symptom{Hop: "authorize", HTTP: 403, Responder: "upstox", Upstox: "UDAPI1154"}, "static-ip-required"},
		{Symptom{Hop: "api", HTTP: 403, Responder: "upstox", Upstox: "UDAPI100058"}, "account-inactive"},
		{Symptom{Hop: "api", HTTP: 400, Responder: "upstox", Upstox: "UDAPI1087"}, "instrument-unknown"},
		{Symptom{Hop: "api", HTTP: 500, Responder: "upstox", Upstox: "UDAPI10005"}, "rate-limited"},
		{Symptom{Hop: "api", HTTP: 503, Responder: "upstox", Upstox: "UDAPI999999"}, "upstox-unavailable"},

		{Symptom{Hop: "handshake", HTTP: 401}, "handshake-unauthorized"},
		{Symptom{Hop: "handshake", HTTP: 403}, "handshake-forbidden"},
		{Symptom{Hop: "handshake", HTTP: 403, Responder: "upstox"}, "handshake-forbidden"},
		{Symptom{Hop: "handshake", HTTP: 200}, "handshake-not-upgraded"},
		{Symptom{Hop: "handshake", HTTP: 400}, "handshake-not-upgraded"},
		{Symptom{Hop: "handshake", HTTP: 400, Responder: "edge"}, "handshake-not-upgraded"},
		{Symptom{Hop: "handshake", HTTP: 426}, "handshake-not-upgraded"},
		{Symptom{Hop: "handshake", HTTP: 200, Responder: "other", Kind: "html"}, "handshake-not-upgraded"},
		{Symptom{Hop: "handshake", HTTP: 302}, "handshake-redirected"},
		{Symptom{Hop: "handshake", HTTP: 307, Kind: "redirected"}, "handshake-redirected"},
		{Symptom{Hop: "handshake", Kind: "timeout"}, "handshake-timeout"},
		{Symptom{Hop: "handshake", Kind: "dropped"}, "handshake-dropped"},
		{Symptom{Hop: "handshake", HTTP: 101, Kind: "invalid"}, "handshake-invalid"},

		{Symptom{}, "otherwise"},
		{Symptom{Hop: "tcp"}, "otherwise"},
		{Symptom{Hop: "tls", Kind: "refused"}, "otherwise"},
		{Symptom{Hop: "api", HTTP: 200, Responder: "upstox"}, "otherwise"},
		{Symptom{Hop: "api", HTTP: 403, Responder: "upstox"}, "otherwise"},
		{Symptom{Hop: "handshake", HTTP: 101}, "otherwise"},
	} {
		t.Run(fmt.Sprintf("%+v", tc.symptom), func(t *testing.T) {
			t.Parallel()
			if got := Classify(tc.symptom, other); got.Code != tc.want {
				t.Errorf("got %s, want %s", got.Code, tc.want)
			}
		})
	}
}

// A sign outside the vocabulary never matches.
func TestSignsAreInTheVocabulary(t *testing.T) {
	t.Parallel()
	at := strings.Fields("dns tcp tls proxy api authorize login handshake stream")
	who := strings.Fields("upstox edge portal filter proxy other")
	for _, e := range All() {
		for _, s := range e.Signs {
			if s == (Symptom{}) || s.Hop != "" && !slices.Contains(at, s.Hop) || s.Responder != "" && !slices.Contains(who, s.Responder) {
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
UDAPI1186 UDAPI1221 UDAPI100010 UDAPI100040 UDAPI100041 UDAPI100042 UDAPI100043 UDAPI1009 UDAPI1010 UDAPI1011 UDAPI1015 UDAPI1020
UDAPI1026 UDAPI1027 UDAPI1028 UDAPI1052 UDAPI1146 UDAPI1147 UDAPI1148`

func TestUpstoxCodes(t *testing.T) {
	t.Parallel()
	var got []string
	for _, c := range upstoxCodes {
		got = append(got, c.Code)
		if c.Meaning == "" || strings.HasSuffix(c.Meaning, ".") || c.Entry == nil {
			t.Errorf("%s: %+v", c.Code, c)
		}
		if e := Classify(Symptom{Hop: "api", HTTP: 400, Responder: "upstox", Upstox: c.Code}, nil); e != c.Entry {
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
