package checks_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/network"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/simtest"
)

// inScenario calls f in the world of a scenario, in virtual time.
func inScenario(t *testing.T, name string, f func(t *testing.T, w checks.World, s *sim.Session)) {
	t.Helper()
	simtest.Run(t, scenario(t, name), func(t *testing.T, s *sim.Session) { f(t, s.World("upstox-doctor/test"), s) })
}

// sourcesText writes sources as "active oauth, shadowed oauth".
func sourcesText(s checks.TokenStatus) string {
	var all []string
	for _, src := range s.Sources {
		all = append(all, strings.TrimSpace(string(src.Role)+" "+src.Kind))
	}
	return strings.Join(all, ", ")
}

func yesNo(b *bool) string {
	if b == nil {
		return "unknown"
	}
	return map[bool]string{true: "yes", false: "no"}[*b]
}

func firstCode(r doctor.Report) string {
	if causes := r.RootCauses(); len(causes) > 0 {
		return causes[0].Code
	}
	return ""
}

// TestTokenStatus tells online and offline apart: what Upstox says, and what
// the token says of itself.
func TestTokenStatus(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		scenario, sources, online, offline string
		code                               string // of the first root cause offline
	}{
		{"healthy", "active oauth", "yes", "unknown", ""},
		{"healthy-plus", "active oauth", "yes", "unknown", ""},
		{"healthy-analytics-on-static-ip", "active analytics", "yes", "unknown", ""},
		{"healthy-extended-token", "active analytics", "yes", "unknown", ""}, // both say isExtended
		{"healthy-opaque-token", "active opaque", "yes", "unknown", ""},
		{"healthy-behind-proxy", "active oauth", "yes", "unknown", ""},
		{"token-missing", "", "no", "no", "token-missing"},
		{"token-file-empty", "", "no", "no", "token-missing"},
		{"token-cut", "active", "no", "no", "token-malformed"},
		{"token-is-auth-code", "active", "no", "no", "token-malformed"},
		{"token-expired", "active oauth", "no", "no", "token-expired"},
		{"token-expired-minutes-ago", "active oauth", "no", "no", "token-expired"},
		{"token-expired-analytics", "active analytics", "no", "no", "token-expired"},
		{"token-expired-in-file", "active oauth", "no", "no", "token-expired"},
		{"token-expiring-soon", "active oauth", "yes", "unknown", "token-expiring-soon"},
		{"token-shadowed", "active oauth, shadowed oauth", "no", "no", "token-expired"},
		{"token-shadowed-revoked", "active oauth, shadowed oauth", "no", "unknown", ""},
		{"token-revoked", "active oauth", "no", "unknown", ""},
		{"token-of-another-app", "active oauth", "no", "unknown", ""},
		{"analytics-token-replaced", "active analytics", "no", "unknown", ""},
		{"token-not-permitted", "active analytics", "no", "unknown", ""},
		{"token-ip-restricted", "active analytics", "yes", "unknown", ""},
		{"account-inactive", "active oauth", "no", "unknown", ""},
		{"app-inactive", "active oauth", "no", "unknown", ""},
		{"static-ip-required", "active oauth", "no", "unknown", ""},
		{"profile-unavailable", "active oauth", "yes", "unknown", ""},
		{"profile-rate-limited", "active oauth", "yes", "unknown", ""},
		{"profile-timeout", "active oauth", "yes", "unknown", ""},
		{"holidays-unavailable", "active oauth", "yes", "unknown", ""},
		{"holidays-timeout", "active oauth", "yes", "unknown", ""},
		{"token-revoked-and-profile-unavailable", "active oauth", "no", "unknown", ""},
		{"token-placeholder", "placeholder", "no", "no", "env-placeholder-value"},
		{"token-file-placeholder", "placeholder", "no", "no", "env-placeholder-value"},
		{"token-in-quotes", "active oauth", "yes", "unknown", "env-malformed-value"},
		{"no-credentials", "", "no", "no", "env-missing-credentials"},
		{"env-file-utf16", "", "unknown", "unknown", "env-file-unreadable"},
		{"token-file-open", "active oauth", "yes", "unknown", "token-file-permissions"},
		{"dns-not-found", "active oauth", "unknown", "unknown", ""},
		{"offline", "active oauth", "unknown", "unknown", ""},
		{"edge-blocked", "active oauth", "unknown", "unknown", ""},
	} {
		t.Run(tc.scenario, func(t *testing.T) {
			t.Parallel()
			inScenario(t, tc.scenario, func(t *testing.T, w checks.World, session *sim.Session) {
				online := w.TokenStatus(t.Context(), checks.TokenOptions{})
				if got := sourcesText(online); got != tc.sources {
					t.Errorf("sources %q, want %q", got, tc.sources)
				}
				if got := yesNo(online.Accepted); got != tc.online {
					t.Errorf("accepted: %s, want %s", got, tc.online)
				}
				if got := firstCode(online.Report); got != scenario(t, tc.scenario).Want.Code {
					t.Errorf("root cause %q, want %q", got, scenario(t, tc.scenario).Want.Code)
				}
				w.Net = forbidden(t)
				offline := w.TokenStatus(t.Context(), checks.TokenOptions{Offline: true})
				if got := yesNo(offline.Accepted); got != tc.offline {
					t.Errorf("offline accepted: %s, want %s", got, tc.offline)
				}
				if got := firstCode(offline.Report); got != tc.code {
					t.Errorf("offline root cause %q, want %q", got, tc.code)
				}
				if offline.ByServer || !offline.Offline || offline.End != doctor.Complete {
					t.Errorf("offline: by server %v, offline %v, %s", offline.ByServer, offline.Offline, offline.End)
				}
				// The evidence is the report's to clean; the rest has nothing to hide.
				shown := fmt.Sprintf("%+v %+v %#v", online.Sources, online.File, offline.Sources)
				for _, secret := range session.Secrets() {
					if strings.Contains(shown, secret) {
						t.Errorf("a secret of %d characters is in the status", len(secret))
					}
				}
			})
		})
	}
}

// forbidden is a network that fails the test when it is touched.
func forbidden(t *testing.T) *network.Network {
	touched := func(what string) error {
		t.Errorf("offline, and %s", what)
		return errors.New("forbidden")
	}
	return &network.Network{
		Now: time.Now,
		Resolver: &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, touched("a resolver is asked")
		}},
		Dial: func(_ context.Context, _, addr string) (net.Conn, error) {
			return nil, touched("a connection to " + addr + " is opened")
		},
		Proxy:  func(*url.URL) (*url.URL, error) { return nil, touched("a proxy is chosen") },
		Routed: func() bool { touched("a route is looked for"); return false },
	}
}

// TestForbiddenNetworkIsSeen holds the test above: online the same network
// would be touched.
func TestForbiddenNetworkIsSeen(t *testing.T) {
	t.Parallel()
	inScenario(t, "healthy", func(t *testing.T, w checks.World, _ *sim.Session) {
		asked := 0
		w.Net = &network.Network{Now: time.Now, Proxy: func(*url.URL) (*url.URL, error) { asked++; return nil, errors.New("forbidden") }}
		w.TokenStatus(t.Context(), checks.TokenOptions{Timeout: time.Second})
		if asked == 0 {
			t.Error("nothing of the network was touched")
		}
	})
}

func TestTokenStatusLeavesTheFeedAlone(t *testing.T) {
	t.Parallel()
	inScenario(t, "tcp-refused-feed", func(t *testing.T, w checks.World, _ *sim.Session) {
		s := w.TokenStatus(t.Context(), checks.TokenOptions{})
		if yesNo(s.Accepted) != "yes" || s.Status() != doctor.Pass || !s.ByServer {
			t.Errorf("accepted: %s, %s, by server %v", yesNo(s.Accepted), s.Status(), s.ByServer)
		}
		if slices.ContainsFunc(s.Results, func(r doctor.Result) bool { return r.Target == checks.FeedHost }) {
			t.Error("the feed's host was examined")
		}
	})
}

func TestTokenStatusUsesTheServersClock(t *testing.T) {
	t.Parallel()
	inScenario(t, "clock-ahead", func(t *testing.T, w checks.World, session *sim.Session) {
		online := w.TokenStatus(t.Context(), checks.TokenOptions{})
		offline := w.TokenStatus(t.Context(), checks.TokenOptions{Offline: true})
		ahead := offline.Now.Sub(online.Now)
		if off := ahead - session.ClockOffset; off.Abs() > 30*time.Second || session.ClockOffset < time.Minute {
			t.Errorf("the local clock is %s ahead, want %s", ahead, session.ClockOffset)
		}
	})
}

func TestInterruptedTokenStatus(t *testing.T) {
	t.Parallel()
	inScenario(t, "healthy", func(t *testing.T, w checks.World, _ *sim.Session) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		s := w.TokenStatus(ctx, checks.TokenOptions{})
		if s.End != doctor.Interrupted || s.Accepted != nil || len(s.Sources) > 0 {
			t.Errorf("%s, accepted: %s, %d sources", s.End, yesNo(s.Accepted), len(s.Sources))
		}
	})
}
