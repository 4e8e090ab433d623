package report

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
)

// A metric is a number that systems of monitoring keep, or none if the run has
// not learned it.
type metric struct {
	value float64
	known bool
}

// tokenLeft is how long the token in use still lasts, in seconds, and negative
// after its end.
func (d Document) tokenLeft() metric {
	if left := d.evidenceOf(checks.IDTokenExpiry, "left_seconds"); left.known {
		return left
	}
	ago := d.evidenceOf(checks.IDTokenExpiry, "expired_seconds_ago")
	return metric{-ago.value, ago.known}
}

// tickAge is the age of the last trade when the last tick was sent, in seconds.
func (d Document) tickAge() metric {
	age := d.evidenceOf(checks.IDTicksLive, "age_ms")
	return metric{age.value / 1000, age.known}
}

// marketOpen is 1 while the market is open, 0 while it is not, and unknown if the
// run did not find its state.
func (d Document) marketOpen() metric {
	switch d.Market.State {
	case "open":
		return metric{1, true}
	case "pre-open", "closed":
		return metric{0, true}
	}
	return metric{}
}

// ended is when the run ended, in seconds since 1970.
func (d Document) ended() metric {
	at, err := time.Parse(timeLayout, d.StartedAt)
	return metric{float64(at.UnixMilli()+d.DurationMS) / 1000, err == nil}
}

// evidenceOf is the first number of that name in the evidence of the check.
func (d Document) evidenceOf(check, name string) metric {
	for _, c := range d.Checks {
		i := slices.IndexFunc(c.Evidence, func(it doctor.Item) bool { return it.Name == name })
		if c.ID != check || i < 0 {
			continue
		}
		if n, ok := c.Evidence[i].Value.(json.Number); ok {
			if v, err := n.Float64(); err == nil && !math.IsInf(v, 0) && !math.IsNaN(v) {
				return metric{v, true}
			}
		}
	}
	return metric{}
}

// Number is a number of the evidence, and whether there is one of that name.
func (c Cause) Number(name string) (float64, bool) {
	return number(doctor.Evidence(c.Evidence).Find(name))
}

// decimal writes a number without an exponent, which not every reader knows.
func decimal(v float64) string {
	if v == 0 {
		return "0" // and never -0
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// inSeconds writes milliseconds as seconds.
func inSeconds(ms int64) string { return decimal(float64(ms) / 1000) }

// metricNames are what machines call the results: each result has its own name,
// and the same one in every run.
func metricNames(all []Check) []string {
	var out []string
	taken := map[string]bool{}
	for _, c := range all {
		own := named(c, all)
		name := own
		for n := 2; taken[name]; n++ {
			name = fmt.Sprintf("%s (%d)", own, n)
		}
		taken[name] = true
		out = append(out, name)
	}
	return out
}
