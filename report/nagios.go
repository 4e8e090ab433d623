package report

import (
	"cmp"
	"io"
	"strings"

	"upstox-doctor/checks/doctor"
)

// nagiosStates are the words of the plugin guidelines by exit status.
var nagiosStates = []string{"OK", "WARNING", "CRITICAL", "UNKNOWN"}

// NagiosExit is the status with which a plugin of Nagios ends after this
// report: 0 healthy, 1 warnings, 2 a check failed, 3 the doctor could not
// complete.
func NagiosExit(d Document) int {
	switch d.Status {
	case string(doctor.Pass):
		return 0
	case string(doctor.Warn):
		return 1
	case string(doctor.Fail):
		return 2
	}
	return 3
}

// nagios writes the one line of a plugin: the state, what is wrong, and the
// numbers. The same checks give the same numbers in the same order in every
// run, as graphs need it; one that is not known is U.
func (d Document) nagios(w io.Writer, _ Options) error {
	text := allClear(d)
	if len(d.RootCauses) > 0 {
		text = ""
		for i, c := range d.RootCauses {
			if i > 0 {
				text += "; "
			}
			text += c.Code + ": " + c.Title
			if said := evidenceOfTargets(d, c); said != "" {
				text += " (" + said + ")"
			}
		}
	}
	if stop := unfinished(d.End); stop != "" {
		text = stop + " " + text
	}
	line := "UPSTOX " + nagiosStates[NagiosExit(d)] + " - " + beforePipe(text) + " | " + strings.Join(d.perfdata(), " ")
	_, err := io.WriteString(w, line+"\n")
	return err
}

// beforePipe keeps the text from ending where the numbers begin. Web pages of
// Nagios may show it as it comes, so that no tag may be in it.
func beforePipe(s string) string {
	return strings.NewReplacer("|", "/", "<", "(", ">", ")").Replace(printable(s))
}

// perfdata are the numbers of the run, in seconds. There is no threshold among
// them: the state says it all.
func (d Document) perfdata() []string {
	number := func(label string, f metric) string {
		value := "U"
		if f.known {
			value = decimal(f.value) + "s"
		}
		return perfLabel(label) + "=" + value
	}
	all := []string{
		number("time", metric{float64(d.DurationMS) / 1000, true}) + ";;;0",
		number("token_left", d.tokenLeft()),
		number("tick_age", d.tickAge()),
	}
	labels := metricNames(d.Checks)
	for i, c := range d.Checks {
		ran := c.Status != doctor.Skip
		all = append(all, number(labels[i], metric{float64(c.DurationMS) / 1000, ran})+";;;0")
	}
	return all
}

// perfLabel quotes a label where the guidelines want it. An equals sign would
// end it even in quotes for some readers, and a pipe all the numbers.
func perfLabel(s string) string {
	s = cmp.Or(strings.NewReplacer("=", "_", "|", "/", "<", "(", ">", ")").Replace(printable(s)), "_")
	if !strings.ContainsAny(s, " '\"") {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}
