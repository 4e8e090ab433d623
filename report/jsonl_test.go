package report

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/fixtures/valid"
)

// validLines holds each line against the schema, and their order.
func validLines(d Document, written []byte) error {
	events, err := events(written)
	if err != nil {
		return err
	}
	want := "run" + strings.Repeat(" check", len(d.Checks))
	if d.Login != nil {
		want += " login"
	}
	if got, want := strings.Join(events, " "), want+" report"; got != want {
		return fmt.Errorf("events %s, want %s", got, want)
	}
	return nil
}

func events(written []byte) ([]string, error) {
	var all []string
	for line := range bytes.Lines(written) {
		value, err := valid.JSON("jsonl", line)
		if err != nil {
			return nil, fmt.Errorf("%w in %s", err, line)
		}
		all = append(all, value.(map[string]any)["event"].(string))
	}
	return all, nil
}

// TestSchemaOfLinesIsStrict corrupts good lines in one place at a time.
func TestSchemaOfLinesIsStrict(t *testing.T) {
	t.Parallel()
	good := string(inFormat(t, "jsonl", document(expiredReport())))
	for _, tc := range []struct {
		old, new string
		fine     bool
	}{
		{"", "", true},
		{`"event":"check"`, `"later":1,"event":"check"`, true},
		{`"event":"check"`, `"event":"probe"`, false},
		{`"event":"check"`, `"event":"run"`, false},
		{`"schema":"upstox-doctor/check/v1"`, `"schema":"upstox-doctor/check/v2"`, false},
		{`"status":"pass"`, `"status":"ok"`, false},
		{`"started_at":"2026`, `"started_at":"in 2026`, false},
		{`"exit_code":1,`, ``, false},
		{`"exit_code":1,`, `"exit_code":2,`, false},
		{`"root_causes":[{"check":"token.expiry"`, `"root_causes":[{"check":""`, false},
		{`"market":{"state":"open"`, `"market":{"state":"shut"`, false},
		{`"fix":{"guide"`, `"fix":{"guides"`, false},
	} {
		bad := strings.Replace(good, tc.old, tc.new, 1)
		if bad == good && tc.old != "" {
			t.Errorf("no %s in\n%s", tc.old, good)
		}
		if _, err := events([]byte(bad)); (err == nil) != tc.fine {
			t.Errorf("with %s: got %v, want fine %v", tc.new, err, tc.fine)
		}
	}
}

// TestLinesComeWhileTheRunGoesOn stops a run in the middle, and finds what has
// ended written.
func TestLinesComeWhileTheRunGoesOn(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	l := NewJSONLWriter(&out, Meta{})
	results := expiredReport().Results
	ended := func(i int) doctor.Event {
		return doctor.Event{Check: doctor.Check{ID: results[i].ID}, Result: &results[i]}
	}
	l.Begin(began)
	l.Observe(doctor.Event{Check: doctor.Check{ID: results[0].ID}}) // a start is no line
	l.Observe(ended(0))
	l.Begin(began) // once for each run
	l.Observe(ended(1))
	if got, err := events(out.Bytes()); err != nil || strings.Join(got, " ") != "run check check" {
		t.Fatalf("got %v, %v", got, err)
	}
	first := document(expiredReport())
	l.End(first)
	login := NewLoginReport(LoginResult{Kind: "oauth", Saved: []string{".upstox_token"}, Expires: began.Add(time.Hour)}, Meta{})
	l.Login(login)
	l.Begin(began.Add(time.Minute))
	l.Observe(ended(1))
	second := document(healthyReport())
	second.Before, second.Login = &first, &login
	l.End(second)
	const want = "run check check report login run check report"
	if got, err := events(out.Bytes()); err != nil || strings.Join(got, " ") != want {
		t.Errorf("got %v, %v, want %s", got, err, want)
	}
}

// TestLinesOfARepair writes a document of two runs at once, and one of a login
// that failed.
func TestLinesOfARepair(t *testing.T) {
	t.Parallel()
	first, second := document(expiredReport()), document(healthyReport())
	good := NewLoginReport(LoginResult{Saved: []string{".upstox_token"}}, Meta{})
	bad := NewLoginReport(LoginResult{Failed: true, Finding: catalog.LoginTimeout, Seen: "nobody came"}, Meta{ExitCode: 1})
	second.Before, second.Login = &first, &good
	checks := strings.Repeat(" check", 20)
	got, err := events(inFormat(t, "jsonl", second))
	if want := "run" + checks + " report login run" + checks + " report"; err != nil || strings.Join(got, " ") != want {
		t.Errorf("got %v, %v, want %s", got, err, want)
	}
	first.Login = &bad
	if err := Valid("jsonl", first, inFormat(t, "jsonl", first)); err != nil {
		t.Error(err)
	}
}

// TestLinesStopAtAnError counts the writes.
func TestLinesStopAtAnError(t *testing.T) {
	t.Parallel()
	broken := errors.New("the reader is gone")
	w := &brokenWriter{broken}
	l := NewJSONLWriter(w, Meta{})
	l.Begin(began)
	l.End(document(healthyReport()))
	if !errors.Is(l.Err(), broken) {
		t.Errorf("got %v, want %v", l.Err(), broken)
	}
}
