package watch

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/tape"
)

// TestEventsSurviveATape writes one event of each kind with all fields that the
// kind may have, and reads it again.
func TestEventsSurviveATape(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 4, 0, 0, 123456789, time.UTC)
	var ev doctor.Evidence
	ev.Add("close_code", 1001)
	ev.Add("local", "::1")
	ev.Add("seconds", 60.5)
	finding := &doctor.Result{Status: doctor.Fail, Code: "stream-dropped", Target: "h", Message: "m", Evidence: ev, Confidence: doctor.Likely, ID: "handshake", Duration: time.Second}
	days := []market.Holiday{{Date: "2026-11-25", Description: "d", Type: "TRADING_HOLIDAY", Closed: []string{"NSE"}, Open: []market.Session{{Exchange: "MCX", Start: 1, End: 2}}}}
	events := []Event{
		{Kind: Begin, Begun: &Begun{Version: "1", Mode: "full", Keys: []string{"NSE_INDEX|Nifty 50", "NSE_EQ|X"}, Until: at.Add(time.Hour)}},
		{Kind: Attempt},
		{Kind: Refused, Finding: finding, Head: &ResponseHead{Path: "/p", Status: 429, Fields: map[string]string{"Server": "x"}, RetryAfter: time.Minute}, Peers: 2},
		{Kind: Open, Opened: &Opened{Host: "h", Local: "::1", TokenKind: "oauth", TokenEnds: at, Source: "environment", Token: 2, Offset: -1500 * time.Millisecond, Holidays: days}},
		{Kind: Sent, Data: []byte(`{"method":"sub"}`)},
		{Kind: Frame, Data: []byte{0, 1, 0xfe, 0xff}},
		{Kind: Text, Data: []byte("hello")},
		{Kind: Ping}, {Kind: Pinged}, {Kind: Pong}, {Kind: Silent}, {Kind: Unpriced},
		{Kind: Full, Wait: 3 * time.Second},
		{Kind: Closed, End: &End{Clean: true, Code: 1001, Reason: "bye", Malformed: catalog.KindTooBig, Words: "closed"}, Peers: 1, Programs: []string{"python3 (process 42)"}},
		{Kind: Quoted, Quote: &Quote{Key: "NSE_EQ|X", Price: 1.05}},
		{Kind: Pause, Wait: 1234567 * time.Microsecond},
		{Kind: Examined, Finding: finding},
		{Kind: Stop, EndedBy: EndNotRetryable},
	}
	path := filepath.Join(t.TempDir(), "tape")
	w, err := tape.Open(t.Context(), path, tape.Header{Kind: tape.Watch, StartedAt: at}, tape.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range events {
		events[i].At = at.Add(time.Duration(i))
		w.Add(events[i].Entry())
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := tape.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range events {
		rec, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		got, err := EventOf(rec)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(doctor.Result{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", want.Kind, diff)
		}
	}
}

func TestARecordOfAnotherShape(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tape")
	w, err := tape.Open(t.Context(), path, tape.Header{Kind: tape.Watch}, tape.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w.Add(tape.Entry{Kind: "closed", More: map[string]any{"close": "a text"}})
	w.Add(tape.Entry{Kind: "of-tomorrow", More: map[string]any{"new": 1}})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, _ := tape.NewReader(f)
	rec, _ := r.Next()
	if _, err := EventOf(rec); err == nil {
		t.Error("no error for an end that is a text")
	}
	rec, _ = r.Next()
	if e, err := EventOf(rec); err != nil || e.Kind != "of-tomorrow" {
		t.Errorf("%+v, %v", e, err)
	}
}
