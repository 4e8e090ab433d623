package report

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"upstox-doctor/checks/doctor"
)

func TestEvidenceReadsBackInOrder(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text string }{
		{"nothing", `{}`},
		{"order is kept", `{"zebra":1,"apple":"a","mango":true}`},
		{"all kinds", `{"list":["a","b"],"deep":{"x":null},"number":1.5}`},
		{"the same name twice", `{"upstox_code":"UDAPI1","upstox_code":"UDAPI2"}`},
		{"signs that HTML minds", `{"url":"<a&b>"}`},
	} {
		var e evidence
		if err := json.Unmarshal([]byte(tc.text), &e); err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		back, err := e.MarshalJSON()
		if err != nil || string(back) != tc.text {
			t.Errorf("%s: %s comes back as %s, %v", tc.name, tc.text, back, err)
		}
	}
}

func TestEvidenceThatIsNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`[]`, `"text"`, `1`, `{"a":}`, `{"a":1`} {
		var e evidence
		if err := json.Unmarshal([]byte(text), &e); err == nil {
			t.Errorf("%s is read as %v", text, e)
		}
	}
}

func TestDocumentThatIsNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"checks":[{"evidence":[]}]}`, `{"checks":[{"evidence":"x"}]}`, `{"market":{"next_open":"soon"}}`, `{"exit_code":"one"}`,
	} {
		var d Document
		if err := json.Unmarshal([]byte(text), &d); err == nil {
			t.Errorf("%s is read", text)
		}
	}
}

func TestChecksOf(t *testing.T) {
	t.Parallel()
	got := ChecksOf([]doctor.Check{
		{ID: "environment.files", Title: "The files can be read"},
		{ID: "network.dns", Target: api, Title: "The name resolves"},
		{ID: "network.dns", Target: "wsfeeder-api.upstox.com", Title: "The name resolves"},
		{ID: "authorize", Target: api, Title: "Upstox hands out a URL"},
	})
	want := []CheckInfo{
		{ID: "environment.files", Stage: "environment", Title: "The files can be read"},
		{ID: "network.dns", Stage: "network", Title: "The name resolves", Targets: []string{api, "wsfeeder-api.upstox.com"}},
		{ID: "authorize", Stage: "authorize", Title: "Upstox hands out a URL", Targets: []string{api}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := ChecksOf(nil); got != nil {
		t.Errorf("of nothing: %v", got)
	}
}
