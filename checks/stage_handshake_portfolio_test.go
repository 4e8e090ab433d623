package checks_test

import (
	"strings"
	"testing"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/fixtures/sim"
)

// The portfolio feed is looked at only on request, and nothing of it changes what
// is found of the market feed.
func TestPortfolioFeed(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, scenario string
		change         func(sim.Scenario) sim.Scenario
		status         doctor.Status
		code, target   string
	}{
		{"a healthy one", "healthy", nil, doctor.Pass, "", checks.PortfolioHost},
		{"one that refuses", "portfolio-forbidden", nil, doctor.Fail, "handshake-forbidden", checks.PortfolioHost},
		{"one that is out of service", "portfolio-unavailable", nil, doctor.Fail, "upstox-unavailable", checks.APIHost},
		{"a name that does not exist", "healthy", func(sc sim.Scenario) sim.Scenario { return sc.Resolving(checks.PortfolioHost) }, doctor.Fail, "dns-not-found", checks.PortfolioHost},
		{"an Analytics token from elsewhere", "token-ip-restricted", nil, doctor.Fail, "token-ip-restricted", checks.APIHost},
		{"a dead token", "token-expired", nil, doctor.Skip, "", checks.PortfolioHost},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			sc, _ := sim.Find(tc.scenario)
			if tc.change != nil {
				sc = tc.change(sc)
			}
			inMemory(t, sc, func(t *testing.T, w checks.World, _ *sim.Session) (none []commandVerdict) {
				w.Portfolio = true
				r, err := checks.Run(t.Context(), w, checks.Options{})
				if err != nil {
					t.Fatal(err)
				}
				seen := 0
				for _, res := range r.Results {
					switch {
					case res.ID == checks.IDPortfolio:
						seen++
						if res.Status != tc.status || res.Code != tc.code || res.Target != tc.target {
							t.Errorf("%s %s %s: %s", res.Status, res.Code, res.Target, res.Message)
						}
					case strings.HasPrefix(res.ID, "ticks") && tc.status != doctor.Skip && res.Status != doctor.Pass:
						t.Errorf("%s: %s %s", res.ID, res.Status, res.Message)
					}
				}
				if seen != 1 {
					t.Errorf("%d results", seen)
				}
				return none
			})
		})
	}
	for _, c := range checks.All(checks.World{}) {
		if c.ID == checks.IDPortfolio {
			t.Error("the check runs without being asked for")
		}
	}
}
