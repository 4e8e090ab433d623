package report

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"upstox-doctor/checks/doctor"
)

// perfdatum is label=value[unit];[warn];[crit];[min];[max] of the plugin
// guidelines, where a quote in a label stands twice.
var perfdatum = regexp.MustCompile(`^('(?:[^'=|]|'')+'|[^ '=|]+)=(?:U|-?[0-9.]+s)(?:;;;0)?(?: |$)`)

func validNagios(d Document, written []byte) error {
	line, rest, _ := strings.Cut(string(written), "\n")
	text, numbers, ok := strings.Cut(line, " | ")
	if rest != "" || !ok || strings.Count(line, "|") != 1 || strings.ContainsAny(line, "<>") {
		return fmt.Errorf("not one line with one pipe and no tag")
	}
	if want := "UPSTOX " + nagiosStates[NagiosExit(d)] + " - "; !strings.HasPrefix(text, want) {
		return fmt.Errorf("begins with %q, want %q", text, want)
	}
	labels := map[string]bool{}
	for numbers != "" {
		m := perfdatum.FindStringSubmatch(numbers)
		if m == nil || labels[m[1]] {
			return fmt.Errorf("no number, or one that was there: %q", numbers)
		}
		labels[m[1]] = true
		numbers = numbers[len(m[0]):]
	}
	if len(labels) != 3+len(d.Checks) {
		return fmt.Errorf("%d numbers of %d checks", len(labels), len(d.Checks))
	}
	return nil
}

func TestNagios(t *testing.T) {
	t.Parallel()
	known := expiredReport()
	at(known.Results, "token.expiry", "").Evidence.Add("expired_seconds_ago", 20524)
	live := healthyReport()
	at(live.Results, "ticks.live", "").Evidence.Add("age_ms", 412)
	at(live.Results, "token.expiry", "").Evidence.Add("left_seconds", 65820)
	for _, tc := range []struct {
		name   string
		report doctor.Report
		exit   int
		want   []string
	}{
		{"healthy", live, 0, []string{"UPSTOX OK - All six stages pass. NIFTY 50 24,513.05", "| time=0.641s;;;0 token_left=65820s tick_age=0.412s ", " 'network.dns api.upstox.com'=0.021s;;;0 "}},
		{"warnings", warningsReport(), 1, []string{"UPSTOX WARNING - token-file-permissions: "}},
		{"expired token", known, 2, []string{"UPSTOX CRITICAL - token-expired: The access token has expired (the token ", " token_left=-20524s tick_age=U ", " handshake=U;;;0"}},
		{"two causes", twoCausesReport(), 2, []string{"; token-expired: "}},
		{"interrupted", interruptedReport(), 3, []string{"UPSTOX UNKNOWN - Interrupted:"}},
		{"out of time", outOfTimeReport(), 3, []string{"UPSTOX UNKNOWN - The time", "tcp-timeout"}},
	} {
		d := document(tc.report)
		got := string(inFormat(t, "nagios", d))
		if exit := NagiosExit(d); exit != tc.exit {
			t.Errorf("%s: exit status %d, want %d", tc.name, exit, tc.exit)
		}
		for _, want := range tc.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in %s", tc.name, want, got)
			}
		}
	}
}

// TestNumbersKeepTheirOrder compares the labels of runs that ended otherwise.
func TestNumbersKeepTheirOrder(t *testing.T) {
	t.Parallel()
	value := regexp.MustCompile(`=[^ ;]+`)
	labels := func(r doctor.Report) string {
		_, numbers, _ := strings.Cut(string(inFormat(t, "nagios", document(r))), " | ")
		return value.ReplaceAllString(numbers, "=")
	}
	for _, r := range []doctor.Report{expiredReport(), twoCausesReport(), outOfTimeReport()} {
		if got, want := labels(r), labels(healthyReport()); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
