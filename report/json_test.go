package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/fixtures/valid"
)

func written(t *testing.T, d Document) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := d.JSON(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func decoded(t *testing.T, data []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	return v
}

func TestGoldenJSON(t *testing.T) {
	t.Parallel()
	for _, tc := range reports {
		compareGolden(t, "json/"+tc.name+".json", written(t, document(tc.report())))
	}
}

func TestReportsFitSchema(t *testing.T) {
	t.Parallel()
	s := valid.Schema("report")
	for _, tc := range reports {
		if err := s.Validate(decoded(t, written(t, document(tc.report())))); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	for seed := range uint64(40) {
		data := written(t, document(hostileReport(seed)))
		if err := s.Validate(decoded(t, data)); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if bytes.Contains(data, []byte(secret)) {
			t.Fatalf("seed %d: the secret is shown", seed)
		}
		if i := bytes.IndexFunc(data, func(r rune) bool { return r != '\n' && obeyed(r) }); i >= 0 {
			t.Fatalf("seed %d: not printable: %q", seed, data[max(0, i-20):i+20])
		}
	}
}

// TestSchemaIsStrict corrupts a good document in one place at a time.
func TestSchemaIsStrict(t *testing.T) {
	t.Parallel()
	s := valid.Schema("report")
	data := written(t, document(twoCausesReport()))
	type object = map[string]any
	root := func(d object) object { return d["root_cause"].(object) }
	check := func(d object, i int) object { return d["checks"].([]any)[i].(object) }
	const failed, passed = 7, 1 // indices of results: network.tcp and environment.credentials
	for _, tc := range []struct {
		name    string
		corrupt func(d object)
		fine    bool
	}{
		{"nothing", func(d object) {}, true},
		{"a new field", func(d object) { d["later"] = 1; root(d)["later"] = "x"; check(d, 0)["later"] = nil }, true},
		{"another version", func(d object) { d["schema"] = "upstox-doctor/report/v2" }, false},
		{"no tool", func(d object) { delete(d, "tool") }, false},
		{"a tool without version", func(d object) { delete(d["tool"].(object), "version") }, false},
		{"an unknown status", func(d object) { d["status"] = "ok" }, false},
		{"status skip for the whole", func(d object) { d["status"] = "skip" }, false},
		{"an exit code of wrong usage", func(d object) { d["exit_code"] = json.Number("2") }, false},
		{"a negative duration", func(d object) { d["duration_ms"] = json.Number("-1") }, false},
		{"a broken duration", func(d object) { d["duration_ms"] = json.Number("1.5") }, false},
		{"a time without offset", func(d object) { d["started_at"] = "2026-11-23T09:12:04" }, false},
		{"a thirteenth month", func(d object) { d["started_at"] = "2026-13-23T09:12:04Z" }, false},
		{"an unknown end", func(d object) { d["end"] = "late" }, false},
		{"an unknown market", func(d object) { d["market"].(object)["state"] = "shut" }, false},
		{"an opening time that is none", func(d object) { d["market"].(object)["next_open"] = "tomorrow" }, false},
		{"root cause missing", func(d object) { delete(d, "root_cause") }, false},
		{"root cause a list", func(d object) { d["root_cause"] = []any{} }, false},
		{"root causes null", func(d object) { d["root_causes"] = nil }, false},
		{"checks null", func(d object) { d["checks"] = nil }, false},
		{"an unknown owner", func(d object) { root(d)["owner"] = "somebody" }, false},
		{"an unknown confidence", func(d object) { root(d)["confidence"] = "sure" }, false},
		{"a code that is no code", func(d object) { root(d)["code"] = "Token Expired" }, false},
		{"a cause without title", func(d object) { root(d)["title"] = "" }, false},
		{"a cause without fix", func(d object) { root(d)["fix"] = nil }, false},
		{"a fix without steps", func(d object) { root(d)["fix"].(object)["steps"] = []any{} }, false},
		{"a step without sentence", func(d object) {
			root(d)["fix"].(object)["steps"] = []any{object{"do": "", "run": "x"}}
		}, false},
		{"a step without command field", func(d object) {
			root(d)["fix"].(object)["steps"] = []any{object{"do": "Wait."}}
		}, false},
		{"an unknown repair", func(d object) { root(d)["fix"].(object)["repair"] = "reboot" }, false},
		{"an unknown status of a check", func(d object) { check(d, 0)["status"] = "n/a" }, false},
		{"evidence a list", func(d object) { check(d, 0)["evidence"] = []any{} }, false},
		{"a failure without fix", func(d object) { check(d, failed)["fix"] = nil }, false},
		{"a failure without code", func(d object) { check(d, failed)["code"] = "" }, false},
		{"a pass with fix", func(d object) { check(d, passed)["fix"] = check(d, failed)["fix"] }, false},
		{"a pass with code", func(d object) { check(d, passed)["code"] = "market-closed" }, true},
		{"a check without id", func(d object) { check(d, 0)["id"] = "" }, false},
		{"blocked by null", func(d object) { check(d, 0)["blocked_by"] = nil }, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := decoded(t, data).(object)
			if s := check(d, failed)["status"]; s != string(doctor.Fail) {
				t.Fatalf("check %d is %v", failed, s)
			}
			tc.corrupt(d)
			if err := s.Validate(d); (err == nil) != tc.fine {
				t.Errorf("got error %v, want fine %v", err, tc.fine)
			}
		})
	}
}

func TestJSONForm(t *testing.T) {
	t.Parallel()
	r := expiredReport()
	e := at(r.Results, "token.expiry", "")
	e.Message = "a <b> & 'c' → d"
	e.Evidence.Add("source", "again & again")
	out := string(written(t, document(r)))
	for _, want := range []string{
		`"a <b> & 'c' → d"`, `"source_2": "again & again"`, "\n  \"schema\": \"upstox-doctor/report/v1\",\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
	if !strings.HasPrefix(out, "{\n") || !strings.HasSuffix(out, "\n}\n") {
		t.Error("want one indented object and a newline")
	}
	if strings.Index(out, `"source"`) > strings.Index(out, `"kind"`) {
		t.Error("evidence has lost its order")
	}
}
