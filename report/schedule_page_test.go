package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"upstox-doctor/report/schedule"
)

func TestSchedulePage(t *testing.T) {
	t.Parallel()
	for _, kind := range schedule.Kinds {
		entry, err := schedule.New(schedule.Options{
			Kind: kind, At: 8 * time.Hour, Zone: time.UTC, Now: nextEnd,
			Program: "/usr/bin/upstox-doctor", Dir: "/srv/<bot>", OnFail: "echo <&>",
		})
		if err != nil {
			t.Fatal(err)
		}
		page := NewSchedule(entry)
		var table, doc bytes.Buffer
		// Neither quiet nor a narrow terminal may change what a program reads.
		if err := page.Table(&table, Options{Quiet: true, Color: true, Width: 20}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(entry.Text(), table.String()); diff != "" {
			t.Errorf("%s: the table is not the text (-want +got):\n%s", kind, diff)
		}
		if err := page.JSON(&doc); err != nil {
			t.Fatal(err)
		}
		var got struct {
			Schema, Kind string
			Files        []struct{ Name, Directory, Content string }
			Activate     []string
		}
		if err := json.Unmarshal(doc.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if got.Schema != "upstox-doctor/schedule/v1" || got.Kind != string(kind) || len(got.Files) != len(entry.Files) {
			t.Errorf("%s: %s", kind, doc.String())
		}
		for i, f := range got.Files {
			if schedule.File(f) != entry.Files[i] {
				t.Errorf("%s: file %q is not the entry's", kind, f.Name)
			}
		}
		if diff := cmp.Diff(entry.Activate, got.Activate); diff != "" {
			t.Errorf("%s: commands (-want +got):\n%s", kind, diff)
		}
		if err := page.Table(closedWriter{}, Options{}); err == nil {
			t.Errorf("%s: a reader that went away is no error", kind)
		}
	}
}

type closedWriter struct{}

func (closedWriter) Write([]byte) (int, error) { return 0, errors.New("shut") }
