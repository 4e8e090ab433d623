package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"upstox-doctor/checks/catalog"
)

var known = List{
	Checks: []CheckInfo{
		{"environment.files", "environment", "the files are readable", nil},
		{"network.dns", "network", "the names resolve", []string{api, feed}},
	},
	Diagnoses: fakes,
	Scenarios: []ScenarioInfo{
		{Name: "healthy", Stage: "healthy", About: "everything works while the market is open", Servable: true, Hits: []string{}},
		{Name: "tls-expired", Stage: "network", About: "the certificates ended three days ago", Code: "tls-expired", Exit: 1, Servable: true, TLSOnly: true, Hits: []string{"tls"}},
		{Name: "offline", Stage: "network", About: "there is no network", Code: "offline", Exit: 1, Refused: "a fault of the network, before any server", Hits: []string{}},
		{Name: "watch-dropped", Stage: "ticks", About: "the connection ends after six seconds", Servable: true, Later: true, Hits: []string{"frames"}},
	},
}

func TestGoldenList(t *testing.T) {
	t.Parallel()
	for _, columns := range []int{60, 80, 120} {
		var out bytes.Buffer
		if err := known.Table(&out, Options{Width: columns}); err != nil {
			t.Fatal(err)
		}
		compareGolden(t, fmt.Sprintf("list/all-%d.txt", columns), out.Bytes())
		for line := range strings.Lines(out.String()) {
			if width(strings.TrimSuffix(line, "\n")) > columns {
				t.Errorf("%d columns: %q is too long", columns, line)
			}
		}
	}
	var out bytes.Buffer
	if err := known.JSON(&out); err != nil {
		t.Fatal(err)
	}
	compareGolden(t, "list/all.json", out.Bytes())
}

func TestListShowsOnlyWhatItHas(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		list List
		has  string
		not  []string
	}{
		"checks":    {List{Checks: known.Checks}, "network.dns", []string{"token-expired", "healthy", "diagnoses", "scenarios"}},
		"diagnoses": {List{Diagnoses: fakes}, "tcp-timeout", []string{"network.dns", "checks", "scenarios"}},
		"scenarios": {List{Scenarios: known.Scenarios}, "healthy", []string{"network.dns", "tcp-timeout", "checks", "diagnoses"}},
	} {
		var text, data bytes.Buffer
		if err := tc.list.Table(&text, Options{}); err != nil {
			t.Fatal(err)
		}
		if err := tc.list.JSON(&data); err != nil || !json.Valid(data.Bytes()) {
			t.Fatal(err)
		}
		for _, out := range []string{text.String(), data.String()} {
			if !strings.Contains(out, tc.has) {
				t.Errorf("%s: no %q in\n%s", name, tc.has, out)
			}
			for _, not := range tc.not {
				if strings.Contains(out, not) {
					t.Errorf("%s: %q in\n%s", name, not, out)
				}
			}
		}
	}
}

// TestWholeCatalogFits lists the true catalog at every width.
func TestWholeCatalogFits(t *testing.T) {
	t.Parallel()
	for _, columns := range []int{40, 60, 71, 72, 80, 99, 100, 200} {
		var out bytes.Buffer
		if err := (List{Diagnoses: catalog.All()}).Table(&out, Options{Width: columns}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if width(strings.TrimSuffix(line, "\n")) > columns {
				t.Errorf("%d columns: %q is too long", columns, line)
			}
		}
		for _, e := range catalog.All() {
			if columns >= 60 && !strings.Contains(out.String(), e.Code) {
				t.Errorf("%d columns: no whole %s", columns, e.Code)
			}
		}
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	got := markdownTable([]*catalog.Entry{
		{Code: "a", Title: "One | two", Owner: catalog.You, Guide: "401"},
		{Code: "b", Title: "Three\nfour", Owner: catalog.Proxy},
	})
	want := "| code | title | owner | guide row |\n|---|---|---|---|\n" +
		"| `a` | One \\| two | you | 401 |\n| `b` | Three four | proxy |  |\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if rows := strings.Count(markdownTable(catalog.All()), "\n"); rows != len(catalog.All())+2 {
		t.Errorf("not one row for each of %d entries", len(catalog.All()))
	}
}
