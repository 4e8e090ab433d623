package report

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"upstox-doctor/checks/doctor"
)

// exposedLabels are the labels of each metric: no other ever comes.
var exposedLabels = map[string][]string{
	"upstox_doctor_status":                 nil,
	"upstox_doctor_check_status":           {"check", "code", "target"},
	"upstox_doctor_check_duration_seconds": {"check", "target"},
	"upstox_doctor_root_cause":             {"check", "code", "owner"},
	"upstox_doctor_run_duration_seconds":   nil,
	"upstox_doctor_run_timestamp_seconds":  nil,
	"upstox_doctor_token_left_seconds":     nil,
	"upstox_doctor_market_open":            nil,
	"upstox_doctor_last_tick_age_seconds":  nil,
	"upstox_doctor_build_info":             {"goarch", "goos", "goversion", "version"},
}

func parseMetrics(written []byte) (map[string]map[string]float64, error) {
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(written))
	if err != nil {
		return nil, err
	}
	out := map[string]map[string]float64{}
	for name, f := range families {
		out[name] = map[string]float64{}
		labels, ok := exposedLabels[name]
		for _, m := range f.GetMetric() {
			var names, values []string
			for _, l := range m.GetLabel() {
				names, values = append(names, l.GetName()), append(values, l.GetName()+"="+l.GetValue())
			}
			slices.Sort(names)
			slices.Sort(values)
			key := strings.Join(values, ",")
			if _, twice := out[name][key]; twice || !ok || !slices.Equal(names, labels) || m.GetGauge() == nil || f.GetHelp() == "" {
				return nil, fmt.Errorf("%s{%s}: unknown, twice or without help", name, key)
			}
			out[name][key] = m.GetGauge().GetValue()
		}
	}
	return out, nil
}

// validPrometheus lets Prometheus' own parser read it.
func validPrometheus(d Document, written []byte) error {
	got, err := parseMetrics(written)
	if err != nil {
		return err
	}
	for _, c := range d.Checks {
		key := "check=" + c.ID + ",code=" + c.Code + ",target=" + c.Target
		value, found := got["upstox_doctor_check_status"][key]
		twin := slices.ContainsFunc(d.Checks, func(o Check) bool {
			return o.ID == c.ID && o.Target == c.Target && (o.Status != c.Status || o.Code != c.Code)
		})
		if !twin && (!found || value != statusValues[string(c.Status)]) {
			return fmt.Errorf("%s is %v, want %s", key, value, c.Status)
		}
	}
	if v := got["upstox_doctor_status"][""]; v != statusValues[d.Status] {
		return fmt.Errorf("the status is %v, want %s", v, d.Status)
	}
	return nil
}

func TestPrometheusIsCheckedByPromtool(t *testing.T) {
	t.Parallel()
	for _, path := range goldenFiles(t, "prometheus") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if said, err := tool(t, text, "promtool", "check", "metrics"); err != nil || said != "" {
			t.Errorf("%s: %v\n%s", path, err, said)
		}
	}
}

func TestPrometheusNumbers(t *testing.T) {
	t.Parallel()
	r := healthyReport()
	at(r.Results, "ticks.live", "").Evidence.Add("age_ms", 412)
	at(r.Results, "token.expiry", "").Evidence.Add("left_seconds", 65820)
	shut := document(expiredReport())
	shut.Market.State = "closed"
	unknown := document(expiredReport())
	unknown.Market.State = ""
	const none = -1
	for _, tc := range []struct {
		name string
		d    Document
		want map[string]float64
	}{
		{"healthy", document(r), map[string]float64{
			"status": 0, "run_duration_seconds": 0.641, "run_timestamp_seconds": 1795405324.891,
			"token_left_seconds": 65820, "market_open": 1, "last_tick_age_seconds": 0.412,
		}},
		{"closed", shut, map[string]float64{"status": 2, "market_open": 0, "token_left_seconds": none, "last_tick_age_seconds": none}},
		{"nobody knows the market", unknown, map[string]float64{"market_open": none}},
		{"warnings", document(warningsReport()), map[string]float64{"status": 1}},
		{"out of time", document(outOfTimeReport()), map[string]float64{"status": 3}},
	} {
		got, err := parseMetrics(inFormat(t, "prometheus", tc.d))
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range tc.want {
			value, found := got["upstox_doctor_"+name][""]
			if found != (want != none) || found && value != want {
				t.Errorf("%s: %s is %v (%v), want %v", tc.name, name, value, found, want)
			}
		}
	}
}

// TestPrometheusOfTwins writes two results that nothing tells apart.
func TestPrometheusOfTwins(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		first, second doctor.Status
		want          string
	}{
		{doctor.Pass, doctor.Fail, "2"}, {doctor.Fail, doctor.Pass, "2"}, {doctor.Skip, doctor.Warn, "1"},
		{doctor.Warn, doctor.Skip, "1"}, {doctor.Skip, doctor.Skip, "3"},
	} {
		r := report([]doctor.Result{result("network.proxy", "HTTPS_PROXY", tc.first, 1, "a"), result("network.proxy", "HTTPS_PROXY", tc.second, 1, "b")})
		got := string(inFormat(t, "prometheus", document(r)))
		if n := strings.Count(got, "\nupstox_doctor_check_status{"); n != 1 || !strings.Contains(got, `"} `+tc.want+"\n") {
			t.Errorf("%s and %s: want one series, of %s:\n%s", tc.first, tc.second, tc.want, got)
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
