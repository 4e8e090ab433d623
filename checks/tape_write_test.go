package checks_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/tape"
	"upstox-doctor/fixtures/sim"
)

// TestWhatATapeHolds looks for each thing that a healthy run goes through, in
// that order.
func TestWhatATapeHolds(t *testing.T) {
	t.Parallel()
	_, _, b := recorded(t, scenario(t, "healthy"))
	_, all := replayed(t, b)
	at := 0
	for _, want := range []string{
		`"kind":"begin"`, `"hop":"dns","host":"`, `"hop":"tcp"`, `"hop":"tls"`, `"version":"TLS 1.3"`,
		`"method":"GET","path":"/v3/feed/market-data-feed/authorize","status":200`,
		`"kind":"handshake","host":"wsfeeder-api.upstox.com","method":"GET","path":"/market-data-feeder/v3/upstox-developer-api/feeds","status":101`,
		`"kind":"sent","request":"ltpc NSE_INDEX|Nifty 50"`, `"kind":"ping-sent"`, `"kind":"frame","data":"`,
		`"kind":"market"`, `"segment":"NORMAL_OPEN"`, `"id":"ticks.live"`, `"kind":"end"`, `"end":"complete"`,
	} {
		i := strings.Index(all[at:], want)
		if i < 0 {
			t.Fatalf("no %s behind byte %d of\n%s", want, at, all)
		}
		at += i
	}
}

// TestBodiesOfRefusals: what an error page says is kept, what a success holds is
// not, and the header shows only what is harmless.
func TestBodiesOfRefusals(t *testing.T) {
	t.Parallel()
	for scenarioName, want := range map[string]string{
		"token-revoked": "UDAPI100050", "edge-blocked-page": "blocked", "captive-portal": "<html", "handshake-edge-blocked-page": "<html",
	} {
		_, _, b := recorded(t, scenario(t, scenarioName))
		r, err := tape.NewReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for {
			rec, err := r.Next()
			if err != nil {
				break
			}
			var a struct {
				Status int
				Bytes  int
				Body   string
				Fields map[string]string
			}
			if rec.Kind != "answer" && rec.Kind != "handshake" {
				continue
			}
			if err := rec.Decode(&a); err != nil {
				t.Fatal(err)
			}
			found = found || strings.Contains(strings.ToLower(a.Body), strings.ToLower(want))
			if strings.Contains(a.Body, `"status":"success"`) || a.Fields["Set-Cookie"] != "" {
				t.Errorf("%s: %+v is on the tape", scenarioName, a)
			}
		}
		if !found {
			t.Errorf("%s: no body tells of %s", scenarioName, want)
		}
	}
}

// TestReplayOfATapeThatEndsEarly cuts the record of a run behind each record:
// what is missing counts as interrupted, and nothing else changes.
func TestReplayOfATapeThatEndsEarly(t *testing.T) {
	t.Parallel()
	_, _, b := recorded(t, scenario(t, "handshake-unauthorized"))
	r, err := tape.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	var records []tape.Record
	for {
		rec, err := r.Next()
		if err != nil {
			break
		}
		records = append(records, rec)
	}
	for n := 1; n <= len(records); n++ {
		run, err := checks.Replay(records[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, rec := range records[1:n] {
			if err := run.Handle(rec); err != nil {
				t.Fatal(err)
			}
		}
		d := run.Report()
		end, missing := "interrupted", false
		if n == len(records) {
			end = "complete"
		}
		for _, res := range d.Results {
			missing = missing || strings.Contains(res.Message, "the tape ends")
		}
		if string(d.End) != end || missing && n == len(records) || len(d.Results) < 20 {
			t.Errorf("after %d of %d records: %s, %d results", n, len(records), d.End, len(d.Results))
		}
	}
}

func TestReplayOfWhatIsNoRun(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tape")
	w, err := tape.Open(t.Context(), path, tape.Header{Kind: tape.Run}, tape.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, more := range []string{`{}`, `{"checks":7}`, `{"checks":[{"id":"x"}]}`} {
		w.Add(tape.Entry{At: time.Now(), Kind: tape.Begin, More: json.RawMessage(more)})
	}
	for _, kind := range []string{"result", "end", "market", "pong", "close"} {
		w.Add(tape.Entry{Kind: kind, More: json.RawMessage(`{"status":7,"duration":"x","now":1,"payload":1,"code":"x"}`)})
	}
	w.Add(tape.Entry{Kind: "of-tomorrow"})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := tape.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		rec, _ := r.Next()
		if _, err := checks.Replay(rec); err == nil {
			t.Error("a run without checks, or with strange ones, is judged")
		}
	}
	rec, _ := r.Next()
	run, err := checks.Replay(rec)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		rec, _ := r.Next()
		if err := run.Handle(rec); err == nil || !strings.Contains(err.Error(), "tape line") {
			t.Errorf("%s: %v", rec.Kind, err)
		}
	}
	rec, _ = r.Next()
	if err := run.Handle(rec); err != nil {
		t.Errorf("a kind of a later version: %v", err)
	}
}

func scenario(t *testing.T, name string) sim.Scenario {
	t.Helper()
	sc, ok := sim.Find(name)
	if !ok {
		t.Fatalf("no scenario %s", name)
	}
	return sc
}
