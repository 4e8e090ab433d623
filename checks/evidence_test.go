package checks_test

import (
	"fmt"
	"regexp"
	"testing"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/fixtures/sim"
)

func text(v any) string { return fmt.Sprint(v) }

// varying are the numbers that differ from run to run.
var varying = regexp.MustCompile(`after \d+ ms|took_ms=\d+`)

// TestEvidence holds what the checks of a whole run show against what there
// was to see.
func TestEvidence(t *testing.T) {
	t.Parallel()
	const (
		api, feed = checks.APIHost, checks.FeedHost
		proxied   = "variable=HTTPS_PROXY, proxy=http://proxy.example.net:3128"
		simulated = "CN=Simulated Public Root CA,O=Simulated Public Root CA"
	)
	for _, tc := range []struct{ scenario, id, target, want string }{
		{"healthy", "network.proxy", api, "pass api.upstox.com | no proxy is set for api.upstox.com"},
		{"healthy", "network.dns", feed, "pass wsfeeder-api.upstox.com | wsfeeder-api.upstox.com is 203.0.113.20 | addresses=[203.0.113.20]"},
		{"healthy", "network.tcp", api, "pass api.upstox.com | api.upstox.com:443 accepts"},
		{"healthy", "network.tls", feed, "pass wsfeeder-api.upstox.com | TLS 1.3, certificate from Simulated Public Root CA | issuer=" + simulated + ", valid_to=2027-01-23T04:45:00Z, version=TLS 1.3"},
		{"healthy", "handshake", feed, "pass wsfeeder-api.upstox.com | 101 Switching Protocols"},
		{"healthy", "ticks.snapshot", feed, "pass wsfeeder-api.upstox.com | NIFTY 50 24,512.35, traded Mon 23 Nov 10:1"},
		{"healthy-403-once", "handshake", feed, "pass wsfeeder-api.upstox.com | 101 on the second fresh URL; the first was refused with 403 | first_answer=403"},
		{"healthy-other-feed-host", "authorize", api, "pass api.upstox.com | a one-time URL on wsfeeder-blue.upstox.com | host=wsfeeder-blue.upstox.com"},
		{"healthy-behind-proxy", "network.proxy", feed, "pass wsfeeder-api.upstox.com | proxy proxy.example.net:3128 opens a tunnel to wsfeeder-api.upstox.com | " + proxied},
		{"healthy-behind-proxy", "network.dns", api, "skip api.upstox.com | not needed here"},
		{"healthy-behind-socks-proxy", "network.proxy", api, "pass api.upstox.com | proxy proxy.example.net:3128 opens a tunnel to api.upstox.com | variable=HTTPS_PROXY, proxy=socks5h://proxy.example.net:3128"},
		{"healthy-no-proxy-for-upstox", "network.proxy", api, "pass api.upstox.com | HTTPS_PROXY is set, but NO_PROXY exempts api.upstox.com | variable=HTTPS_PROXY"},
		{"healthy-one-dead-address", "network.tcp", api, "pass api.upstox.com | api.upstox.com:443 accepts | attempts=[203.0.113.11:443 refused after N 203.0.113.10:443 connected after N]"},
		{"healthy-equity", "ticks.snapshot", feed, "pass wsfeeder-api.upstox.com | INE002A01018 1,282.40, traded Mon 23 Nov 10:1"},

		{"dns-hijacked-hosts-file", "network.dns", api, "fail dns-hijacked api.upstox.com certain | resolve api.upstox.com to 127.0.0.1: loopback address from the hosts file | host=api.upstox.com, address=127.0.0.1"},
		{"dns-hijacked-hosts-file", "network.tcp", api, "skip api.upstox.com | not run: network.dns failed"},
		{"dns-slow", "network.dns", api, "warn dns-slow api.upstox.com certain | api.upstox.com resolved after 1."},
		{"tcp-refused", "network.tcp", feed, "fail tcp-refused wsfeeder-api.upstox.com certain | connect wsfeeder-api.upstox.com 203.0.113.20:443: connection refused | host=wsfeeder-api.upstox.com, address=203.0.113.20:443, attempts=[203.0.113.20:443 refused after N]"},
		{"tls-untrusted-feed", "network.tls", feed, "fail tls-untrusted wsfeeder-api.upstox.com certain"},
		{"tls-expired", "network.tls", api, "fail tls-expired api.upstox.com certain"},
		{"tls-reset", "network.tls", api, "fail tls-reset api.upstox.com certain"},
		{"proxy-invalid", "network.proxy", api, "fail proxy-invalid api.upstox.com certain"},
		{"proxy-auth-required", "network.proxy", feed, "fail proxy-auth-required wsfeeder-api.upstox.com certain | tunnel to wsfeeder-api.upstox.com through proxy.example.net:3128: 407 Proxy Authentication Required: Basic | " + proxied + ", host=wsfeeder-api.upstox.com, address=proxy.example.net:3128, status=407, reason=Basic"},

		{"clock-ahead", "token.expiry", "", "pass | ends Tue 24 Nov 03:30 IST"},
		{"clock-days-ahead", "network.clock", api, "fail clock-skew api.upstox.com likely | the local clock is 9 days ahead; by the server's the certificate is valid"},
		{"clock-days-ahead", "network.tls", feed, "fail clock-skew wsfeeder-api.upstox.com certain because network.clock | the certificate is refused only because the local clock is wrong: secure wsfeeder-api.upstox.com"},
		{"handshake-connection-limit", "handshake", feed, "fail connection-limit wsfeeder-api.upstox.com likely | feed handshake: status 403, and again on a second fresh URL; this machine holds 2 other connections to the feed; connected to the feed: python3 (process 4242), node (process 4711) | status=403, content_type=text/plain, body=Forbidden, fresh_urls_refused=2, other_local_connections=2, local_programs=[python3 (process 4242) node (process 4711)], token_kind=oauth, plus_plan=false"},
		{"stream-too-many-connections", "ticks.snapshot", feed, "fail connection-limit wsfeeder-api.upstox.com certain | the feed closed the stream: 1008 too many concurrent connections; connected to the feed: python3 (process 4242), node (process 4711) | close_code=1008, close_reason=too many concurrent connections, local_programs=[python3 (process 4242) node (process 4711)]"},
		{"handshake-forbidden", "handshake", feed, "fail handshake-forbidden wsfeeder-api.upstox.com possible | feed handshake: status 403, and again on a second fresh URL | status=403"},
		{"handshake-redirected", "handshake", feed, "fail handshake-redirected wsfeeder-api.upstox.com certain | feed handshake: status 302 to https://upstox.com/maintenance | status=302, server=gateway, location=https://upstox.com/maintenance"},
		{"ticks-stale", "ticks.live", feed, "warn ticks-stale wsfeeder-api.upstox.com certain | live frames come, but the last trade is 10 min old | instrument=NSE_INDEX|Nifty 50, price="},
		{"market-closed-night", "ticks.live", "", "pass market-closed NSE_INDEX|Nifty 50 | the market is closed; NIFTY 50 stands at 24,512.35; opens Wed 25 Nov 09:15 IST, in 1 day 11 h"},
		{"env-file-utf16", "environment.credentials", "", "fail env-missing-credentials UPSTOX_API_KEY, UPSTOX_API_SECRET certain because environment.files"},
		{"no-credentials", "token.present", "", "fail token-missing UPSTOX_ACCESS_TOKEN certain because environment.credentials"},
		{"token-placeholder", "token.present", "", "fail token-missing UPSTOX_ACCESS_TOKEN certain because environment.values"},
	} {
		t.Run(tc.scenario+" "+tc.id, func(t *testing.T) {
			t.Parallel()
			sc, ok := sim.Find(tc.scenario)
			if !ok {
				t.Fatal("no such scenario")
			}
			d := diagnose(t, sc)
			res := of(t, d.Report, tc.id, tc.target)
			got := varying.ReplaceAllStringFunc(line(res), func(s string) string {
				return regexp.MustCompile(`\d+( ms)?$`).ReplaceAllString(s, "N")
			})
			if len(got) > len(tc.want) && tc.want[len(tc.want)-1] != ']' {
				got = got[:len(tc.want)] // the beginning was asked for
			}
			if got != tc.want {
				t.Errorf("\ngot  %s\nwant %s", line(res), tc.want)
			}
		})
	}
}

// of finds a check with its host; an empty host is any.
func of(t *testing.T, r doctor.Report, id, host string) doctor.Result {
	t.Helper()
	for _, res := range r.Results {
		if res.ID == id && (host == "" || res.Target == host) {
			return res
		}
	}
	t.Fatalf("no %s of %s", id, host)
	return doctor.Result{}
}
