package catalog

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"upstox-doctor/fixtures/golden"
)

// TestSessions explains the logs of whole sessions: bots that log in, stream
// and have services of their own, with several faults. The first cause must be
// right, and no other service may come before it.
func TestSessions(t *testing.T) {
	t.Parallel()
	rows, err := os.ReadFile(filepath.Join(clientsDir, "sessions.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	n := 0
	for row := range strings.Lines(string(rows)) {
		f := strings.Split(strings.TrimSpace(row), "\t")
		if len(f) != 5 {
			continue
		}
		n++
		text, err := os.ReadFile(filepath.Join(clientsDir, "sessions", f[0]+".log"))
		if err != nil {
			t.Fatal(err)
		}
		got := Explain(string(text))
		if len(got) == 0 || !slices.Contains(strings.Fields(f[4]), got[0].Entry.Code) {
			t.Errorf("%s: got %q, want %s first", f[0], placed(got), f[4])
		}
		if !slices.ContainsFunc(got, func(m Match) bool { return m.Place == Aside }) {
			t.Errorf("%s: the services in it are not set aside: %s", f[0], placed(got))
		}
		table.WriteString(f[0] + ": " + placed(got) + "\n")
	}
	if n < 10 {
		t.Fatalf("only %d sessions", n)
	}
	golden.Compare(t, clientsDir+"/sessions.txt", table.String())
}

// TestExplainOrder varies what had worked before the failure, and how long
// before.
func TestExplainOrder(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, want string }{
		{"a 401 minutes after a tick is no expired token",
			"09:07:58 connected\n09:07:59 tick 24513.05\n09:10:04 Handshake status 401 Unauthorized",
			"handshake-unauthorized token-rejected"},
		{"the same, by a call",
			"09:07:58 connected\n09:07:59 tick 24513.05\n09:10:04 HTTP 401 UDAPI100050",
			"token-rejected"},
		{"a 401 of the next morning is one",
			"2026-11-23 15:20:00 connected\n2026-11-23 15:20:01 tick 24513.05\n2026-11-24 09:00:04 Handshake status 401 Unauthorized",
			"token-expired handshake-unauthorized"},
		{"a token that says itself that it has expired is believed",
			"09:07:58 connected\n09:10:04 401 jwt expired",
			"token-expired"},
		{"a drop after ticks is neither the token nor a refusal",
			"09:07:58 connected\n09:07:59 tick 24513.05\n09:10:04 WebSocket onclose 1006",
			"stream-dropped"},
		{"the same words without a connection before",
			"09:10:04 WebSocket onclose 1006",
			"token-expired stream-dropped handshake-forbidden"},
		{"an upgrade that failed is no drop",
			"09:10:04 Error: Unexpected server response: 403\n09:10:04 closed 1006",
			"handshake-forbidden"},
		{"the first failure counts more than what followed",
			"09:00:00 connected\n09:00:01 tick 1\n09:05:00 read ECONNRESET\n09:05:03 Handshake status 401\n09:05:10 Handshake status 401\n09:05:20 HTTP 429 {\"errorCode\":\"UDAPI10005\"}",
			"stream-dropped (handshake-unauthorized) (token-rejected) (rate-limited)"},
		{"a service of one's own never stands above",
			"09:00:00 redis: connect ECONNREFUSED 127.0.0.1:6379\n09:00:05 Error: getaddrinfo EAI_AGAIN wsfeeder-api.upstox.com",
			"dns-unreachable dns-server-failure [127.0.0.1:6379]"},
		{"another host is set aside where Upstox is spoken of",
			"09:00:00 upstox bot\n09:00:01 Error: connect ETIMEDOUT query1.finance.yahoo.com:443\n09:00:05 Unexpected server response: 403",
			"handshake-forbidden [query1.finance.yahoo.com]"},
		{"a machine without a network is so whatever host was asked",
			"09:00:00 upstox bot\n09:00:01 Error: connect ENETUNREACH api.telegram.org:443",
			"offline [api.telegram.org]"},
		{"a resolver on this machine is no other service",
			"dial tcp: lookup api.upstox.com on 127.0.0.53:53: server misbehaving",
			"dns-server-failure"},
		{"a gateway's page is no portal",
			"504 Gateway Timeout\nSyntaxError: Unexpected token '<', \"<html>\" is not valid JSON",
			"upstox-unavailable"},
		{"a bare status is explained by the answer with that status",
			"09:00:00 HTTP 401\n09:30:00 HTTP 401 UDAPI1221",
			"token-ip-restricted"},
		{"a bare status is not explained by another one's answer",
			"09:00:00 HTTP 401\n09:30:00 HTTP 429 UDAPI10005",
			"token-expired token-rejected token-ip-restricted (rate-limited)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := placed(Explain(tc.text)); !strings.HasPrefix(got, tc.want) {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}
