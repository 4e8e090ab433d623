package report_test

import (
	"bytes"
	"testing"

	"upstox-doctor/fixtures/sim"
)

// TestRepairable: a login is offered where it solves what failed and Upstox can be
// reached.
func TestRepairable(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		scenario string
		and      string // what is wrong as well
		want     bool
	}{
		{"healthy", "", false},
		{"token-missing", "", true},
		{"token-cut", "", true},
		{"token-expired", "", true},
		{"token-revoked", "", true},
		{"token-not-permitted", "", true},
		{"token-shadowed", "", false},
		{"token-near-expired", "", true},
		{"credentials-near-under-other-names", "", false},
		{"token-expiring-soon", "", false},
		{"no-credentials", "", false},
		{"handshake-forbidden", "", false},
		{"token-expired", "dns-not-found", false},
		{"token-expired", "captive-portal", false},
		{"token-expired", "secret-with-space", true},
	} {
		t.Run(tc.scenario+" "+tc.and, func(t *testing.T) {
			t.Parallel()
			sc, ok := sim.Find(tc.scenario)
			if other, found := sim.Find(tc.and); found {
				sc = sc.With(other)
			} else if !ok || tc.and != "" {
				t.Fatal("no such scenario")
			}
			d, _ := document(t, sc, new(bytes.Buffer))
			if got := d.Repairable(); got != tc.want {
				t.Errorf("%t, with the root causes %+v", got, d.RootCauses)
			}
		})
	}
}
