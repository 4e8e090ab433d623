package watch_test

import (
	"testing"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/watch"
)

func TestHourWithoutPrices(t *testing.T) {
	t.Parallel()
	st := play(t, func(st *simWatch) { st.opts.For = time.Hour }, nil)
	s := st.summary
	if s.Status != doctor.Pass || s.EndedBy != watch.EndDuration || s.Disconnects != 0 || s.Ticks < 14000 || s.Up < 59*time.Minute || s.OpenUp != s.Up || len(s.Gaps) != 0 {
		t.Errorf("%+v\n%s", s, st.noticesText())
	}
	if n := st.calls(); n != 1 {
		t.Errorf("%d calls of authorize", n)
	}
}
