package checks_test

import (
	"context"
	"crypto/x509"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/watch"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/simtest"
)

// switchable is a world that switches from one session to another.
func switchable(a, b *sim.Session) (w checks.World, turn func()) {
	var later atomic.Bool
	first, second := a.World("test"), b.World("test")
	now := func() checks.World {
		if later.Load() {
			return second
		}
		return first
	}
	w = first
	w.Env = func(name string) (string, bool) { return now().Env(name) }
	w.Now = func() time.Time { return now().Now() }
	g := &firewall{dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		return now().Net.Dial(ctx, network, addr)
	}}
	stack := *first.Net
	stack.Dial, stack.Now, stack.HostsFile, stack.Sockets = g.Dial, w.Now, second.Net.HostsFile, second.Net.Sockets
	stack.Resolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		return now().Net.Resolver.Dial(ctx, network, addr)
	}}
	stack.Proxy = func(u *url.URL) (*url.URL, error) { return now().Net.Proxy(u) }
	stack.Routed = func() bool { return now().Net.Routed() }
	stack.Roots = x509.NewCertPool()
	stack.Roots.AppendCertsFromPEM(a.Roots())
	stack.Roots.AppendCertsFromPEM(b.Roots())
	w.Net = &stack
	return w, func() {
		later.Store(true)
		g.block(true)
		g.block(false)
	}
}

// fixed are scenarios that no running program slips into: files of another
// directory, and a root store that it has read long ago.
var fixed = map[string]bool{
	"token-expired-in-file": true, "token-expired-in-env-file": true, "token-expired-in-secrets-toml": true, "token-expired-in-home-secrets": true,
	"token-shadowed": true, "token-shadowed-revoked": true, "token-shadowed-by-secrets-toml": true, "no-ca-roots": true,
	"token-near-in-json-file": true, "token-near-in-data-directory": true, "token-near-in-parent-env-file": true, "token-near-in-dev-vars": true,
	"token-near-in-secrets-toml": true, "token-near-expired": true, "token-near-without-credentials": true,
}

// watchCode is the code that the watch reports for a scenario; empty for none.
func watchCode(sc sim.Scenario) string {
	for _, e := range exceptions[sc.Name] {
		if e.command == "watch" {
			code, _, _ := strings.Cut(e.says, " ")
			return strings.TrimSuffix(code, healthy)
		}
	}
	return sc.Want.Code
}

// A world that goes wrong under a stream is blamed for what it is. What neither
// explains the loss nor keeps the stream away for good may stand behind it.
func TestWatchBlamesWhatHappensLater(t *testing.T) {
	t.Parallel()
	for _, sc := range simtest.Scenarios() {
		if sc.Want.Exit != 1 || sc.Stage == "ticks" || sc.Stage == "environment" || fixed[sc.Name] {
			continue
		}
		t.Run(sc.Name, func(t *testing.T) {
			t.Parallel()
			want := watchCode(sc)
			e := catalog.Lookup(want)
			explains := e != nil && (watch.Permanent(want) || e.Stage == "network" && e.Owner != catalog.Upstox)
			simtest.Bubble(t, func(t *testing.T) {
				a, b := simtest.Start(t, scenario(t, "healthy"), sim.Options{}), simtest.Start(t, sc, sim.Options{})
				w, turn := switchable(a, b)
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				attempts := 0
				seen := &recordingSink{stop: stop, done: func(n watch.Notice) bool {
					switch n.Kind {
					case watch.Subscribed:
						turn()
					case watch.Connecting:
						attempts++
					}
					return n.Kind == watch.Recovered || attempts == 5
				}}
				sum, err := w.Watch(ctx, watch.Options{RefreshEvery: 5 * time.Second, For: time.Hour}, seen)
				if err != nil || len(sum.Episodes) != 1 {
					t.Fatalf("%v, %d episodes\n%s", err, len(sum.Episodes), seen.noticesText())
				}
				if got := sum.Episodes[0].Finding.Code; got != want && (explains || got != "stream-dropped") {
					t.Errorf("%s %s, want %s\n%s", sum.Episodes[0].Kind, got, want, seen.noticesText())
				}
			})
		})
	}
}
