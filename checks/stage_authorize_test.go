package checks

import (
	"bufio"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"testing/fstest"

	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/network"
	"upstox-doctor/checks/upstox"
)

func TestTrusted(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, raw, host, err string }{
		{"the usual", "wss://wsfeeder-api.upstox.com/feeds?requestId=r123&code=c456", "wsfeeder-api.upstox.com", ""},
		{"another host of Upstox's", "wss://blue.feed.upstox.com/feeds?code=c456", "blue.feed.upstox.com", ""},
		{"the bare domain", "wss://upstox.com/feeds", "upstox.com", ""},
		{"capitals", "WSS://WsFeeder-API.Upstox.COM/feeds", "wsfeeder-api.upstox.com", ""},
		{"a port", "wss://wsfeeder-api.upstox.com:8443/feeds", "wsfeeder-api.upstox.com", ""},
		{"a port that does not exist", "wss://wsfeeder-api.upstox.com:70000/feeds", "", `the stream URL on "wsfeeder-api.upstox.com" names a port that does not exist`},
		{"port 0", "wss://wsfeeder-api.upstox.com:0/feeds", "", `the stream URL on "wsfeeder-api.upstox.com" names a port that does not exist`},
		{"without TLS", "ws://wsfeeder-api.upstox.com/feeds", "", `the stream URL begins with "ws" instead of wss`},
		{"no WebSocket", "https://wsfeeder-api.upstox.com/feeds", "", `the stream URL begins with "https" instead of wss`},
		{"no scheme", "wsfeeder-api.upstox.com/feeds", "", `the stream URL begins with "" instead of wss`},
		{"a name that only begins alike", "wss://upstox.com.example.net/feeds", "", `the stream URL leads to "upstox.com.example.net", which is not Upstox's`},
		{"a name that only ends alike", "wss://notupstox.com/feeds", "", `the stream URL leads to "notupstox.com", which is not Upstox's`},
		{"the name as a user", "wss://upstox.com@example.net/feeds", "", `the stream URL leads to "example.net", which is not Upstox's`},
		{"an address", "wss://203.0.113.20/feeds", "", `the stream URL leads to "203.0.113.20", which is not Upstox's`},
		{"no host", "wss:///feeds", "", `the stream URL leads to "", which is not Upstox's`},
		{"a user", "wss://me:secret@wsfeeder-api.upstox.com/feeds", "", `the stream URL on "wsfeeder-api.upstox.com" carries a user name`},
		{"no URL, and its text is not repeated", "wss://[code=c456", "", "the stream URL cannot be read"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			host, err := trusted(tc.raw)
			if host != tc.host || fmt.Sprint(err) != tc.err && (err != nil || tc.err != "") {
				t.Errorf("got %q, %v; want %q, %v", host, err, tc.host, tc.err)
			}
		})
	}
}

// TestOneTimeValuesAreSecret: also those of a URL that is not trusted.
func TestOneTimeValuesAreSecret(t *testing.T) {
	t.Parallel()
	w := world(monday)
	w.checkStreamURL("wss://wsfeeder-api.upstox.com/feeds?requestId=r-1234567&code=c-7654321&code=second-value", upstox.Response{})
	w.checkStreamURL("wss://example.net/feeds?code=elsewhere-1", upstox.Response{})
	for _, s := range []string{"r-1234567", "c-7654321", "second-value", "elsewhere-1"} {
		if shown := w.Secrets.String("seen " + s); strings.Contains(shown, s) {
			t.Errorf("%q is shown", shown)
		}
	}
}

func TestAuthorize(t *testing.T) {
	t.Parallel()
	url := func(data string) reply { return success("{" + data + "}") }
	const good = "wss://wsfeeder-api.upstox.com/feeds?code=c456"
	const asked = "request=GET /v3/feed/market-data-feed/authorize, status="
	for _, tc := range []struct {
		name   string
		answer reply
		want   string
		url    string
	}{
		{"snake case", url(`"authorized_redirect_uri":"` + good + `"`), "pass api.upstox.com | a one-time URL on wsfeeder-api.upstox.com | host=wsfeeder-api.upstox.com", good},
		{"camel case", url(`"authorizedRedirectUri":"` + good + `"`), "pass api.upstox.com | a one-time URL on wsfeeder-api.upstox.com | host=wsfeeder-api.upstox.com", good},
		{"no URL", url(``), "fail authorize-no-url api.upstox.com certain | GET /v3/feed/market-data-feed/authorize: 200, but without authorized_redirect_uri", ""},
		{"an untrusted one", url(`"authorized_redirect_uri":"wss://example.net/?code=c456"`), `fail authorize-untrusted-url api.upstox.com certain | the stream URL leads to "example.net", which is not Upstox's`, ""},
		{"refused", deadToken, "fail authorize-unauthorized api.upstox.com certain | GET /v3/feed/market-data-feed/authorize: 401 UDAPI100050 as scripted | " + asked + "401, answered_by=upstox, upstox_code=UDAPI100050, source=environment, variable=UPSTOX_ACCESS_TOKEN, kind=opaque", ""},
		{"forbidden without a word", reply{status: 403}, "fail authorize-forbidden api.upstox.com certain | GET /v3/feed/market-data-feed/authorize: 403 with an empty body | " + asked + "403, answered_by=other", ""},
		{"too many requests", problem(429, "UDAPI10005"), "fail rate-limited api.upstox.com certain | GET /v3/feed/market-data-feed/authorize: 429 UDAPI10005 as scripted | " + asked + "429, answered_by=upstox, upstox_code=UDAPI10005", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			api := &scripted{answers: map[string]reply{authorizePath: tc.answer}}
			res, r := runCheck(t, world(monday).authorize(), newWorld(accessToken, holding(fromEnv(opaque))), newWorld(client, api.client()), newWorld(accepted, true))
			wantLine(t, res, tc.want)
			if got, _ := streamURL.Of(r); got != tc.url {
				t.Errorf("hands on %q, want %q", got, tc.url)
			}
			if len(api.asked) != 1 || api.asked[0] != authorizePath+" "+opaque {
				t.Errorf("asked %d times", len(api.asked))
			}
		})
	}
}

// refused is a refusal of the upgrade with some of what comes with one.
func refused(status int, header http.Header, body string) *feed.Refusal {
	return &feed.Refusal{Status: status, Header: header, Body: []byte(body)}
}

func TestHandshakeFailure(t *testing.T) {
	t.Parallel()
	edgeHead := http.Header{"Server": {"cloudflare"}, "Cf-Ray": {"8f2d-BOM"}, "Content-Type": {"text/plain"}, "Retry-After": {"60"}, "X-Other": {"no"}}
	const onFeed = " wsfeeder-api.upstox.com | "
	for _, tc := range []struct {
		name string
		err  error
		want string
	}{
		{"401", refused(401, nil, "Unauthorized"), "fail handshake-unauthorized" + onFeed + "feed handshake: status 401 | status=401, body=Unauthorized"},
		{"429", refused(429, http.Header{"Retry-After": {"30"}}, ""), "fail handshake-rate-limited" + onFeed + "feed handshake: status 429 | status=429, retry_after=30"},
		{"503", refused(503, nil, ""), "fail upstox-unavailable" + onFeed + "feed handshake: status 503 | status=503"},
		{"426", refused(426, nil, ""), "fail handshake-not-upgraded" + onFeed + "feed handshake: status 426 | status=426"},
		{"a ban of the edge shows the headers that matter", refused(429, edgeHead, "error code: 1015"),
			"fail edge-rate-limited" + onFeed + "feed handshake: status 429 | status=429, answered_by=edge, server=cloudflare, ray_id=8f2d-BOM, content_type=text/plain, retry_after=60, body=error code: 1015"},
		{"a filter's page", refused(403, http.Header{"Content-Type": {"text/html"}}, "<title>Netskope</title><p>Site blocked</p>Category: Finance"),
			"fail filter-blocked" + onFeed + "feed handshake: status 403 with the block page of Netskope (category Finance) | status=403, answered_by=filter, filter=Netskope, category=Finance, content_type=text/html, body=Netskope Site blocked Category: Finance"},
		{"another server's fault", refused(503, http.Header{"Server": {"envoy"}}, ""),
			"fail not-known" + onFeed + "feed handshake: status 503 from envoy, without a mark of Upstox or Cloudflare | status=503, answered_by=proxy, server=envoy"},
		{"sent elsewhere", &feed.Refusal{Status: 302, Kind: "redirected", Location: "https://upstox.com/maintenance"},
			"fail handshake-redirected" + onFeed + "feed handshake: status 302 to https://upstox.com/maintenance | status=302, location=https://upstox.com/maintenance"},
		{"no answer", &feed.Refusal{Kind: "timeout", Err: errors.New("no answer to the upgrade")}, "fail handshake-timeout" + onFeed + "feed handshake: no answer to the upgrade"},
		{"dropped", &feed.Refusal{Kind: "dropped", Err: io.EOF}, "fail handshake-dropped wsfeeder-api.upstox.com likely | feed handshake: EOF"},
		{"the way to another host is closed", fmt.Errorf("connect to the feed: %w", &network.Error{Hop: "tcp", Kind: "refused", Host: "blue.upstox.com"}),
			"fail tcp-refused" + onFeed + "connect blue.upstox.com: refused | host=wsfeeder-api.upstox.com"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := world(monday)
			w.Net = &network.Network{}
			wantLine(t, w.handshakeFailure(tc.err, true, FeedHost, holding(fromEnv(today)), nil), tc.want)
		})
	}
}

// TestForbidden: a 403 of the feed says little, so the evidence lists what
// narrows it down, and the confidence follows it.
func TestForbidden(t *testing.T) {
	t.Parallel()
	addr := netip.MustParseAddr("203.0.113.20")
	sockets := func(n int) fstest.MapFS {
		table := "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
		for i := range n {
			table += fmt.Sprintf("%d: 070200C0:%04X 147100CB:01BB 01 00000000:00000000 00:00000000 00000000 1000 0 %d 1\n", i, 50001+i, 70001+i)
		}
		return fstest.MapFS{"tcp": {Data: []byte(table)}}
	}
	const onFeed = " wsfeeder-api.upstox.com "
	for _, tc := range []struct {
		name    string
		twice   bool
		active  ActiveToken
		sockets fstest.MapFS
		want    string
	}{
		{"refused twice, no other connection", true, holding(fromEnv(today)), sockets(0),
			"fail handshake-forbidden" + onFeed + "possible | feed handshake: status 403, and again on a second fresh URL | status=403, fresh_urls_refused=2, other_local_connections=0, token_kind=oauth"},
		{"no second URL could be had", false, holding(fromEnv(today)), sockets(0),
			"fail handshake-forbidden" + onFeed + "possible | feed handshake: status 403 | status=403, other_local_connections=0, token_kind=oauth"},
		{"one other connection", true, holding(fromEnv(today)), sockets(1),
			"fail handshake-forbidden" + onFeed + "likely | feed handshake: status 403, and again on a second fresh URL; this machine holds 1 other connection to the feed | status=403, fresh_urls_refused=2, other_local_connections=1, token_kind=oauth"},
		{"two other connections, and the plan is known", true, holding(fromEnv(analytics)), sockets(2),
			"fail connection-limit" + onFeed + "likely | feed handshake: status 403, and again on a second fresh URL; this machine holds 2 other connections to the feed | status=403, fresh_urls_refused=2, other_local_connections=2, token_kind=analytics, plus_plan=false"},
		{"the kernel does not tell", true, holding(fromEnv(opaque)), fstest.MapFS{},
			"fail handshake-forbidden" + onFeed + "possible | feed handshake: status 403, and again on a second fresh URL | status=403, fresh_urls_refused=2, token_kind=opaque"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := world(monday)
			w.Net = &network.Network{Sockets: tc.sockets}
			wantLine(t, w.handshakeFailure(refused(403, nil, ""), tc.twice, FeedHost, tc.active, []netip.Addr{addr}), tc.want)
		})
	}
}

// TestForbiddenBehindAProxy: there the addresses of the feed are not known, so
// no connection could have been counted.
func TestForbiddenBehindAProxy(t *testing.T) {
	t.Parallel()
	w := world(monday)
	w.Net = &network.Network{Sockets: fstest.MapFS{"tcp": {Data: []byte("  sl\n")}}}
	wantLine(t, w.handshakeFailure(refused(403, nil, ""), true, FeedHost, holding(fromEnv(opaque)), nil),
		"fail handshake-forbidden wsfeeder-api.upstox.com possible | feed handshake: status 403, and again on a second fresh URL | status=403, fresh_urls_refused=2, token_kind=opaque")
}

// TestSubscribeOnADeadStream: what could not be sent is not passed over.
func TestSubscribeOnADeadStream(t *testing.T) {
	t.Parallel()
	for _, key := range []string{ControlKey, share} {
		ours, theirs := net.Pipe()
		go func() {
			defer theirs.Close()
			r, err := http.ReadRequest(bufio.NewReader(theirs))
			if err != nil {
				return
			}
			sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
			fmt.Fprintf(theirs, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", base64.StdEncoding.EncodeToString(sum[:]))
		}()
		s, err := feed.Open(t.Context(), feed.Options{URL: "ws://localhost/", Conn: func(context.Context) (net.Conn, error) { return ours, nil }})
		if err != nil {
			t.Fatal(err)
		}
		for range s.Events() { // until its end
		}
		if err := (World{Settings: Settings{Instrument: key}}).WithDefaults().subscribe(s); err == nil || !strings.HasPrefix(err.Error(), "send sub request: ") {
			t.Errorf("%s: %v", key, err)
		}
		s.Close()
	}
}

// TestWhoMayHaveForbidden: a second URL is spent only on what the feed may have
// said.
func TestWhoMayHaveForbidden(t *testing.T) {
	t.Parallel()
	cloudflare := http.Header{"Server": {"cloudflare"}, "Cf-Ray": {"8f2d-BOM"}}
	html := http.Header{"Content-Type": {"text/html"}}
	for _, tc := range []struct {
		name string
		err  error
		want bool
	}{
		{"no error", nil, false},
		{"another error", io.EOF, false},
		{"another status", refused(401, nil, ""), false},
		{"Upstox refuses", fmt.Errorf("open: %w", refused(403, cloudflare, `{"status":"error","errors":[{"error_code":"UDAPI100050"}]}`)), true},
		{"it is not told who", refused(403, cloudflare, ""), true},
		{"it is not told who, in words", refused(403, nil, "Forbidden"), true},
		{"a web server's own page", refused(403, html, "<h1>403 Forbidden</h1><center>nginx</center>"), true},
		{"the edge bans", fmt.Errorf("open: %w", refused(403, cloudflare, `{"error_code":1015}`)), false},
		{"the edge blocks", refused(403, cloudflare, "error code: 1006"), false},
		{"the edge blocks a country", refused(403, cloudflare, "error code: 1009"), false},
		{"the edge asks for a browser", refused(403, http.Header{"Cf-Ray": {"8f2d-BOM"}, "Content-Type": {"text/html"}}, "<title>Just a moment...</title>"), false},
		{"a filter", refused(403, html, "<h1>Web Page Blocked</h1>FortiGuard"), false},
		{"a portal", refused(403, html, "<h1>Sign in to Guest</h1>"), false},
	} {
		if got := forbiddenByFeed(tc.err); got != tc.want {
			t.Errorf("%s: %t", tc.name, got)
		}
	}
}

// TestOpenChoosesTheConnection: the one that is ready, if the URL leads where
// it leads; else a new one, to the URL's own host and port.
func TestOpenChoosesTheConnection(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, raw string
		noReady   bool
		wantDial  string
	}{
		{"the feed host", "wss://" + FeedHost + "/feeds", false, ""},
		{"the feed host with its port", "wss://" + FeedHost + ":443/feeds", false, ""},
		{"nothing is ready", "wss://" + FeedHost + "/feeds", true, FeedHost + ":443"},
		{"another port", "wss://" + FeedHost + ":8443/feeds", false, FeedHost + ":8443"},
		{"another host", "wss://blue.upstox.com/feeds", false, "blue.upstox.com:443"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dialled := ""
			w := world(monday)
			w.Net = &network.Network{
				Resolver: &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
					return nil, errors.New("no resolver here")
				}},
				Routed: func() bool { return true }, HostsFile: "none",
			}
			ready, far := net.Pipe()
			far.Close()
			defer ready.Close()
			if tc.noReady {
				ready = nil
			}
			var conn net.Conn
			if ready != nil {
				conn = ready
			}
			_, err := w.open(t.Context(), tc.raw, conn)
			var e *network.Error
			if errors.As(err, &e) {
				dialled = e.Host
			}
			if want, _, _ := strings.Cut(tc.wantDial, ":"); dialled != want {
				t.Errorf("looked for %q, want %q: %v", dialled, want, err)
			}
		})
	}
	for _, raw := range []string{"wss://[bad", "wss://" + FeedHost + ":70000/feeds"} {
		if _, err := world(monday).open(t.Context(), raw, nil); err == nil || strings.Contains(err.Error(), "bad") {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

// TestForbiddenNamesPrograms: the programs that hold connections to the feed are
// named also where their number does not reach the plan's limit.
func TestForbiddenNamesPrograms(t *testing.T) {
	t.Parallel()
	table := "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n" +
		"0: 070200C0:C351 147100CB:01BB 01 00000000:00000000 00:00000000 00000000 1000 0 70001 1\n"
	w := world(monday)
	w.Net = &network.Network{
		Sockets: fstest.MapFS{"tcp": {Data: []byte(table)}},
		Owners:  func([]string) []network.Process { return []network.Process{{Name: "python3", PID: 42}} },
	}
	wantLine(t, w.handshakeFailure(refused(403, nil, ""), true, FeedHost, holding(fromEnv(analytics)), []netip.Addr{netip.MustParseAddr("203.0.113.20")}),
		"fail handshake-forbidden wsfeeder-api.upstox.com likely | feed handshake: status 403, and again on a second fresh URL; this machine holds 1 other connection to the feed; connected to the feed: python3 (process 42) | status=403, fresh_urls_refused=2, other_local_connections=1, local_programs=[python3 (process 42)], token_kind=analytics, plus_plan=false")
}
