package command

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"upstox-doctor/report/schedule"
)

func TestScheduleUsage(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*ScheduleOptions)
		want   string
	}{
		"two kinds":    {func(o *ScheduleOptions) { o.Kinds = []string{"cron", "at"} }, `takes one kind, got "at" too`},
		"no such kind": {func(o *ScheduleOptions) { o.Kinds = []string{"at"} }, `"at": none of cron`},
		"no time":      {func(o *ScheduleOptions) { o.At = "soon" }, `--at "soon" is no time of day`},
		"too late":     {func(o *ScheduleOptions) { o.At = "09:00" }, "time 09:00 IST: not between 03:30"},
		"no directory": {func(o *ScheduleOptions) { o.Dir = "no/such" }, `--dir "no/such" is no directory`},
		"a file":       {func(o *ScheduleOptions) { o.Dir = "schedule_test.go" }, "is no directory"},
		"mail":         {func(o *ScheduleOptions) { o.Kinds, o.Mail = []string{"launchd"}, "me" }, "only cron sends mail"},
		"a token": {func(o *ScheduleOptions) {
			o.OnFail = "curl -H 'Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'"
		}, "--on-fail holds what looks like a secret"},
		"no such style": {func(o *ScheduleOptions) { o.Color = "blue" }, "--color"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, s := testApp("")
			o := ScheduleOptions{OutputOptions: plain, Kinds: []string{"cron"}, At: "08:40"}
			tc.change(&o)
			err := a.Schedule(o)
			if statusOf(t, err) != ExitUsage || !strings.Contains(err.Error(), tc.want) || s.out.Len() > 0 {
				t.Errorf("got %v, want %q; prints %q", err, tc.want, s.out.String())
			}
			if strings.Contains(err.Error(), "eyJ") {
				t.Errorf("shows the secret: %v", err)
			}
		})
	}
}

func TestScheduleNamesThisProgramAndPlace(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, tc := range map[string]struct {
		o    ScheduleOptions
		want []string
	}{
		"here":      {ScheduleOptions{At: "8:40"}, []string{here, self}},
		"elsewhere": {ScheduleOptions{At: "05:00", Dir: dir, EnvFile: "my.env", TokenFile: filepath.Join(dir, "t")}, []string{dir, self, filepath.Join(here, "my.env"), filepath.Join(dir, "t")}},
	} {
		a, s := testApp("")
		tc.o.OutputOptions, tc.o.Kinds = asJSON(), []string{"launchd"}
		if err := a.Schedule(tc.o); err != nil {
			t.Fatal(err)
		}
		var page struct{ Files []struct{ Content string } }
		if err := json.Unmarshal(s.out.Bytes(), &page); err != nil {
			t.Fatal(err)
		}
		for _, want := range tc.want {
			if !strings.Contains(page.Files[0].Content, "<string>"+want+"</string>") {
				t.Errorf("%s: lacks %q:\n%s", name, want, page.Files[0].Content)
			}
		}
	}
}

func TestScheduleUsualKind(t *testing.T) {
	t.Parallel()
	a, s := testApp("")
	if err := a.Schedule(ScheduleOptions{OutputOptions: asJSON(), At: "08:40"}); err != nil {
		t.Fatal(err)
	}
	if want := `"kind": "` + string(schedule.Default(runtime.GOOS)) + `"`; !strings.Contains(s.out.String(), want) {
		t.Errorf("lacks %s:\n%s", want, s.out.String())
	}
	a.Out = brokenPipe{}
	if got := statusOf(t, a.Schedule(ScheduleOptions{OutputOptions: plain, At: "08:40"})); got != ExitFault {
		t.Errorf("into a broken pipe: status %d", got)
	}
}
