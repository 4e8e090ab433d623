package report

import (
	"slices"
	"strings"
	"testing"

	"upstox-doctor/fixtures/valid"
)

func TestWaitIsTold(t *testing.T) {
	t.Parallel()
	s := valid.Schema("report")
	for _, tc := range []struct {
		wait *Wait
		want string
	}{
		{nil, ""},
		{&Wait{Runs: 1, Ended: WaitHealthy}, ""},
		{&Wait{Runs: 3, WaitedMS: 12_000, Ended: WaitHealthy}, "After 3 runs in 12 s."},
		{&Wait{Runs: 1, Ended: WaitNotRetryable, Codes: []string{"token-expired", "plan-limit"}}, "Ended after one run: waiting cannot cure token-expired, plan-limit."},
		{&Wait{Runs: 9, WaitedMS: 300_000, Ended: WaitTimeUp}, "Ended after 9 runs in 5 min: the time to wait is over."},
		{&Wait{Runs: 2, WaitedMS: 900, Ended: WaitInterrupted}, "Interrupted after 2 runs in 900 ms."},
		{&Wait{Runs: 1, Ended: WaitFaulty}, "Ended after one run."},
	} {
		d := document(expiredReport())
		d.Wait = tc.wait
		lines := strings.Split(table(t, d, Options{Width: 100}), "\n")
		told := lines[slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "FAIL ") })-1]
		if told != tc.want {
			t.Errorf("%+v: %q, want %q", tc.wait, told, tc.want)
		}
		data := written(t, d)
		if err := s.Validate(decoded(t, data)); err != nil {
			t.Errorf("%+v: %v", tc.wait, err)
		}
		if strings.Contains(string(data), `"wait"`) != (tc.wait != nil) {
			t.Errorf("%+v: the document tells otherwise", tc.wait)
		}
	}
}

func TestWaitLine(t *testing.T) {
	t.Parallel()
	if got := WaitLine([]string{"dns-not-found", "tcp-timeout"}, 4, 8, 200); got != "dns-not-found, tcp-timeout; run 5 in 8 s, 3 min 20 s left" {
		t.Error(got)
	}
	if got := WaitLine(nil, 1, 1, 2); got != "the run did not end; run 2 in 1 s, 2 s left" {
		t.Error(got)
	}
}

func TestWaitOfAnUnknownEndIsInvalid(t *testing.T) {
	t.Parallel()
	d := document(expiredReport())
	d.Wait = &Wait{Runs: 0, Ended: "bored"}
	if valid.Schema("report").Validate(decoded(t, written(t, d))) == nil {
		t.Error("valid")
	}
}
