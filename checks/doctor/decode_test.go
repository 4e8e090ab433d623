package doctor

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestResultSurvivesARecord(t *testing.T) {
	t.Parallel()
	var ev Evidence
	ev.Add("status", 403)
	ev.Add("body", "<html>\"x\"")
	ev.Add("price", 24513.05)
	ev.Add("pong", false)
	ev.Add("NSE_INDEX|Nifty 50", -1)
	ev.Add("attempts", []any{"a", 2, 0.5, map[string]any{"n": 7}})
	ev.Add("nothing", nil)
	want := Result{
		Status: Fail, Code: "handshake-forbidden", Target: "h", Message: "m", Evidence: ev, Confidence: Likely,
		BlockedBy: "token", CausedBy: "network.clock", ID: "handshake", Title: "T", Duration: 1500 * time.Microsecond,
	}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got Result
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Result{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	again, err := json.Marshal(got)
	if err != nil || string(again) != string(text) {
		t.Errorf("%v: %s became %s", err, text, again)
	}
}

func TestSymptomStaysOutOfRecords(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(Result{Status: Fail, Symptom: func() {}})
	if err != nil || string(text) != `{"status":"fail"}` {
		t.Errorf("%s, %v", text, err)
	}
}

func TestEvidenceThatIsNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"[]", "7", `"x"`, "{", `{"a"`, `{"a":`, ""} {
		var ev Evidence
		if err := ev.UnmarshalJSON([]byte(text)); err == nil {
			t.Errorf("%q was read as %v", text, ev)
		}
	}
	ev := Evidence{{"old", 1}}
	if err := json.Unmarshal([]byte("null"), &ev); err != nil || len(ev) != 0 {
		t.Errorf("null: %v, %v", ev, err)
	}
	if err := json.Unmarshal([]byte(`{"huge":1e999}`), &ev); err != nil || ev.Find("huge") != "1e999" {
		t.Errorf("huge: %v, %v", ev, err)
	}
}
