package report

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"upstox-doctor/checks/doctor"
)

// TestCollectorTellsTheSame gathers what the collector gives and holds it
// against what the format writes.
func TestCollectorTellsTheSame(t *testing.T) {
	t.Parallel()
	for _, tc := range reports {
		d := document(tc.report())
		registry := prometheus.NewPedanticRegistry()
		registry.MustRegister(Collector{func() (Document, bool) { return d, true }})
		families, err := registry.Gather()
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		var out bytes.Buffer
		for _, f := range families {
			if _, err := expfmt.MetricFamilyToText(&out, f); err != nil {
				t.Fatal(err)
			}
		}
		gathered, err := exposed(out.Bytes())
		if err != nil {
			t.Fatalf("%s: %v", tc.name, err)
		}
		want, err := exposed(inFormat(t, "prometheus", d))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, gathered); diff != "" {
			t.Errorf("%s: - format, + collector:\n%s", tc.name, diff)
		}
	}
}

func TestCollectorBeforeTheFirstReport(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(Collector{func() (Document, bool) { return Document{}, false }})
	if families, err := registry.Gather(); err != nil || len(families) > 0 {
		t.Errorf("%v, %v", families, err)
	}
}

func TestCollectorOfHostileReports(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		d := document(hostileReport(seed))
		registry := prometheus.NewRegistry()
		registry.MustRegister(Collector{func() (Document, bool) { return d, true }})
		if _, err := registry.Gather(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

func TestNumberOfACause(t *testing.T) {
	t.Parallel()
	r := changing(func(rs []doctor.Result) {
		failing("token.accepted", "", "token-expired")(rs)
		at(rs, "token.accepted", "").Evidence = doctor.Evidence{{Name: "retry_after_seconds", Value: 30}, {Name: "body", Value: "x"}}
	})
	for name, d := range map[string]Document{"made": document(r), "read back": readBack(t, r)} {
		if n, ok := d.RootCauses[0].Number("retry_after_seconds"); n != 30 || !ok {
			t.Errorf("%s: %v, %v", name, n, ok)
		}
		for _, none := range []string{"body", "nothing"} {
			if _, ok := d.RootCauses[0].Number(none); ok {
				t.Errorf("%s: %s is a number", name, none)
			}
		}
	}
}
