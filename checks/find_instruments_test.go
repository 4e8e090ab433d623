package checks_test

import (
	"testing"

	"upstox-doctor/checks"
	"upstox-doctor/fixtures/sim"
)

// TestFindInstruments asks Upstox where the token allows it, and otherwise knows
// the large companies.
func TestFindInstruments(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		scenario, text, first string
		byUpstox              bool
	}{
		{"healthy", "reliance", "NSE_EQ|INE002A01018", true},
		{"healthy", "INE062A01020", "NSE_EQ|INE062A01020", true},
		{"healthy", "bank nifty", "NSE_INDEX|Nifty Bank", true},
		{"healthy", "nifty fin service", "NSE_INDEX|Nifty Fin Service", true},
		{"healthy", "crudeoil", "MCX_FO|440939", true},
		{"healthy", "titan", "", true}, // which this Upstox does not list
		{"token-expired", "titan", "NSE_EQ|INE280A01028", false},
		{"token-missing", "reliance", "NSE_EQ|INE002A01018", false},
		{"token-revoked", "reliance", "NSE_EQ|INE002A01018", false},
		{"upstox-unavailable", "reliance", "NSE_EQ|INE002A01018", false},
	} {
		t.Run(tc.scenario+" "+tc.text, func(t *testing.T) {
			inScenario(t, tc.scenario, func(t *testing.T, w checks.World, _ *sim.Session) {
				found, byUpstox := w.FindInstruments(t.Context(), tc.text)
				first := ""
				if len(found) > 0 {
					first = found[0].Key
				}
				if first != tc.first || byUpstox != tc.byUpstox {
					t.Errorf("found %v, by Upstox %t", found, byUpstox)
				}
			})
		})
	}
}
