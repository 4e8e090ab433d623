package checks_test

import (
	"testing"

	"upstox-doctor/checks"
	"upstox-doctor/fixtures/sim"
)

// onLoopback are the scenarios that run over real sockets too: for each hop one
// in which it is well and one in which it is at fault. None of them waits long.
var onLoopback = []struct{ hop, healthy, faulty string }{
	{"dns", "healthy-dead-ipv6", "dns-not-found"},
	{"tcp", "healthy-one-dead-address", "tcp-refused-feed"},
	{"tls", "healthy-other-feed-host", "tls-reset"},
	{"proxy", "healthy-behind-socks-proxy", "proxy-auth-required"},
	{"http", "healthy-holidays-gone", "edge-blocked-page"},
	{"token", "healthy-opaque-token", "token-revoked"},
	{"authorize", "healthy-camel-case-only", "authorize-no-url"},
	{"handshake", "healthy-403-once", "handshake-reset"},
	{"ticks", "healthy-full-mode", "stream-dropped-in-frame"},
}

// TestLoopback finds over real sockets and in real time what TestConfusion
// finds in memory.
func TestLoopback(t *testing.T) {
	t.Parallel()
	for _, hop := range onLoopback {
		for _, name := range []string{hop.healthy, hop.faulty} {
			t.Run(hop.hop+" "+name, func(t *testing.T) {
				t.Parallel()
				sc := scenario(t, name)
				if failed := sc.Want.Exit == 1; failed != (name == hop.faulty) {
					t.Errorf("the scenario ends with %d", sc.Want.Exit)
				}
				s, err := sim.Start(sc, sim.Options{})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(s.Close)
				got, want := run(t, s.World("upstox-doctor/test")), diagnose(t, sc)
				if outcome(got) != outcome(want) {
					t.Errorf("over sockets\n%s\nin memory\n%s", results(got.Report), results(want.Report))
				}
			})
		}
	}
}

// outcome is what each check came to, without the words.
func outcome(d checks.Report) string {
	var all string
	for _, r := range d.Results {
		all += r.ID + " " + r.Target + " " + string(r.Status) + " " + r.Code + " " + r.BlockedBy + " " + r.CausedBy + "\n"
	}
	return all
}
