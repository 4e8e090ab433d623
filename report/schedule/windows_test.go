package schedule

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

type taskFile struct {
	XMLName xml.Name `xml:"http://schemas.microsoft.com/windows/2004/02/mit/task Task"`
	Version string   `xml:"version,attr"`
	Start   string   `xml:"Triggers>CalendarTrigger>StartBoundary"`
	Days    struct {
		Day []struct{ XMLName xml.Name } `xml:",any"`
	} `xml:"Triggers>CalendarTrigger>ScheduleByWeek>DaysOfWeek"`
	Missed  string `xml:"Settings>StartWhenAvailable"`
	Command string `xml:"Actions>Exec>Command"`
	Words   string `xml:"Actions>Exec>Arguments"`
	Dir     string `xml:"Actions>Exec>WorkingDirectory"`
}

func readTask(t *testing.T, o Options) (f taskFile) {
	t.Helper()
	text := made(t, o).Files[0].Content
	if err := xml.Unmarshal([]byte(text), &f); err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	for _, r := range text {
		if r >= 0x80 {
			t.Errorf("character %q is not ASCII", r)
		}
	}
	return f
}

// elements are the parts of a task that Microsoft's schema of version 1.2
// knows, as far as they are used here. Where it has an order, children stand
// in it: those of a trigger alone.
var elements = map[string][]string{
	"":                 {"Task"},
	"Task":             {"RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"},
	"RegistrationInfo": {"Description"},
	"Triggers":         {"CalendarTrigger"},
	"CalendarTrigger":  {"StartBoundary", "ScheduleByWeek"},
	"ScheduleByWeek":   {"WeeksInterval", "DaysOfWeek"},
	"DaysOfWeek":       {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	"Principals":       {"Principal"},
	"Principal":        {"LogonType", "RunLevel"},
	"Settings": {"MultipleInstancesPolicy", "DisallowStartIfOnBatteries", "StopIfGoingOnBatteries",
		"StartWhenAvailable", "Enabled", "ExecutionTimeLimit"},
	"Actions": {"Exec"},
	"Exec":    {"Command", "Arguments", "WorkingDirectory"},
}

func TestTaskSchema(t *testing.T) {
	t.Parallel()
	o := options(Windows)
	o.OnFail = "echo <>&"
	d := xml.NewDecoder(strings.NewReader(made(t, o).Text()))
	path, last := []string{""}, map[string]int{}
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			parent := path[len(path)-1]
			at := slices.Index(elements[parent], token.Name.Local)
			if at < 0 || at < last[parent] {
				t.Errorf("%s may not stand here in %q", token.Name.Local, parent)
			}
			path, last[parent] = append(path, token.Name.Local), at
		case xml.EndElement:
			path = path[:len(path)-1]
		}
	}
	if f := readTask(t, o); f.Version != "1.2" || f.Missed != "false" {
		t.Errorf("version %q, made up for missed runs: %q", f.Version, f.Missed)
	}
}

func TestTaskMornings(t *testing.T) {
	t.Parallel()
	for _, name := range zones {
		o := options(Windows)
		o.Zone = zone(t, name)
		f := readTask(t, o)
		start, err := time.ParseInLocation("2006-01-02T15:04:05", f.Start, o.Zone)
		if err != nil || start.Before(o.Now.AddDate(0, 0, -2)) || start.After(o.Now.AddDate(0, 0, 7)) {
			t.Errorf("starts at %s: %v", f.Start, err)
		}
		var days []string
		for _, d := range f.Days.Day {
			days = append(days, d.XMLName.Local[:3])
		}
		mornings(t, fmt.Sprintf("%d %d * * %s", start.Minute(), start.Hour(), strings.Join(days, ",")), o.Zone, o.Now)
	}
}

// TestCommentsHoldAnyZone has a zone whose name may not stand in a comment of XML.
func TestCommentsHoldAnyZone(t *testing.T) {
	t.Parallel()
	o := options(Windows)
	o.Zone = time.FixedZone("a--b", 0)
	if f := readTask(t, o); f.Command == "" {
		t.Error("no command")
	}
	o.Kind = Launchd
	if j := read(t, made(t, o)); len(j.StartCalendarInterval) != 5 {
		t.Errorf("%d days", len(j.StartCalendarInterval))
	}
}

func TestTaskCommand(t *testing.T) {
	t.Parallel()
	const command = `msg * "Upstox: 100% broken" & echo it's %USERNAME% $x <now>`
	for _, tc := range []struct {
		name           string
		program, token string
		onFail         string
		command, words string
	}{
		{"plain", `C:\bin\upstox-doctor.exe`, "", "", `C:\bin\upstox-doctor.exe`, `-o table=upstox-doctor-report.txt`},
		{"spaces", `C:\My & bin\doctor.exe`, `C:\my bot\t`, "", `C:\My & bin\doctor.exe`, `-o table=upstox-doctor-report.txt --token-file "C:\my bot\t"`},
		{"a path that ends in a backslash", `C:\d.exe`, `C:\my bot\`, "", `C:\d.exe`, `-o table=upstox-doctor-report.txt --token-file "C:\my bot\\"`},
		{"a command", `C:\My & bin\₹.exe`, "", command, "cmd.exe", `/d /s /c ""C:\My & bin\₹.exe" -o table=upstox-doctor-report.txt || ` + command + `"`},
	} {
		o := options(Windows)
		o.Program, o.TokenFile, o.OnFail, o.Dir = tc.program, tc.token, tc.onFail, `C:\Users\me\<bot> & more`
		f := readTask(t, o)
		if f.Command != tc.command || f.Words != tc.words || f.Dir != o.Dir {
			t.Errorf("%s: %s %s in %s\nwant %s %s", tc.name, f.Command, f.Words, f.Dir, tc.command, tc.words)
		}
	}
}
