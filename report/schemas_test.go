package report

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/valid"
	"upstox-doctor/report/schedule"
	"upstox-doctor/report/schema"
)

// pages are documents of every kind that has a schema, by its name: the golden
// files, and what has none.
func pages(t *testing.T) map[string][][]byte {
	t.Helper()
	all := map[string][][]byte{}
	add := func(name string, page interface{ JSON(io.Writer) error }) {
		var out bytes.Buffer
		if err := page.JSON(&out); err != nil {
			t.Fatal(err)
		}
		all[name] = append(all[name], out.Bytes())
	}
	for dir, name := range map[string]string{"json": "report", "token": "token", "compare": "compare", "explain": "explain", "list": "list", "watch": "watch"} {
		paths, _ := filepath.Glob(filepath.Join("..", "testdata", "report", dir, "*.json"))
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			all[name] = append(all[name], text)
		}
	}
	add("login", NewLoginReport(LoginResult{Kind: "oauth", Expires: nextEnd, Saved: []string{"t"}, Finding: catalog.TokenShadowed, Seen: "env"}, Meta{}))
	add("login", NewLoginReport(LoginResult{Finding: catalog.LoginTimeout, Seen: "nobody", Failed: true}, Meta{ExitCode: 1}))
	for _, kind := range schedule.Kinds {
		entry, err := schedule.New(schedule.Options{Kind: kind, At: 8 * time.Hour, Zone: time.UTC, Now: nextEnd, Program: "/usr/bin/upstox-doctor", Dir: "/srv"})
		if err != nil {
			t.Fatal(err)
		}
		add("schedule", NewSchedule(entry))
	}
	add("simulate", NewSimulateReady(SimulateReady{Scenario: "healthy", URL: "https://127.0.0.1:8443", FeedURL: "wss://127.0.0.1:8444", CA: "/tmp/ca.pem", Control: "http://127.0.0.1:8445", Env: map[string]string{"A": "b"}}))
	answer, err := json.Marshal(sim.ControlAnswer{
		Schema: "upstox-doctor/control/v1", Scenario: "healthy", Difference: []sim.Difference{{What: "streams", Want: "1", Got: "2"}},
		Entries: []sim.Entry{{N: 1, At: nextEnd, Kind: sim.EntryOpen}},
	})
	if err != nil {
		t.Fatal(err)
	}
	all["control"] = append(all["control"], answer)
	for line := range bytes.Lines(inFormat(t, "jsonl", document(expiredReport()))) {
		all["jsonl"] = append(all["jsonl"], line)
	}
	return all
}

// looseFields are the fields that a schema leaves open: what depends on the
// check, and fields that came after the first version or are not always
// present.
var looseFields = regexp.MustCompile(`/(evidence|summary|targets|message|differences/\d+/[ab]|differs/\d+/[ab])(/|$)` +
	`|/(before|login|wait|caused_by|started_ms|end|feed_url)$|^/(checks|diagnoses|scenarios|entries|difference)$|/targets/|^/env/`)

var anyOf = regexp.MustCompile(`/\d+`)

// TestSchemasKnowEachField breaks each document in each place: a field that is
// gone, or of another type, must not go unnoticed.
func TestSchemasKnowEachField(t *testing.T) {
	t.Parallel()
	all := pages(t)
	if got, want := slices.Sorted(maps.Keys(all)), schema.Names(); !slices.Equal(got, want) {
		t.Errorf("documents of %v, and schemas of %v", got, want)
	}
	for name, docs := range all {
		told := map[string]bool{} // places, whichever of a list
		for _, doc := range docs {
			v, err := valid.JSON(name, doc)
			if err != nil {
				t.Errorf("%s: %v in\n%s", name, err, doc)
				continue
			}
			breaks(v, "", func(where, how string) {
				place := anyOf.ReplaceAllString(where, "/#") + " " + how
				if told[place] || looseFields.MatchString(where) {
					return
				}
				told[place] = true
				if valid.Schema(name).Validate(v) == nil {
					t.Errorf("%s: %s at %s is valid", name, how, where)
				}
			})
		}
		if len(told) < 8 {
			t.Errorf("%s: only %d breaks", name, len(told))
		}
	}
}

// breaks makes each change that violates the schema in place, calls try, and
// undoes it.
func breaks(v any, where string, try func(where, how string)) {
	if list, ok := v.([]any); ok {
		for i, item := range list {
			at := where + "/" + strconv.Itoa(i)
			list[i] = wrong(item)
			try(at, "another type")
			list[i] = item
			breaks(item, at, try)
		}
	}
	if object, ok := v.(map[string]any); ok {
		for _, key := range slices.Sorted(maps.Keys(object)) {
			item, at := object[key], where+"/"+key
			delete(object, key)
			try(at, "nothing")
			object[key] = wrong(item)
			try(at, "another type")
			object[key] = item
			breaks(item, at, try)
		}
	}
}

// wrong is a value of a type that the field cannot have.
func wrong(v any) any {
	if _, object := v.(map[string]any); object {
		return "text"
	}
	return map[string]any{"x": json.Number("1")}
}

// TestEachSchemaStandsAlone finds every part that a schema refers to within it.
func TestEachSchemaStandsAlone(t *testing.T) {
	t.Parallel()
	for _, name := range schema.Names() {
		text, known := schema.Of(name)
		if !known || !json.Valid(text) || bytes.Contains(text, []byte(`"report": {}`)) || !strings.Contains(string(text), `"$id": "urn:upstox-doctor:`) {
			t.Errorf("%s: %t\n%s", name, known, text)
		}
	}
	if _, known := schema.Of("../schema"); known {
		t.Error("a schema of another place is known")
	}
}
