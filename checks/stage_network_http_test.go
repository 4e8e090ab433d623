package checks

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"net/http"
	"net/netip"
	"testing"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/network"
)

// TestWhoAnswersFirst: the first exchange asks who is there. An error of one
// service of Upstox is for later checks; all else ends the way here.
func TestWhoAnswersFirst(t *testing.T) {
	t.Parallel()
	days := success(`[{"date":"2026-11-24","description":"Guru Nanak Jayanti","holiday_type":"TRADING_HOLIDAY","closed_exchanges":["NSE"],"open_exchanges":[]}]`)
	dated := days
	dated.header = http.Header{"Date": {"Mon, 23 Nov 2026 04:44:00 GMT"}} // 10:14 in India
	html := http.Header{"Content-Type": {"text/html"}}
	const asked = "request=GET /v2/market/holidays, status="
	for _, tc := range []struct {
		name    string
		answer  reply
		want    string
		goes    bool
		days    int
		dateOff time.Duration
	}{
		{"the list of holidays", days, "pass api.upstox.com | GET /v2/market/holidays: 200", true, 1, 0},
		{"the date of the answer is kept beside the local time", dated, "pass api.upstox.com | GET /v2/market/holidays: 200", true, 1, time.Minute},
		{"an error of Upstox's own", problem(500, "UDAPI100500"), "pass api.upstox.com | GET /v2/market/holidays: 500 UDAPI100500 as scripted | " + asked + "500, answered_by=upstox, upstox_code=UDAPI100500", true, 0, 0},
		{"too many requests, says Upstox", reply{429, problem(429, "UDAPI10005").body, http.Header{"Retry-After": {"30"}}, nil}, "pass api.upstox.com | GET /v2/market/holidays: 429 UDAPI10005 as scripted | " + asked + "429, answered_by=upstox, upstox_code=UDAPI10005, retry_after_seconds=30", true, 0, 0},
		{"success without data", success(`null`), "pass api.upstox.com | GET /v2/market/holidays: 200, data is missing | " + asked + "200, answered_by=upstox", true, 0, 0},
		{"the path has moved", reply{status: 404, body: "404 page not found"}, "pass api.upstox.com | GET /v2/market/holidays: 404 with 18 bytes of unnamed type | " + asked + "404, answered_by=other", true, 0, 0},
		{"the gateway is in trouble", reply{status: 500, body: "oops"}, "fail upstox-unavailable api.upstox.com certain | GET /v2/market/holidays: 500 with 4 bytes of unnamed type | " + asked + "500, answered_by=other", false, 0, 0},
		{"a portal's page", reply{200, "<html>Sign in</html>", html, nil}, "fail captive-portal api.upstox.com certain | GET /v2/market/holidays: 200 with a web page | " + asked + "200, answered_by=portal", false, 0, 0},
		{"a filter's page with 403", reply{403, "<html>Blocked by policy</html>", html, nil}, "fail filter-blocked api.upstox.com likely | GET /v2/market/holidays: 403 with a block page | " + asked + "403, answered_by=filter", false, 0, 0},
		{"a filter's page that names itself", reply{403, "<h1>FortiGuard</h1><h2>Web Page Blocked</h2><td>Category</td><td>Finance</td>Ticket: 4711", html, nil},
			"fail filter-blocked api.upstox.com certain | GET /v2/market/holidays: 403 with the block page of FortiGuard (category Finance, reference 4711) | " + asked + "403, answered_by=filter, filter=FortiGuard, category=Finance, reference=4711", false, 0, 0},
		{"a country is refused", cloudflareError(403, 1009), "fail geo-blocked api.upstox.com certain | GET /v2/market/holidays: 403 from Cloudflare, error code 1009 | " + asked + "403, answered_by=edge, ray_id=8f2d5c1e4b7a9360-BOM", false, 0, 0},
		{"a server on the way is in trouble", reply{503, "no healthy upstream", http.Header{"Server": {"envoy"}}, nil}, "fail not-known api.upstox.com certain | GET /v2/market/holidays: 503 from envoy, without a mark of Upstox or Cloudflare | " + asked + "503, answered_by=proxy", false, 0, 0},
		{"sent elsewhere", reply{302, "", http.Header{"Location": {"http://login.wifi.example/terms?to=upstox"}}, nil}, "fail captive-portal api.upstox.com certain | GET /v2/market/holidays: 302 to http://login.wifi.example/terms | " + asked + "302, answered_by=portal, location=http://login.wifi.example/terms", false, 0, 0},
		{"the edge refuses", cloudflareError(403, 1010), "fail edge-blocked api.upstox.com certain | GET /v2/market/holidays: 403 from Cloudflare, error code 1010 | " + asked + "403, answered_by=edge, ray_id=8f2d5c1e4b7a9360-BOM", false, 0, 0},
		{"JSON of another kind", reply{status: 200, body: "[1]"}, "fail api-unexpected-response api.upstox.com certain | GET /v2/market/holidays: 200, the body is not the documented JSON | " + asked + "200, answered_by=other", false, 0, 0},
		{"nobody", reply{err: errors.New("EOF")}, "fail not-known api.upstox.com certain | GET /v2/market/holidays: no answer: EOF | request=GET /v2/market/holidays", false, 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			api := &scripted{answers: map[string]reply{holidaysPath: tc.answer}}
			res, r := runCheck(t, world(monday).http(), newWorld(client, api.client()))
			wantLine(t, res, tc.want)
			if _, goes := answers.Of(r); goes != tc.goes {
				t.Errorf("hands on that Upstox answers: %t", goes)
			}
			if list, known := holidays.Of(r); len(list) != tc.days || known != (tc.days > 0) {
				t.Errorf("hands on %d holidays, %t", len(list), known)
			}
			d, known := serverDate.Of(r)
			if known != (tc.dateOff != 0) || known && (!d.Local.Equal(monday) || d.Local.Sub(d.Server) != tc.dateOff || d.Explains != "") {
				t.Errorf("hands on the date %+v, %t", d, known)
			}
			if len(api.asked) != 1 || api.asked[0] != holidaysPath {
				t.Errorf("asked %v, want the holidays without a token", api.asked)
			}
		})
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		ahead    time.Duration
		explains string
		want     string
	}{
		{"right", 0, "", "pass api.upstox.com | within 1 s of the server's | skew_seconds=0, server_time=2026-11-23T10:15:00+05:30, local_time=2026-11-23T10:15:00+05:30"},
		{"a minute off is still right", time.Minute, "", "pass api.upstox.com | within 1 min 1 s of the server's | skew_seconds=60, server_time=2026-11-23T10:15:00+05:30, local_time=2026-11-23T10:16:00+05:30"},
		{"behind by a minute is right too", -time.Minute, "", "pass api.upstox.com | within 1 min 1 s of the server's | skew_seconds=-60, server_time=2026-11-23T10:15:00+05:30, local_time=2026-11-23T10:14:00+05:30"},
		{"more than a minute ahead", 61 * time.Second, "", "warn clock-skew api.upstox.com certain | the local clock is 1 min ahead | skew_seconds=61, server_time=2026-11-23T10:15:00+05:30, local_time=2026-11-23T10:16:01+05:30"},
		{"hours behind", -2 * time.Hour, "", "warn clock-skew api.upstox.com certain | the local clock is 2 h behind | skew_seconds=-7200, server_time=2026-11-23T10:15:00+05:30, local_time=2026-11-23T08:15:00+05:30"},
		{"half a second is rounded", 1500 * time.Millisecond, "", "pass api.upstox.com | within 2.5 s of the server's | skew_seconds=2, server_time=2026-11-23T10:15:00+05:30, local_time=2026-11-23T10:15:01+05:30"},
		{"a certificate is refused for it", 9 * 24 * time.Hour, FeedHost, "fail clock-skew api.upstox.com likely | the local clock is 9 days ahead; by the server's the certificate is valid | skew_seconds=777600, server_time=2026-11-23T10:15:00+05:30, local_time=2026-12-02T10:15:00+05:30"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := ServerDate{Server: monday.UTC(), Local: monday.Add(tc.ahead).UTC(), Explains: tc.explains}
			res, r := runCheck(t, World{}.clock(), newWorld(serverDate, d))
			wantLine(t, res, tc.want)
			if c, ok := clock.Of(r); !ok || monday.Add(tc.ahead+c.Offset) != monday {
				t.Errorf("corrected by %s", c.Offset)
			}
		})
	}
}

func TestNetFailure(t *testing.T) {
	t.Parallel()
	leaf := &x509.Certificate{
		Issuer: pkix.Name{CommonName: "Gateway CA", Organization: []string{"Example Corp"}}, Subject: pkix.Name{CommonName: APIHost},
		DNSNames: []string{APIHost, "www.upstox.com"}, NotBefore: monday, NotAfter: monday.AddDate(0, 1, 0),
	}
	for _, tc := range []struct {
		name string
		err  error
		want string
	}{
		{"a name that does not exist", &network.Error{Hop: "dns", Kind: "not-found", Host: APIHost},
			"fail dns-not-found wsfeeder-api.upstox.com | resolve api.upstox.com: not-found | host=wsfeeder-api.upstox.com"},
		{"an address that refuses", &network.Error{Hop: "tcp", Kind: "refused", Host: APIHost, Addr: "203.0.113.10:443"},
			"fail tcp-refused wsfeeder-api.upstox.com | connect api.upstox.com 203.0.113.10:443: refused | host=wsfeeder-api.upstox.com, address=203.0.113.10:443"},
		{"a proxy's answer", &network.Error{Hop: "proxy", Kind: "auth-required", Host: APIHost, Addr: "proxy:3128", Status: 407, Reason: "Basic"},
			"fail proxy-auth-required wsfeeder-api.upstox.com | tunnel to api.upstox.com through proxy:3128: 407 Proxy Authentication Required: Basic | host=wsfeeder-api.upstox.com, address=proxy:3128, status=407, reason=Basic"},
		{"a proxy that says nothing", &network.Error{Hop: "proxy", Kind: "unreachable", Host: APIHost, Addr: "proxy:3128"},
			"fail proxy-unreachable wsfeeder-api.upstox.com | tunnel to api.upstox.com through proxy:3128: unreachable | host=wsfeeder-api.upstox.com, address=proxy:3128"},
		{"the status of another hop is no evidence", &network.Error{Hop: "tls", Kind: "reset", Host: APIHost, Status: 400, Reason: "x"},
			"fail tls-reset wsfeeder-api.upstox.com | secure api.upstox.com: 400 Bad Request: x | host=wsfeeder-api.upstox.com"},
		{"a certificate", &network.Error{Hop: "tls", Kind: "untrusted", Host: APIHost, Certs: []*x509.Certificate{leaf, nil}},
			"fail tls-untrusted wsfeeder-api.upstox.com | secure api.upstox.com: untrusted | host=wsfeeder-api.upstox.com, issuer=CN=Gateway CA,O=Example Corp, subject=CN=api.upstox.com, names=[api.upstox.com www.upstox.com], valid_from=2026-11-23T04:45:00Z, valid_to=2026-12-23T04:45:00Z"},
		{"nobody knows", &network.Error{Hop: "tcp", Kind: "other", Host: APIHost, Err: errors.New("boom")},
			"fail not-known wsfeeder-api.upstox.com | connect api.upstox.com: boom | host=wsfeeder-api.upstox.com"},
		{"wrapped", errors.Join(&network.Error{Hop: "dns", Kind: "offline", Host: APIHost}),
			"fail offline wsfeeder-api.upstox.com | resolve api.upstox.com: offline | host=wsfeeder-api.upstox.com"},
		{"no error of the network, as when the run is over", errors.New("context canceled"), "skip | context canceled"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			wantLine(t, netFailure(tc.err, FeedHost), tc.want)
		})
	}
}

func TestAttempts(t *testing.T) {
	t.Parallel()
	got := attempts([]network.Attempt{
		{Addr: netip.MustParseAddrPort("[2001:db8::10]:443"), Kind: "timeout", Took: 250 * time.Millisecond},
		{Addr: netip.MustParseAddrPort("203.0.113.10:443"), Took: 3*time.Millisecond + 900*time.Microsecond},
	})
	if len(got) != 2 || got[0] != "[2001:db8::10]:443 timeout after 250 ms" || got[1] != "203.0.113.10:443 connected after 3 ms" {
		t.Errorf("got %q", got)
	}
}

// TestWhatIsNotReachedIsSkipped: without its facts a check blames the one that
// failed to give them, and says nothing itself.
func TestWhatIsNotReachedIsSkipped(t *testing.T) {
	t.Parallel()
	w := world(monday)
	for _, c := range []doctor.Check{w.http(), w.clock(), w.tokenExpiry(), w.tokenPresent(), w.dns(APIHost), w.tcp(APIHost), w.tlsAPI(), w.tlsFeed(), w.snapshot(), w.live(), w.handshake(), w.authorize(), w.tokenAccepted(), w.values(), w.credentials()} {
		c.After = nil
		res, _ := runCheck(t, c, neverAsk(c.Needs...))
		if res.Status != doctor.Skip || res.BlockedBy != "never" {
			t.Errorf("%s: %s, blocked by %q", c.ID, line(res), res.BlockedBy)
		}
	}
}
