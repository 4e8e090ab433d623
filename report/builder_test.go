package report

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/market"
)

func TestExitCode(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name       string
		end        doctor.End
		statuses   []doctor.Status
		failOnWarn bool
		want       int
	}{
		{"all pass", doctor.Complete, []doctor.Status{doctor.Pass, doctor.Skip}, false, 0},
		{"nothing ran", doctor.Complete, nil, true, 0},
		{"a warning", doctor.Complete, []doctor.Status{doctor.Pass, doctor.Warn}, false, 0},
		{"a warning that counts", doctor.Complete, []doctor.Status{doctor.Pass, doctor.Warn}, true, 3},
		{"a failure", doctor.Complete, []doctor.Status{doctor.Warn, doctor.Fail}, false, 1},
		{"a failure beside a warning that counts", doctor.Complete, []doctor.Status{doctor.Warn, doctor.Fail}, true, 1},
		{"out of time", doctor.OutOfTime, []doctor.Status{doctor.Fail, doctor.Skip}, false, 4},
		{"a fault", doctor.Faulty, []doctor.Status{doctor.Fail}, false, 4},
		{"interrupted", doctor.Interrupted, []doctor.Status{doctor.Fail}, true, 130},
		{"a report that names no end", "", []doctor.Status{doctor.Fail}, false, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := doctor.Report{End: tc.end}
			for _, s := range tc.statuses {
				r.Results = append(r.Results, doctor.Result{Status: s})
			}
			if got := ExitCode(r, tc.failOnWarn); got != tc.want {
				t.Errorf("got %d, want %d", got, tc.want)
			}
		})
	}
}

func TestDocumentStatus(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		report func() doctor.Report
		status string
		causes []string
	}{
		{healthyReport, "pass", nil},
		{expiredReport, "fail", []string{"token-expired"}},
		{twoCausesReport, "fail", []string{"tcp-timeout", "token-expired"}},
		{warningsReport, "warn", []string{"token-file-permissions", "token-expiring-soon"}},
		{interruptedReport, "error", nil},
		{outOfTimeReport, "error", []string{"tcp-timeout", "token-expired"}},
	} {
		d := document(tc.report())
		var codes []string
		for _, c := range d.RootCauses {
			codes = append(codes, c.Code)
		}
		if d.Status != tc.status || !slices.Equal(codes, tc.causes) {
			t.Errorf("got %s with causes %q, want %s with %q", d.Status, codes, tc.status, tc.causes)
		}
		if (d.RootCause == nil) != (len(codes) == 0) || d.RootCause != nil && d.RootCause.Code != codes[0] {
			t.Errorf("root_cause is %+v, want the first of %q", d.RootCause, codes)
		}
	}
}

func TestFixOnlyOnFindings(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		for _, c := range document(hostileReport(seed)).Checks {
			finding := c.Status == doctor.Warn || c.Status == doctor.Fail
			switch {
			case finding != (c.Fix != nil):
				t.Errorf("a result that is %s has fix %v", c.Status, c.Fix)
			case finding && (len(c.Fix.Steps) == 0 || c.Fix.Steps[0].Do == ""):
				t.Errorf("%s has no step", c.Code)
			case finding && (c.Code == "" || c.Message == ""):
				t.Errorf("%s has code %q and message %q", c.ID, c.Code, c.Message)
			}
		}
	}
}

func TestCodeWithoutEntry(t *testing.T) {
	t.Parallel()
	r := report([]doctor.Result{result("authorize", "", doctor.Fail, 1, "odd")})
	r.Results[0].Code = "made-up"
	for _, tc := range []struct {
		name   string
		lookup func(string) *catalog.Entry
		title  string
	}{
		{"the entry of a fault stands in", lookup, "The doctor itself failed"},
		{"an empty catalog", func(string) *catalog.Entry { return nil }, "The doctor found something that it has no words for"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := builder{lookup: tc.lookup}.document(r, Meta{})
			if c := d.RootCause; c.Code != "made-up" || c.Title != tc.title || len(c.Fix.Steps) == 0 || c.Owner != "you" {
				t.Errorf("got %+v, want code made-up, title %q and steps", c, tc.title)
			}
		})
	}
}

func TestExplanations(t *testing.T) {
	t.Parallel()
	two := func(because0, because1 string) doctor.Report {
		r := report([]doctor.Result{
			result("network.clock", "", doctor.Fail, 1, "a"), result("network.tls", "", doctor.Fail, 1, "b"),
		})
		r.Results[0].Code, r.Results[0].CausedBy = "clock-skew", because0
		r.Results[1].Code, r.Results[1].CausedBy = "tcp-timeout", because1
		return r
	}
	for _, tc := range []struct {
		name    string
		report  doctor.Report
		because string // of the second
		causes  int
	}{
		{"by a finding", two("", "network.clock"), "network.clock", 1},
		{"by a check that is not in the report", two("", "token.expiry"), "", 2},
		{"of each other", two("network.tls", "network.clock"), "", 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			before := tc.report.Results[1].CausedBy
			d := document(tc.report)
			if got := d.Checks[1].CausedBy; got != tc.because || len(d.RootCauses) != tc.causes {
				t.Errorf("got because %q and %d causes, want %q and %d", got, len(d.RootCauses), tc.because, tc.causes)
			}
			if tc.report.Results[1].CausedBy != before {
				t.Error("the caller's report has changed")
			}
		})
	}
}

// TestNewUsesTheCatalog holds for whatever the catalog says.
func TestNewUsesTheCatalog(t *testing.T) {
	t.Parallel()
	e := catalog.Lookup("token-expired")
	if e == nil {
		t.Fatal("the catalog has no token-expired")
	}
	d := New(expiredReport(), Meta{OS: "linux", ExitCode: 1})
	if c := d.RootCause; c.Title != e.Title || c.Cause != e.Cause || c.Owner != string(e.Owner) || c.Fix.Guide != e.Guide || c.Fix.Repair != e.Repair {
		t.Errorf("got %+v, want the words of %+v", c, e)
	}
	if got := len(d.RootCause.Fix.Steps); got != len(e.Steps) {
		t.Errorf("got %d steps, want %d", got, len(e.Steps))
	}
}

func TestMarketJSON(t *testing.T) {
	t.Parallel()
	open := time.Date(2026, 11, 24, 9, 15, 0, 0, market.IST)
	for _, tc := range []struct {
		market Market
		want   string
	}{
		{Market{}, `{"state":"unknown","next_open":null}`},
		{Market{State: "open"}, `{"state":"open","next_open":null}`},
		{Market{"closed", open}, `{"state":"closed","next_open":"2026-11-24T09:15:00.000+05:30"}`},
		{Market{"closed", open.UTC()}, `{"state":"closed","next_open":"2026-11-24T03:45:00.000+00:00"}`},
	} {
		if got, err := json.Marshal(tc.market); err != nil || string(got) != tc.want {
			t.Errorf("got %s, %v, want %s", got, err, tc.want)
		}
	}
}

// TestFieldOrder holds the order of the contract; added fields may stand anywhere.
func TestFieldOrder(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		of   any
		want []string
	}{
		{Document{}, []string{"schema", "tool", "started_at", "duration_ms", "status", "exit_code", "summary", "market", "root_cause", "root_causes", "checks"}},
		{Cause{}, []string{"check", "stage", "code", "target", "title", "cause", "owner", "confidence", "fix"}},
		{Check{}, []string{"id", "stage", "title", "status", "code", "target", "message", "evidence", "blocked_by", "duration_ms", "fix"}},
		{Fix{}, []string{"guide", "steps", "repair"}},
	} {
		var got []string
		for f := range reflect.TypeOf(tc.of).Fields() {
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); slices.Contains(tc.want, name) {
				got = append(got, name)
			}
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%T has fields in the order %q, want %q", tc.of, got, tc.want)
		}
	}
}

// A document that was written can be read back as it was.
func TestDocumentReadsBack(t *testing.T) {
	t.Parallel()
	want := document(twoCausesReport())
	var out bytes.Buffer
	if err := want.JSON(&out); err != nil {
		t.Fatal(err)
	}
	first := out.String()
	var got Document
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if err := got.JSON(&out); err != nil {
		t.Fatal(err)
	}
	if out.String() != first {
		t.Errorf("written again it is\n%s\nwant\n%s", out.String(), first)
	}
}
