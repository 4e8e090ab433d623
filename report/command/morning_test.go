package command

import (
	"context"
	"strings"
	"testing"
	"time"

	"upstox-doctor/fixtures/simtest"
	"upstox-doctor/fixtures/valid"
)

func TestTradingDay(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		scenario string
		status   int
		prints   string
	}{
		{"market-closed-holiday", 0, "No trading today: Guru Nanak Jayanti. The market opens Wed 25 Nov 2026 09:15"},
		{"market-closed", 0, "No trading today: Sunday."},
		{"token-expired", 1, "token-expired"},
		{"holidays-unavailable", 0, "six stages pass"},
		{"offline", 1, "offline"},
	} {
		t.Run(tc.scenario, func(t *testing.T) {
			t.Parallel()
			o := defaultRun(tc.scenario)
			o.TradingDay = true
			testStatus(t, func(ctx context.Context, a App) error { return a.Run(ctx, o) }, tc.status, tc.prints)
		})
	}
}

// A host that does not answer whether today is a trading day takes no more than
// the time of one check from the run.
func TestTradingDayInTime(t *testing.T) {
	t.Parallel()
	simtest.Bubble(t, func(t *testing.T) {
		a, _ := testApp("")
		o := defaultRun("tcp-timeout")
		o.TradingDay, o.Timeout, o.Deadline = true, time.Second, 3*time.Second
		start := time.Now()
		a.Run(t.Context(), o)
		if took := time.Since(start); took > o.Timeout+o.Deadline {
			t.Errorf("took %s", took)
		}
	})
}

func TestNoTradingInEveryFormat(t *testing.T) {
	t.Parallel()
	for format, want := range map[string]string{
		"json": `"no_trading": "No trading today: Guru Nanak Jayanti.`, "short": "No trading today", "markdown": "No trading today", "html": "No trading today", "nagios": "OK", "jsonl": `"market":{"state":"closed"`, "junit": "<testsuites", "tap": "1..0", "prometheus": "upstox_doctor_status", "github": "",
	} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			simtest.Bubble(t, func(t *testing.T) {
				a, s := testApp("")
				o := defaultRun("market-closed-holiday")
				o.TradingDay, o.Outputs = true, []string{format}
				if got := statusOf(t, a.Run(t.Context(), o)); got != 0 || !strings.Contains(s.out.String(), want) {
					t.Errorf("status %d: %s", got, s.out.String())
				}
				if format == "json" {
					if _, err := valid.JSON("report", s.out.Bytes()); err != nil {
						t.Error(err)
					}
				}
			})
		})
	}
	testStatus(t, func(ctx context.Context, a App) error {
		o := defaultRun("market-closed-holiday")
		o.TradingDay, o.Quiet = true, true
		return a.Run(ctx, o)
	}, 0, "")
}
