package checks_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
)

const authorizePath = "/v3/feed/market-data-feed/authorize"

var anyTime = validity{-30 * day, 60 * day}

// TestWhatIsAsked counts the requests of a whole run. What is not in the list
// is not asked: no call that the diagnosis does not need, none that could make
// a ban longer, and never a third stream URL.
func TestWhatIsAsked(t *testing.T) {
	t.Parallel()
	type counts = map[string]int
	for _, tc := range []struct {
		scenario string
		name     string
		change   func(*mitmProxy)
		want     counts
		verdict  string
	}{
		{scenario: "healthy", want: counts{"holidays": 1, "profile": 1, "authorize": 1, "feeds": 1}},
		{scenario: "market-closed", want: counts{"holidays": 1, "profile": 1, "authorize": 1, "feeds": 1}},
		{scenario: "healthy-opaque-token", want: counts{"holidays": 1, "profile": 1, "authorize": 1, "feeds": 1}},
		{scenario: "healthy-extended-token", want: counts{"holidays": 1, "profile": 1, "ltp": 1, "authorize": 1, "feeds": 1}},
		{scenario: "token-ip-restricted", want: counts{"holidays": 1, "profile": 1, "ltp": 1, "authorize": 1, "feeds": 1}, verdict: "token-ip-restricted"},
		{scenario: "token-missing", want: counts{"holidays": 1}, verdict: "token-missing"},
		{scenario: "token-near-in-json-file", want: counts{"holidays": 1}, verdict: "token-elsewhere"},
		{scenario: "token-near-under-another-name", want: counts{"holidays": 1}, verdict: "token-elsewhere"},
		{scenario: "token-is-auth-code", want: counts{"holidays": 1}, verdict: "token-malformed"},
		{scenario: "token-expired", want: counts{"holidays": 1, "profile": 1, "authorize": 1}, verdict: "token-expired"},
		{scenario: "token-expired-analytics", want: counts{"holidays": 1, "profile": 1, "ltp": 1, "authorize": 1}, verdict: "token-expired"},
		{scenario: "token-revoked", want: counts{"holidays": 1, "profile": 1, "authorize": 1}, verdict: "token-rejected"},
		{scenario: "token-shadowed", want: counts{"holidays": 1, "profile": 1, "ltp": 1, "authorize": 1}, verdict: "token-shadowed"},
		{scenario: "token-shadowed-revoked", want: counts{"holidays": 1, "profile": 1, "ltp": 1, "authorize": 1}, verdict: "token-shadowed"},
		{scenario: "account-inactive", want: counts{"holidays": 1, "profile": 1, "authorize": 1, "feeds": 1}, verdict: "account-inactive"},
		{scenario: "profile-unavailable", want: counts{"holidays": 1, "profile": 1, "ltp": 1, "authorize": 1, "feeds": 1}},
		{scenario: "holidays-timeout", want: counts{"holidays": 1, "profile": 1, "authorize": 1, "feeds": 1}},
		{scenario: "edge-rate-limited", want: counts{"holidays": 1, "profile": 1, "authorize": 1}, verdict: "edge-rate-limited"},
		{scenario: "token-shadowed", name: "a ban of the edge, and the token has ended", change: ban, want: counts{"holidays": 1, "profile": 1, "authorize": 1}, verdict: "edge-rate-limited"},
		{scenario: "authorize-untrusted-host", want: counts{"holidays": 1, "profile": 1, "authorize": 1}, verdict: "authorize-untrusted-url"},
		{scenario: "authorize-plain-ws", want: counts{"holidays": 1, "profile": 1, "authorize": 1}, verdict: "authorize-untrusted-url"},
		{scenario: "authorize-rate-limited", want: counts{"holidays": 1, "profile": 1, "authorize": 1}, verdict: "rate-limited"},
		{scenario: "handshake-forbidden", want: counts{"holidays": 1, "profile": 1, "authorize": 2, "feeds": 2}, verdict: "handshake-forbidden"},
		{scenario: "handshake-connection-limit", want: counts{"holidays": 1, "profile": 1, "authorize": 2, "feeds": 2}, verdict: "connection-limit"},
		{scenario: "healthy-403-once", want: counts{"holidays": 1, "profile": 1, "authorize": 2, "feeds": 2}},
		{scenario: "handshake-unauthorized", want: counts{"holidays": 1, "profile": 1, "authorize": 1, "feeds": 1}, verdict: "handshake-unauthorized"},
		{scenario: "handshake-rate-limited", want: counts{"holidays": 1, "profile": 1, "authorize": 1, "feeds": 1}, verdict: "handshake-rate-limited"},
		{scenario: "handshake-edge-blocked", want: counts{"holidays": 1, "profile": 1, "authorize": 1, "feeds": 1}, verdict: "edge-blocked"},
		{scenario: "handshake-geo-blocked", want: counts{"holidays": 1, "profile": 1, "authorize": 1, "feeds": 1}, verdict: "geo-blocked"},
		{scenario: "handshake-edge-blocked-1006", want: counts{"holidays": 1, "profile": 1, "authorize": 1, "feeds": 1}, verdict: "edge-blocked"},
		{scenario: "handshake-edge-challenge", want: counts{"holidays": 1, "profile": 1, "authorize": 1, "feeds": 1}, verdict: "edge-blocked"},
		{scenario: "handshake-edge-rate-limited-json", want: counts{"holidays": 1, "profile": 1, "authorize": 1, "feeds": 1}, verdict: "edge-rate-limited"},
		{scenario: "handshake-filter-fortiguard", want: counts{"holidays": 1, "profile": 1, "authorize": 1, "feeds": 1}, verdict: "filter-blocked"},
		{scenario: "handshake-captive-portal-forbids", want: counts{"holidays": 1, "profile": 1, "authorize": 1, "feeds": 1}, verdict: "captive-portal"},
		{scenario: "handshake-edge-rate-limited", want: counts{"holidays": 1, "profile": 1, "authorize": 1, "feeds": 1}, verdict: "edge-rate-limited"},
		{scenario: "healthy", name: "the edge bans the upgrade with 403", change: func(p *mitmProxy) {
			p.answers[feedPath] = respond(403, "error code: 1015", "Server", "cloudflare", "Cf-Ray", "8f2d-BOM")
		}, want: counts{"holidays": 1, "profile": 1, "authorize": 1, "feeds": 1}, verdict: "edge-rate-limited"},
		{scenario: "handshake-forbidden", name: "the second URL is refused", change: second(respond(429, `{"status":"error","errors":[{"error_code":"UDAPI10005"}]}`)),
			want: counts{"holidays": 1, "profile": 1, "authorize": 2, "feeds": 1}, verdict: "handshake-forbidden"},
		{scenario: "handshake-forbidden", name: "the second URL leads elsewhere", change: second(respond(200, `{"status":"success","data":{"authorized_redirect_uri":"wss://example.net/x?code=c"}}`)),
			want: counts{"holidays": 1, "profile": 1, "authorize": 2, "feeds": 1}, verdict: "handshake-forbidden"},
		{scenario: "handshake-forbidden", name: "there is no second URL", change: second(respond(200, `{"status":"success","data":{}}`)),
			want: counts{"holidays": 1, "profile": 1, "authorize": 2, "feeds": 1}, verdict: "handshake-forbidden"},
		{scenario: "stream-closed", want: counts{"holidays": 1, "profile": 1, "authorize": 1, "feeds": 1}, verdict: "stream-closed"},
	} {
		name := tc.scenario
		if tc.name != "" {
			name = tc.name
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tapped(t, tc.scenario, anyTime, func(t *testing.T, p *mitmProxy) {
				if tc.change != nil {
					tc.change(p)
				}
				d := p.diagnose(t, checks.Options{})
				if diff := cmp.Diff(tc.want, p.calls()); diff != "" {
					t.Errorf("requests (-want +got):\n%s", diff)
				}
				if got := code(d); got != tc.verdict {
					t.Errorf("verdict %q, want %q\n%s", got, tc.verdict, results(d.Report))
				}
				again := find(t, d.Report, "handshake").Evidence.Find("fresh_urls_refused")
				if (again != nil) != (tc.want["feeds"] == 2 && tc.verdict != "") {
					t.Errorf("says that %v fresh URLs were refused", again)
				}
				for _, addr := range p.dials {
					if !slices.Contains([]string{"203.0.113.10:443", "203.0.113.20:443"}, addr) {
						t.Errorf("connects to %s", addr)
					}
				}
				if want := max(2, tc.want["feeds"]+1); len(p.dials) != want {
					t.Errorf("opens %d connections, want %d", len(p.dials), want)
				}
			})
		})
	}
}

func code(d checks.Report) string {
	if causes := d.RootCauses(); len(causes) > 0 {
		return causes[0].Code
	}
	return ""
}

func ban(p *mitmProxy) {
	for _, path := range []string{"/v2/market/holidays", "/v2/user/profile", "/v3/market-quote/ltp", authorizePath} {
		p.answers[path] = respond(429, "error code: 1015", "Server", "cloudflare", "Cf-Ray", "8f2d-BOM")
	}
}

// second answers the second call of authorize; the first one is the
// simulator's.
func second(answer http.HandlerFunc) func(*mitmProxy) {
	return func(p *mitmProxy) {
		var n atomic.Int64
		first := respond(200, `{"status":"success","data":{"authorized_redirect_uri":"wss://`+checks.FeedHost+feedPath+`?requestId=r1&code=c1"}}`)
		p.answers[authorizePath] = func(w http.ResponseWriter, r *http.Request) {
			if n.Add(1) == 1 {
				first(w, r)
				return
			}
			answer(w, r)
		}
	}
}

// TestServerDateOnDateErrors: when certificates are refused for their dates,
// the server is asked for its date and sent no secret.
func TestServerDateOnDateErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		scenario string
		valid    validity
		want     string
		because  string
	}{
		{"the clock is days ahead of a good certificate", "clock-days-ahead", validity{-day, 4 * day}, "clock-skew", "network.clock"},
		{"the clock is months behind a good certificate", "clock-months-behind", validity{-day, 4 * day}, "clock-skew", "network.clock"},
		{"the clock is right and the certificate has ended", "healthy", validity{-30 * day, -day}, "tls-expired", ""},
		{"the clock is right and the certificate has not begun", "healthy", validity{day, 30 * day}, "tls-not-yet-valid", ""},
		{"the clock is wrong, but the certificate has ended all the same", "clock-days-ahead", validity{-30 * day, -day}, "tls-expired", ""},
		{"the clock is minutes off, which explains nothing", "clock-ahead", validity{-30 * day, -day}, "tls-expired", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tapped(t, tc.scenario, tc.valid, func(t *testing.T, p *mitmProxy) {
				d := p.diagnose(t, checks.Options{})
				if diff := cmp.Diff(map[string]int{"HEAD": 2}, p.calls()); diff != "" {
					t.Errorf("requests (-want +got):\n%s", diff)
				}
				for _, r := range p.asked {
					if r.URL.RequestURI() != "/" {
						t.Errorf("asks for %s", r.URL.Path)
					}
				}
				if got := code(d); got != tc.want {
					t.Errorf("verdict %q, want %q\n%s", got, tc.want, results(d.Report))
				}
				if res := find(t, d.Report, "network.tls"); res.Code != tc.want || res.CausedBy != tc.because {
					t.Errorf("network.tls: %s because %q, want %s because %q", res.Code, res.CausedBy, tc.want, tc.because)
				}
			})
		})
	}
}

// TestInterrupted cancels a run at the first event of each check. What was
// found stands, what was not is said to be so, and nothing is left behind.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	for _, scenario := range []string{"healthy", "market-closed", "token-shadowed", "handshake-forbidden", "healthy-analytics-on-static-ip", "stream-silent"} {
		for _, id := range ids() {
			t.Run(scenario+" at "+id, func(t *testing.T) {
				t.Parallel()
				tapped(t, scenario, anyTime, func(t *testing.T, p *mitmProxy) {
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					seen, running := false, false
					d, err := checks.Run(ctx, p.world, checks.Options{Observe: func(e doctor.Event) {
						if e.Check.ID == id && !seen {
							seen, running = true, e.Result == nil
							cancel()
						}
					}})
					if err != nil || !seen {
						t.Fatalf("%v; event of %s: %t", err, id, seen)
					}
					if running && d.End != doctor.Interrupted {
						t.Errorf("ends %s", d.End)
					}
					if len(d.Results) != len(checks.All(p.world)) {
						t.Errorf("%d results", len(d.Results))
					}
					if res := find(t, d.Report, id); running && (res.Status != doctor.Skip || res.Message != "not finished: interrupted" || res.Code != "") {
						t.Errorf("%s: %s %s", id, res.Status, res.Message)
					}
					p.closed(t)
					p.allowAll(t)
				})
			})
		}
	}
}

// TestOwnConnectionsAreNotOthers: when the sockets to the feed are counted,
// the doctor holds none itself.
func TestOwnConnectionsAreNotOthers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, host string }{
		{"the usual host", checks.FeedHost},
		{"another host, so that the first connection is not used", "wsfeeder-blue.upstox.com"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tapped(t, "handshake-forbidden", anyTime, func(t *testing.T, p *mitmProxy) {
				p.answers[authorizePath] = respond(200, `{"status":"success","data":{"authorized_redirect_uri":"wss://`+tc.host+feedPath+`?code=c1"}}`)
				open := int64(-1)
				d, err := checks.Run(t.Context(), p.world, checks.Options{Observe: func(e doctor.Event) {
					if e.Check.ID == "handshake" && e.Result != nil {
						open = p.feeds.Load()
					}
				}})
				if res := find(t, d.Report, "handshake"); err != nil || open != 0 || res.Code != "handshake-forbidden" || res.Target != tc.host {
					t.Errorf("%v; %s of %s with %d open connections", err, res.Code, res.Target, open)
				}
				p.closed(t)
			})
		})
	}
}

// TestHostsFile: an address that stands in the hosts file is said to be from
// there, also when it is a good one.
func TestHostsFile(t *testing.T) {
	t.Parallel()
	tapped(t, "healthy", anyTime, func(t *testing.T, p *mitmProxy) {
		p.world.Net.HostsFile = filepath.Join(t.TempDir(), "hosts")
		if err := os.WriteFile(p.world.Net.HostsFile, []byte("203.0.113.10 "+checks.APIHost+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		d := p.diagnose(t, checks.Options{Only: []string{"network.dns"}})
		for host, want := range map[string]any{checks.APIHost: "hosts file", checks.FeedHost: nil} {
			if got := of(t, d.Report, "network.dns", host).Evidence.Find("source"); got != want {
				t.Errorf("%s: from %v, want %v", host, got, want)
			}
		}
	})
}

// TestOutOfTime: a deadline for the whole run is told apart from an interrupt.
func TestOutOfTime(t *testing.T) {
	t.Parallel()
	tapped(t, "healthy", anyTime, func(t *testing.T, p *mitmProxy) {
		ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
		defer cancel()
		d, err := checks.Run(ctx, p.world, checks.Options{})
		if err != nil || d.End != doctor.OutOfTime || len(p.dials) != 0 {
			t.Errorf("%v, ends %s after %d connections", err, d.End, len(p.dials))
		}
	})
}

// ids lists every check once, in order.
func ids() []string {
	var all []string
	for _, c := range checks.All(checks.World{}.WithDefaults()) {
		if !slices.Contains(all, c.ID) {
			all = append(all, c.ID)
		}
	}
	return all
}
