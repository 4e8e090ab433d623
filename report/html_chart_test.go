package report

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/market"
)

// chartOf is the chart of checks that began and ended so, in milliseconds.
func chartOf(took int64, checks ...Check) *htmlChart {
	return Document{DurationMS: took, Checks: checks}.chart()
}

func ran(id string, status doctor.Status, from, long int64) Check {
	return Check{ID: id, Status: status, StartedMS: &from, DurationMS: long}
}

func TestChartBars(t *testing.T) {
	t.Parallel()
	type bar struct{ Label, Took, Class, X, Width string }
	for _, tc := range []struct {
		name  string
		check Check
		want  bar
	}{
		{"from the middle on", ran("network.dns", doctor.Pass, 100, 50), bar{"DNS", "50 ms", "pass", "50.00%", "25.00%"}},
		{"too short to see", ran("network.tcp", doctor.Pass, 100, 0), bar{"TCP", "<1 ms", "pass", "50.00%", "0.60%"}},
		{"too short, at the end", ran("handshake", doctor.Pass, 200, 0), bar{"handshake", "<1 ms", "pass", "99.40%", "0.60%"}},
		{"the whole run", ran("ticks.live", doctor.Warn, 0, 200), bar{"first live tick", "WARN 200 ms", "warn", "0.00%", "100.00%"}},
		{"a failure", ran("network.tls", doctor.Fail, 0, 20), bar{"TLS", "FAIL 20 ms", "fail", "0.00%", "10.00%"}},
		{"asks nobody, but is slow", ran("environment.files", doctor.Pass, 0, 20), bar{"environment.files", "20 ms", "pass", "0.00%", "10.00%"}},
	} {
		c := chartOf(200, tc.check)
		if c == nil || len(c.Bars) != 1 {
			t.Fatalf("%s: no one bar in %+v", tc.name, c)
		}
		b := c.Bars[0]
		if diff := cmp.Diff(tc.want, bar{b.Label, b.Took, b.Class, b.X, b.Width}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
		if want := b.Label + " began after " + offset(*tc.check.StartedMS) + " and took " + b.Took + "."; c.Text != want {
			t.Errorf("%s: in words %q, want %q", tc.name, c.Text, want)
		}
	}
}

func TestChartLeavesOut(t *testing.T) {
	t.Parallel()
	c := chartOf(9, ran("token.expiry", doctor.Pass, 0, 0), ran("network.dns", doctor.Pass, 0, 0), Check{ID: "handshake", Status: doctor.Skip})
	if len(c.Bars) != 1 || c.Brief != 1 {
		t.Errorf("%d bars, %d left out, want 1 and 1", len(c.Bars), c.Brief)
	}
	if c := chartOf(9, Check{ID: "network.dns", Status: doctor.Pass, DurationMS: 4}); c != nil {
		t.Errorf("a report that tells no beginnings has the chart %+v", c)
	}
	long := ran("network.dns", doctor.Pass, 0, 1)
	long.Target = strings.Repeat("long.", 30)
	if got := chartOf(1, long).Bars[0].Label; width(got) != maxLabel || !strings.HasSuffix(got, "…") {
		t.Errorf("a long label is %q", got)
	}
}

func TestChartScale(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		took int64
		want string
	}{
		{0, "0 ms|1 ms"},
		{4, "0 ms|1 ms|2 ms|3 ms|4 ms"},
		{9, "0 ms|2 ms|4 ms|6 ms|8 ms"},
		{641, "0 ms|200 ms|400 ms|600 ms"},
		{5034, "0 ms|2 s|4 s"},
		{60_000, "0 ms|20 s|40 s|1 min"},
	} {
		var labels []string
		for _, tick := range chartOf(tc.took, ran("network.dns", doctor.Pass, 0, 0)).Ticks {
			labels = append(labels, tick.Label)
		}
		if got := strings.Join(labels, "|"); got != tc.want {
			t.Errorf("of %d ms: %s, want %s", tc.took, got, tc.want)
		}
	}
	// A check may be longer than the run says: the chart holds both.
	if b := chartOf(10, ran("network.dns", doctor.Pass, 10, 30)).Bars[0]; b.X != "25.00%" || b.Width != "75.00%" {
		t.Errorf("a bar longer than the run stands at %s, %s wide", b.X, b.Width)
	}
}

func TestStartedIsFromTheRunsStart(t *testing.T) {
	t.Parallel()
	rs := passing()[:3]
	r := report(rs)
	for i, at := range []time.Duration{1500 * time.Microsecond, -time.Second} {
		r.Results[i].Began = r.Started.Add(at)
	}
	r.Results[2].Began = time.Time{}
	d := document(r)
	if a, b, c := d.Checks[0].StartedMS, d.Checks[1].StartedMS, d.Checks[2].StartedMS; a == nil || *a != 2 || b != nil || c != nil {
		t.Errorf("began at %v, %v, %v, want 2, in an earlier run, and never", a, b, c)
	}
}

func TestTimesAreInIndiaAndRelative(t *testing.T) {
	t.Parallel()
	d := document(expiredReport())
	d.StartedAt = "2026-11-23T03:42:04.250+00:00"
	d.Market = Market{State: "closed", NextOpen: time.Date(2026, 11, 24, 9, 15, 0, 0, market.IST)}
	var e doctor.Evidence
	e.Add("ends_at", "2026-11-24T03:30:00+05:30")
	e.Add("message", "2026")
	got := append([]htmlFact{started(d.StartedAt), d.market()}, d.htmlEvidence(evidence(e))...)
	want := []htmlFact{
		{"Started", "Mon 23 Nov 2026 09:12:04 IST (03:42:04 +00:00 on the machine)", "2026-11-23T03:42:04.250+00:00"},
		{"Market", "closed, opens Tue 24 Nov 09:15 IST, in 1 day", "2026-11-24T09:15:00.000+05:30"},
		{"ends at", "Tue 24 Nov 2026 03:30:00 IST (in 18 h 18 min)", "2026-11-24T03:30:00.000+05:30"},
		{"message", "2026", ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
