package checks_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
)

// TestOnlyOneCheck: each check can be asked for alone. It brings along what it
// needs, nothing else, and passes.
func TestOnlyOneCheck(t *testing.T) {
	t.Parallel()
	const (
		toAPI    = "network.proxy api, network.dns api, network.tcp api, network.tls api"
		toBoth   = "network.proxy api, network.proxy feed, network.dns api, network.dns feed, network.tcp api, network.tcp feed, network.tls api, network.tls feed"
		toClock  = toBoth + ", network.http api, network.clock api"
		toExpiry = "environment.files, " + toClock + ", token.present, token.expiry"
		toStream = toExpiry + ", token.accepted api, authorize api, handshake feed"
	)
	for id, want := range map[string]string{
		"environment.files":       "environment.files",
		"environment.credentials": "environment.files, environment.credentials",
		"environment.values":      "environment.files, environment.values",
		"network.proxy":           "network.proxy api, network.proxy feed",
		"network.dns":             "network.proxy api, network.proxy feed, network.dns api, network.dns feed",
		"network.tcp":             "network.proxy api, network.proxy feed, network.dns api, network.dns feed, network.tcp api, network.tcp feed",
		"network.tls":             toBoth,
		"network.http":            toAPI + ", network.http api",
		"network.clock":           toClock,
		"token.present":           "environment.files, token.present",
		"token.expiry":            toExpiry,
		"token.accepted":          toExpiry + ", token.accepted api",
		"authorize":               toExpiry + ", token.accepted api, authorize api",
		"handshake":               toStream,
		"ticks.snapshot":          toStream + ", ticks.snapshot feed",
		"ticks.live":              toStream + ", ticks.snapshot feed, ticks.live feed",
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			tapped(t, "healthy", anyTime, func(t *testing.T, p *mitmProxy) {
				d := p.diagnose(t, checks.Options{Only: []string{id}})
				if diff := cmp.Diff(strings.Split(want, ", "), checksOf(d.Report)); diff != "" {
					t.Errorf("checks (-want +got):\n%s", diff)
				}
				if d.Status() != doctor.Pass || d.End != doctor.Complete || d.Count(doctor.Skip) != 0 {
					t.Errorf("%s, %s\n%s", d.Status(), d.End, results(d.Report))
				}
				if asked := p.calls(); strings.HasPrefix(id, "environment") && (len(asked) > 0 || len(p.dials) > 0) {
					t.Errorf("asks %v, dials %v", asked, p.dials)
				}
			})
		})
	}
}

// TestSkipOneCheck: each check can be left out. What cannot run without it is
// left out with it, the rest passes.
func TestSkipOneCheck(t *testing.T) {
	t.Parallel()
	withEnd := func(from string, also ...string) []string {
		all := ids()
		return append(all[slices.Index(all, from):], also...)
	}
	streams := []string{"token.accepted", "authorize", "handshake", "ticks.snapshot", "ticks.live"}
	for id, gone := range map[string][]string{
		"environment.files":       withEnd("token.present", "environment.files", "environment.credentials", "environment.values"),
		"environment.credentials": {"environment.credentials"},
		"environment.values":      {"environment.values"},
		"network.proxy":           append([]string{"network.proxy", "network.dns", "network.tcp", "network.tls", "network.http", "network.clock"}, streams...),
		"network.dns":             {"network.dns", "network.tcp"},
		"network.tcp":             {"network.tcp"},
		"network.tls":             append([]string{"network.tls", "network.http"}, streams...),
		"network.http":            {"network.http"},
		"network.clock":           {"network.clock"},
		"token.present":           withEnd("token.present"),
		"token.expiry":            {"token.expiry"},
		"token.accepted":          {"token.accepted"},
		"authorize":               withEnd("authorize"),
		"handshake":               withEnd("handshake"),
		"ticks.snapshot":          withEnd("ticks.snapshot"),
		"ticks.live":              {"ticks.live"},
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			tapped(t, "healthy", anyTime, func(t *testing.T, p *mitmProxy) {
				d := p.diagnose(t, checks.Options{Skip: []string{id}})
				if d.Status() != doctor.Pass || d.End != doctor.Complete {
					t.Errorf("%s, %s\n%s", d.Status(), d.End, results(d.Report))
				}
				var missing []string
				for _, other := range ids() {
					if !slices.ContainsFunc(d.Results, func(r doctor.Result) bool { return r.ID == other }) {
						missing = append(missing, other)
					}
				}
				if id != "network.tls" { // the clock stays, and is not needed
					slices.Sort(gone)
					slices.Sort(missing)
					if diff := cmp.Diff(gone, missing); diff != "" {
						t.Errorf("left out (-want +got):\n%s", diff)
					}
				}
			})
		})
	}
}

// checksOf lists the checks of a report with the hosts they are about.
func checksOf(r doctor.Report) []string {
	var all []string
	for _, res := range r.Results {
		host := map[string]string{checks.APIHost: " api", checks.FeedHost: " feed"}[res.Target]
		all = append(all, res.ID+host)
	}
	return all
}

func TestStages(t *testing.T) {
	t.Parallel()
	tapped(t, "healthy", anyTime, func(t *testing.T, p *mitmProxy) {
		d := p.diagnose(t, checks.Options{Skip: []string{"handshake", "ticks"}})
		if diff := cmp.Diff(map[string]int{"holidays": 1, "profile": 1, "authorize": 1}, p.calls()); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
		if d.Market.State != "open" || d.Market.Source != "calendar with Upstox's holidays" {
			t.Errorf("market %+v", d.Market)
		}
	})
}

func TestChoicesThatCannotBe(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name       string
		only, skip []string
		want       string
	}{
		{"no such check", []string{"network.dsn"}, nil, `no check or stage is called "network.dsn"`},
		{"no such stage", nil, []string{"networks"}, `no check or stage is called "networks"`},
		{"both at once", []string{"authorize"}, []string{"authorize"}, "authorize is asked for and skipped at once"},
		{"without what it needs", []string{"authorize"}, []string{"token.present"}, "authorize needs a check that is skipped"},
		{"nothing is left", nil, []string{"environment", "network", "token", "authorize", "handshake", "ticks"}, "no check is left to run"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			observed := false
			d, err := checks.Run(t.Context(), offlineWorld(t, nil, nil), checks.Options{Only: tc.only, Skip: tc.skip, Observe: func(doctor.Event) { observed = true }})
			if err == nil || err.Error() != tc.want || observed || len(d.Results) > 0 {
				t.Errorf("got %v, want %s; ran: %t", err, tc.want, observed)
			}
		})
	}
}
