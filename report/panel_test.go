package report

import (
	"testing"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
)

func TestPanelToken(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name           string
		change         func([]doctor.Result)
		class, message string
	}{
		{"accepted", func([]doctor.Result) {}, "pass", "Token is valid and working!"},
		{"ends soon", func(rs []doctor.Result) {
			r := at(rs, "token.expiry", "")
			r.Status, r.Code = doctor.Warn, "token-expiring-soon"
		}, "warn", "Token is valid and working!"},
		{"expired", failing("token.expiry", "", "token-expired"), "fail", "Token is expired or invalid"},
		{"a failure without a row of the guide", failing("token.accepted", "", "tcp-timeout"), "fail", "The host does not answer"},
		{"not asked", func(rs []doctor.Result) {
			r := at(rs, "token.accepted", "")
			r.Status, r.BlockedBy, r.Message = doctor.Skip, "network.tcp", "not run: network.tcp failed"
		}, "skip", "It is not known whether the token works."},
	} {
		p := NewPanel(document(changing(tc.change)))
		if p.Token.Class != tc.class || p.Token.Message != tc.message {
			t.Errorf("%s: %+v", tc.name, p.Token)
		}
	}
}

func TestPanelShowsSourceAndEnd(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{"environment": "UPSTOX_ACCESS_TOKEN (environment)", "UPSTOX_ACCESS_TOKEN": "UPSTOX_ACCESS_TOKEN"} {
		p := NewPanel(document(changing(func(rs []doctor.Result) {
			at(rs, "token.present", "").Evidence = doctor.Evidence{
				{Name: "source", Value: source}, {Name: "variable", Value: "UPSTOX_ACCESS_TOKEN"}, {Name: "expires", Value: "2026-11-24T03:30:00+05:30"},
			}
		})))
		if p.Token.Source != want || !p.Token.Ends.Equal(time.Date(2026, 11, 23, 22, 0, 0, 0, time.UTC)) {
			t.Errorf("%+v", p.Token)
		}
	}
}

func TestPanelPrice(t *testing.T) {
	t.Parallel()
	p := NewPanel(document(changing(func(rs []doctor.Result) {
		at(rs, "ticks.live", "").Evidence = doctor.Evidence{
			{Name: "instrument", Value: "NSE_INDEX|Nifty 50"}, {Name: "price", Value: 24512.85}, {Name: "previous_close", Value: 24401.1}, {Name: "age_ms", Value: 400},
		}
	}))).Price
	if p.Name != "NIFTY 50" || p.Value != "24,512.85" || p.Change != "+0.46 %" || p.Traded.IsZero() {
		t.Errorf("live: %+v", p)
	}
	p = NewPanel(document(changing(func(rs []doctor.Result) {
		at(rs, "ticks.snapshot", "").Evidence = doctor.Evidence{{Name: "NSE_EQ|INE002A01018", Value: 1290.5}, {Name: "frames", Value: 2}}
	}))).Price
	if p.Name != "INE002A01018" || p.Value != "1,290.50" || p.Change != "" || !p.Traded.IsZero() {
		t.Errorf("of the snapshot: %+v", p)
	}
}

// TestOngoingFillsStageByStage tells of checks as they end.
func TestOngoingFillsStageByStage(t *testing.T) {
	t.Parallel()
	var chosen []doctor.Check
	for _, res := range passing() {
		if res.Stage() != catalog.StageTicks {
			chosen = append(chosen, doctor.Check{ID: res.ID, Target: res.Target})
		}
	}
	o := NewOngoing(chosen, Meta{}, began)
	before := NewPanel(document(expiredReport())).Stages
	classes := func(before []PanelStage) (all string) {
		for _, s := range o.Stages(before) {
			all += s.Class + " "
		}
		return all
	}
	if got := classes(nil); got != "waiting waiting waiting waiting waiting skip " {
		t.Errorf("at first: %s", got)
	}
	for i, res := range passing()[:4] {
		o.Observe(doctor.Event{Check: chosen[i]})
		o.Observe(doctor.Event{Check: chosen[i], Result: &res})
	}
	o.Observe(doctor.Event{Check: doctor.Check{ID: "of another run"}})
	if got := classes(before); got != "pass running waiting waiting waiting skip " {
		t.Errorf("after four checks: %s", got)
	}
	stages := o.Stages(before)
	if s := stages[2]; !s.Old || s.Seen != before[2].Seen || len(s.Rows) != len(before[2].Rows) {
		t.Errorf("a stage that waits: %+v", s)
	}
	if s := stages[0]; s.Old || s.Seen == before[0].Seen {
		t.Errorf("a stage that has ended: %+v", s)
	}
	if done, all := o.Progress(); done != 4 || all != len(chosen) {
		t.Errorf("%d of %d", done, all)
	}
}
