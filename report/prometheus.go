package report

import (
	"fmt"
	"io"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"upstox-doctor/checks/doctor"
)

// statusValues are the values of a status: as high as it is bad, and above that
// what is not known, as monitoring plugins have it.
var statusValues = map[string]float64{
	string(doctor.Pass): 0, string(doctor.Warn): 1, string(doctor.Fail): 2, string(doctor.Skip): 3, "error": 3,
}

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("upstox_doctor_"+name, help, labels, nil)
}

// The metrics of a report. All are gauges.
var (
	statusDesc      = desc("status", "How the run ended: 0 pass, 1 warn, 2 fail, 3 not complete.")
	checkStatusDesc = desc("check_status", "How the check ended: 0 pass, 1 warn, 2 fail, 3 skip.", "check", "target", "code")
	checkTimeDesc   = desc("check_duration_seconds", "How long the check took; none if it was skipped.", "check", "target")
	causeDesc       = desc("root_cause", "A finding that no other finding explains; always 1.", "check", "code", "owner")
	runTimeDesc     = desc("run_duration_seconds", "How long the run took.")
	endDesc         = desc("run_timestamp_seconds", "When the run ended, in seconds since 1970.")
	tokenDesc       = desc("token_left_seconds", "How long the access token still lasts; negative after its end.")
	marketDesc      = desc("market_open", "1 while the market is open, 0 while it is not.")
	tickDesc        = desc("last_tick_age_seconds", "How old the last trade was when the last tick was sent.")
	buildDesc       = desc("build_info", "The doctor that made the report; always 1.", "version", "goversion", "goos", "goarch")
)

// prometheus writes the report for the textfile collector, in the text format
// of Prometheus.
func (d Document) prometheus(w io.Writer, _ Options) error {
	registry := prometheus.NewRegistry()
	registry.MustRegister(Collector{Last: func() (Document, bool) { return d, true }})
	families, err := registry.Gather()
	if err != nil {
		return fmt.Errorf("gather the metrics: %w", err)
	}
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(w, f); err != nil {
			return err
		}
	}
	return nil
}

// A Collector gives the metrics of the last report to a registry. Until there
// is a report it gives none.
type Collector struct {
	Last func() (Document, bool)
}

// Describe names no metric beforehand, since a report tells only what is known.
func (c Collector) Describe(chan<- *prometheus.Desc) {}

// Collect implements prometheus.Collector. A number that is not known is left
// out.
func (c Collector) Collect(to chan<- prometheus.Metric) {
	d, known := c.Last()
	if !known {
		return
	}
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		m, err := prometheus.NewConstMetric(desc, prometheus.GaugeValue, value, labels...)
		if err != nil {
			m = prometheus.NewInvalidMetric(desc, err)
		}
		to <- m
	}
	ifKnown := func(desc *prometheus.Desc, f metric) {
		if f.known {
			gauge(desc, f.value)
		}
	}
	gauge(statusDesc, statusValues[d.Status])
	d.gaugesOfChecks(gauge)
	for _, c := range d.RootCauses {
		gauge(causeDesc, 1, c.Check, c.Code, c.Owner)
	}
	gauge(runTimeDesc, float64(d.DurationMS)/1000)
	ifKnown(endDesc, d.ended())
	ifKnown(tokenDesc, d.tokenLeft())
	ifKnown(marketDesc, d.marketOpen())
	ifKnown(tickDesc, d.tickAge())
	gauge(buildDesc, 1, d.Tool.Version, d.Tool.Go, d.Tool.OS, d.Tool.Arch)
}

// gaugesOfChecks tells the status and the time of each check. A reader refuses
// a file in which a check stands twice, so that of two the worse result stands.
func (d Document) gaugesOfChecks(gauge func(*prometheus.Desc, float64, ...string)) {
	type series struct{ check, target string }
	worst, timed := map[series]Check{}, map[series]bool{}
	for _, c := range d.Checks {
		key, ran := series{c.ID, c.Target}, c.Status != doctor.Skip
		was, twice := worst[key]
		if !twice || ran && (was.Status == doctor.Skip || statusValues[string(was.Status)] < statusValues[string(c.Status)]) {
			worst[key] = c
		}
		if ran && !timed[key] {
			timed[key] = true
			gauge(checkTimeDesc, float64(c.DurationMS)/1000, c.ID, c.Target)
		}
	}
	for _, c := range worst {
		gauge(checkStatusDesc, statusValues[string(c.Status)], c.ID, c.Target, c.Code)
	}
}
