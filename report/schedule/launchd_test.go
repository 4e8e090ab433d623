package schedule

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"howett.net/plist"
)

type job struct {
	Label                 string
	ProgramArguments      []string
	WorkingDirectory      string
	StartCalendarInterval []struct{ Weekday, Hour, Minute int }
}

func read(t *testing.T, e Entry) (j job) {
	t.Helper()
	if _, err := plist.Unmarshal([]byte(e.Files[0].Content), &j); err != nil {
		t.Fatalf("%v:\n%s", err, e.Text())
	}
	if e.Files[0].Name != j.Label+".plist" {
		t.Errorf("the file of %s is called %s", j.Label, e.Files[0].Name)
	}
	return j
}

func TestLaunchdRunsTheCommand(t *testing.T) {
	t.Parallel()
	o := stage(t, Launchd)
	args := []string{"-o", "table=" + reportFile}
	j := read(t, made(t, o))
	if j.WorkingDirectory != o.Dir {
		t.Errorf("works in %q, want %q", j.WorkingDirectory, o.Dir)
	}
	if status := run(t, o.Dir, j.ProgramArguments...); status != 3 {
		t.Errorf("status %d, want the doctor's own", status)
	}
	want(t, o, args, onFailTells)
	recovered(t, o)
	if status := run(t, o.Dir, j.ProgramArguments...); status != 0 {
		t.Errorf("status %d of a good run", status)
	}
	want(t, o, args, "")
	o.OnFail = ""
	os.Remove(o.Dir + "/healthy")
	if status := run(t, o.Dir, read(t, made(t, o)).ProgramArguments...); status != 3 {
		t.Errorf("status %d without a command", status)
	}
	want(t, o, args, "")
}

func TestLaunchdMornings(t *testing.T) {
	t.Parallel()
	for _, name := range zones {
		o := options(Launchd)
		o.Zone = zone(t, name)
		var days []string
		var at string
		for _, s := range read(t, made(t, o)).StartCalendarInterval {
			days = append(days, fmt.Sprint(s.Weekday))
			at = fmt.Sprintf("%d %d", s.Minute, s.Hour)
		}
		mornings(t, at+" * * "+strings.Join(days, ","), o.Zone, o.Now)
	}
}
