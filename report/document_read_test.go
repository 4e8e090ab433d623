package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// TestReadBackIsTheSame reads every kind of document and writes it again.
func TestReadBackIsTheSame(t *testing.T) {
	t.Parallel()
	docs := map[string]Document{}
	for _, tc := range reports {
		docs[tc.name] = document(tc.report())
	}
	for _, tc := range repairs {
		docs[tc.name] = tc.make()
	}
	for name, d := range docs {
		before := written(t, d)
		back, err := ReadDocument(bytes.NewReader(before))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(string(before), string(written(t, back))); diff != "" {
			t.Errorf("%s: - before, + after:\n%s", name, diff)
		}
	}
}

func TestReadDocumentRefuses(t *testing.T) {
	t.Parallel()
	good := string(written(t, document(twoCausesReport())))
	change := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("no %s", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	for _, tc := range []struct{ name, text, says string }{
		{"nothing", "", "not one JSON document"},
		{"a table", "All six stages pass.", "not one JSON document"},
		{"half a document", good[:len(good)/2], "not one JSON document"},
		{"two documents", good + good, "not one JSON document"},
		{"a list", "[]", "not one JSON document"},
		{"other JSON", `{"a": 1}`, "JSON, but no report"},
		{"a schema that is no text", `{"schema": 1}`, "JSON, but no report"},
		{"the page of the token", `{"schema": "upstox-doctor/token/v1"}`, `"upstox-doctor/token/v1", not upstox-doctor/report/v1`},
		{"a later version", change("report/v1", "report/v2"), `version "v2", and only upstox-doctor/report/v1`},
		{"checks that are no list", change(`"checks": [`, `"checks": 1, "x": [`), "damaged report"},
		{"checks without end", change(`"checks": [`, `"checks": [`+strings.Repeat("{},", 1<<18)), "more than 262144 values"},
		{"too many checks", change(`"checks": [`, `"checks": [`+strings.Repeat("{},", 1000)), "damaged report: it has 10"},
		{"no checks", `{"schema": "upstox-doctor/report/v1"}`, "without checks"},
		{"an unknown status", change(`"status": "skip"`, `"status": "odd"`), `status "odd"`},
		{"a check without id", change(`"id": "authorize"`, `"id": ""`), `check 17 is ""`},
		{"a check that comes twice", change(`"id": "authorize"`, `"id": "token.accepted"`), "damaged report"},
		{"a root cause of nowhere", strings.ReplaceAll(good, `"check": "token.expiry"`, `"check": "token.nowhere"`), "no check found"},
		{"evidence that is a list", change(`"evidence": {}`, `"evidence": []`), "not an object"},
		{"too long", good + strings.Repeat(" ", maxReportSize), "longer than 16 MiB"},
	} {
		if _, err := ReadDocument(strings.NewReader(tc.text)); err == nil || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	gone := errors.New("gone")
	if _, err := ReadDocument(iotest.ErrReader(gone)); !errors.Is(err, gone) {
		t.Errorf("a broken file: %v", err)
	}
}

func TestReadDocumentIgnoresWhatIsNew(t *testing.T) {
	t.Parallel()
	good := string(written(t, document(healthyReport())))
	newer := strings.Replace(good, `"tool": {`, `"later": [1], "tool": { "build": {"x": 1},`, 1)
	d, err := ReadDocument(strings.NewReader(newer))
	if err != nil || len(d.Checks) != 20 {
		t.Errorf("%d checks: %v", len(d.Checks), err)
	}
}

func FuzzReadDocument(f *testing.F) {
	for _, tc := range reports[:3] {
		var out bytes.Buffer
		document(tc.report()).JSON(&out)
		f.Add(out.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := ReadDocument(bytes.NewReader(data))
		if err != nil {
			return
		}
		c := Compare("a", d, "b", d)
		if !c.Same {
			t.Error("a report differs from itself")
		}
		var out bytes.Buffer
		c.Table(&out, Options{})
		c.JSON(&out)
	})
}

func TestWholeNumbersAreReadBackWhole(t *testing.T) {
	t.Parallel()
	var read evidence
	if err := json.Unmarshal([]byte(`{"waited_ms":1000000,"skew_seconds":1.5}`), &read); err != nil {
		t.Fatal(err)
	}
	if got := valueText(read[0].Value) + " " + valueText(read[1].Value); got != "1000000 1.5" {
		t.Errorf("read back as %s", got)
	}
}
