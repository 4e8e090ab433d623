package report

import (
	"github.com/prometheus/client_golang/prometheus"

	"upstox-doctor/checks/doctor"
)

// A Collector gives the figures of the last report to a registry, the same as
// the format prometheus writes. Until there is a report it gives none.
type Collector struct {
	Last func() (Document, bool)
}

// Describe names no metric beforehand, since a report tells only what is known.
func (c Collector) Describe(chan<- *prometheus.Desc) {}

// Collect implements prometheus.Collector.
func (c Collector) Collect(to chan<- prometheus.Metric) {
	d, known := c.Last()
	if !known {
		return
	}
	for _, f := range d.families() {
		for _, s := range f.samples {
			var names, values []string
			for _, l := range s.labels {
				names, values = append(names, l[0]), append(values, l[1])
			}
			desc := prometheus.NewDesc(f.name, f.help, names, nil)
			m, err := prometheus.NewConstMetric(desc, prometheus.GaugeValue, s.value, values...)
			if err != nil {
				m = prometheus.NewInvalidMetric(desc, err)
			}
			to <- m
		}
	}
}

// Number is a number of the evidence, and whether there is one of that name.
func (c Cause) Number(name string) (float64, bool) {
	return number(doctor.Evidence(c.Evidence).Find(name))
}
