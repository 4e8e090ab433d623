package report

import (
	"fmt"
	"io"
	"strings"

	"upstox-doctor/checks/doctor"
)

// levels are the values of a status: as high as it is bad, and above that what
// is not known, as monitoring plugins have it.
var levels = map[string]float64{
	string(doctor.Pass): 0, string(doctor.Warn): 1, string(doctor.Fail): 2, string(doctor.Skip): 3, "error": 3,
}

// A family is one metric with its samples. All are gauges.
type family struct {
	name, help string
	samples    []sample
}

type sample struct {
	labels [][2]string
	value  float64
}

// prometheus writes the report for the textfile collector, in the text format
// of Prometheus. A number that is not known is left out.
func (d Document) prometheus(w io.Writer, _ Options) error {
	var out strings.Builder
	for _, f := range d.families() {
		if len(f.samples) == 0 {
			continue
		}
		fmt.Fprintf(&out, "# HELP %s %s\n# TYPE %s gauge\n", f.name, f.help, f.name)
		for _, s := range f.samples {
			fmt.Fprintf(&out, "%s%s %s\n", f.name, braces(s.labels), decimal(s.value))
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func (d Document) families() []family {
	status, took := d.ofChecks()
	causes := family{"upstox_doctor_root_cause", "A finding that no other finding explains; always 1.", nil}
	for _, c := range d.RootCauses {
		causes.samples = append(causes.samples, sample{[][2]string{{"check", c.Check}, {"code", c.Code}, {"owner", c.Owner}}, 1})
	}
	build := sample{[][2]string{{"version", d.Tool.Version}, {"goversion", d.Tool.Go}, {"goos", d.Tool.OS}, {"goarch", d.Tool.Arch}}, 1}
	return []family{
		one("upstox_doctor_status", "How the run ended: 0 pass, 1 warn, 2 fail, 3 not complete.", figure{levels[d.Status], true}),
		status, took, causes,
		one("upstox_doctor_run_duration_seconds", "How long the run took.", figure{float64(d.DurationMS) / 1000, true}),
		one("upstox_doctor_run_timestamp_seconds", "When the run ended, in seconds since 1970.", d.ended()),
		one("upstox_doctor_token_left_seconds", "How long the access token still lasts; negative after its end.", d.tokenLeft()),
		one("upstox_doctor_market_open", "1 while the market is open, 0 while it is not.", d.marketOpen()),
		one("upstox_doctor_last_tick_age_seconds", "How old the last trade was when the last tick was sent.", d.tickAge()),
		{"upstox_doctor_build_info", "The doctor that made the report; always 1.", []sample{build}},
	}
}

// ofChecks are the status and the time of each check. A reader refuses a file
// in which a check stands twice, so that of two the worse result stands.
func (d Document) ofChecks() (status, took family) {
	status = family{"upstox_doctor_check_status", "How the check ended: 0 pass, 1 warn, 2 fail, 3 skip.", nil}
	took = family{"upstox_doctor_check_duration_seconds", "How long the check took; none if it was skipped.", nil}
	at, timed := map[string]int{}, map[string]bool{}
	for _, c := range d.Checks {
		labels := [][2]string{{"check", c.ID}, {"target", c.Target}}
		key, ran := braces(labels), c.Status != doctor.Skip
		now := sample{append(labels, [2]string{"code", c.Code}), levels[string(c.Status)]}
		if i, twice := at[key]; !twice {
			at[key] = len(status.samples)
			status.samples = append(status.samples, now)
		} else if was := status.samples[i].value; ran && (was < now.value || was == levels[string(doctor.Skip)]) {
			status.samples[i] = now
		}
		if ran && !timed[key] {
			timed[key] = true
			took.samples = append(took.samples, sample{labels, float64(c.DurationMS) / 1000})
		}
	}
	return status, took
}

// one is a metric of one number, or of none that is known.
func one(name, help string, f figure) family {
	if !f.known {
		return family{name: name, help: help}
	}
	return family{name, help, []sample{{nil, f.value}}}
}

// braces writes labels with their values escaped.
func braces(labels [][2]string) string {
	if len(labels) == 0 {
		return ""
	}
	var pairs []string
	for _, l := range labels {
		value := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(l[1])
		pairs = append(pairs, l[0]+`="`+value+`"`)
	}
	return "{" + strings.Join(pairs, ",") + "}"
}
