package command

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/tape"
	"upstox-doctor/checks/watch"
	"upstox-doctor/fixtures/simtest"
)

func replaying(path string, outputs ...string) ReplayOptions {
	return ReplayOptions{OutputOptions: OutputOptions{Color: "never", Outputs: outputs}, Files: []string{path}}
}

// taped runs the checks in a scenario with a tape, and returns its path, what
// was printed and the exit status.
func taped(t *testing.T, scenario string, change func(*RunOptions)) (path, printed string, status int) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "run.tape")
	a, s := testApp("")
	o := defaultRun(scenario)
	o.Record = path
	if change != nil {
		change(&o)
	}
	status = statusOf(t, a.Run(t.Context(), o))
	return path, s.out.String(), status
}

// TestReplayShowsTheSameReport compares the pages of run and replay, in which
// only addresses may differ.
func TestReplayShowsTheSameReport(t *testing.T) {
	t.Parallel()
	for scenario, change := range map[string]func(*RunOptions){
		"healthy": nil, "token-expired": nil, "handshake-forbidden": nil, "market-closed": nil, "captive-portal": nil,
		"clock-ahead": func(o *RunOptions) { o.FailOn = "warn" },
		"dns-slow":    func(o *RunOptions) { o.Outputs = []string{"json"} },
		"tls-timeout": func(o *RunOptions) { o.Deadline = 300 * time.Millisecond },
	} {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			simtest.Bubble(t, func(t *testing.T) {
				path, printed, status := taped(t, scenario, change)
				printed = strings.ReplaceAll(printed, " --simulate "+scenario, "") // whoever replays has another world
				o := replaying(path)
				if change != nil {
					var was RunOptions
					change(&was)
					o.Outputs = was.Outputs
				}
				a, s := testApp("")
				if got := statusOf(t, a.Replay(t.Context(), o)); got != status {
					t.Errorf("status %d, was %d", got, status)
				}
				if scenario == "dns-slow" {
					compareJSON(t, printed, s.out.String())
				} else if got := s.out.String(); got != printed && !strings.Contains(got, "-ip-") {
					t.Errorf("replay prints\n%s\nthe run printed\n%s", got, printed)
				}
				if s.errs.Len() > 0 {
					t.Errorf("says %s", s.errs.String())
				}
			})
		})
	}
}

func compareJSON(t *testing.T, was, is string) {
	t.Helper()
	var a, b map[string]any
	if err := json.Unmarshal([]byte(was), &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(is), &b); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"schema", "status", "exit_code", "end", "duration_ms"} {
		if a[name] != b[name] {
			t.Errorf("%s is %v, was %v", name, b[name], a[name])
		}
	}
}

func TestSeveralRecordingsOnOneTape(t *testing.T) {
	t.Parallel()
	simtest.Bubble(t, func(t *testing.T) {
		path, _, _ := taped(t, "token-expired", nil)
		taped(t, "healthy", func(o *RunOptions) { o.Record = path })
		for part, status := range map[int]int{0: 0, 1: 1, 2: 0, 3: ExitUsage} {
			a, _ := testApp("")
			o := replaying(path)
			o.Part = part
			if got := statusOf(t, a.Replay(t.Context(), o)); got != status {
				t.Errorf("part %d: status %d, want %d", part, got, status)
			}
		}
	})
}

// TestReplayOfAWatch replays a watch in each way, and gives the summary that the
// watch gave.
func TestReplayOfAWatch(t *testing.T) {
	t.Parallel()
	for scenario, status := range map[string]int{"healthy": 0, "token-expired": 1} {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			simtest.Bubble(t, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "watch.tape")
				a, s := testApp("")
				o := watching(scenario, "json")
				o.Record = path
				if got := statusOf(t, a.Watch(t.Context(), o)); got != status {
					t.Fatalf("status %d", got)
				}
				was := strings.ReplaceAll(s.out.String(), " --simulate "+scenario, "")
				for _, speed := range []float64{0, 100} {
					a, s := testApp("")
					o := replaying(path, "json")
					o.Speed = speed
					if got := statusOf(t, a.Replay(t.Context(), o)); got != status {
						t.Errorf("status %d", got)
					}
					if a, b := summaryOf(t, was), summaryOf(t, s.out.String()); a != b {
						t.Errorf("at speed %v the summary is\n%s\nwas\n%s", speed, b, a)
					}
				}
				a, s = testApp("")
				if got := statusOf(t, a.Replay(t.Context(), replaying(path, "jsonl"))); got != status || !strings.Contains(s.out.String(), `"summary"`) {
					t.Errorf("as lines: status %d, %s", got, s.out.String())
				}
				a, s = testApp("")
				if got := statusOf(t, a.Replay(t.Context(), replaying(path, "junit"))); got != ExitUsage || s.out.Len() > 0 {
					t.Errorf("as the report of a run: status %d, %s", got, s.out.String())
				}
			})
		})
	}
}

// summaryOf leaves out times, which are printed for another zone.
func summaryOf(t *testing.T, text string) string {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	for _, name := range []string{"tool", "at", "began", "ended"} {
		delete(m, name)
	}
	for _, list := range []string{"episodes", "gaps"} {
		all, _ := m[list].([]any)
		for _, one := range all {
			for name := range one.(map[string]any) {
				if name == "began" || name == "ended" || name == "from" || name == "to" || name == "at" {
					delete(one.(map[string]any), name)
				}
			}
		}
	}
	out, _ := json.Marshal(m)
	return string(out)
}

// TestReplayInItsOwnTime waits as long as the recording took, and shows how
// things stand meanwhile.
func TestReplayInItsOwnTime(t *testing.T) {
	t.Parallel()
	simtest.Bubble(t, func(t *testing.T) {
		c := playback{speed: 2, from: time.Unix(0, 0), began: time.Now()}
		beats := 0
		c.wait(t.Context(), time.Unix(0, 0).Add(1200*time.Millisecond), func(time.Time) { beats++ })
		if took := time.Since(c.began); took < 600*time.Millisecond || beats == 0 || beats > 3 {
			t.Errorf("took %s with %d beats", took, beats)
		}
	})
}

func TestExplainATape(t *testing.T) {
	t.Parallel()
	simtest.Bubble(t, func(t *testing.T) {
		path, _, _ := taped(t, "handshake-unauthorized", nil)
		a, s := testApp("")
		if err := a.Explain(t.Context(), plain, path); err != nil || !strings.Contains(s.out.String(), "handshake-unauthorized") {
			t.Errorf("%v, %s", err, s.out.String())
		}
		path, _, _ = taped(t, "healthy", nil)
		a, _ = testApp("")
		if got := statusOf(t, a.Explain(t.Context(), plain, path)); got != ExitUnknown {
			t.Errorf("of a healthy run: status %d", got)
		}
		other := filepath.Join(t.TempDir(), "token-expired")
		if err := os.WriteFile(other, []byte("a file that is no tape"), 0o600); err != nil {
			t.Fatal(err)
		}
		if isTape(other) || isTape(t.TempDir()) || isTape("token-expired") {
			t.Error("what is no tape is taken for one")
		}
		path = filepath.Join(t.TempDir(), "watch.tape")
		o := watching("token-expired")
		o.Record = path
		a, _ = testApp("")
		statusOf(t, a.Watch(t.Context(), o))
		a, s = testApp("")
		if err := a.Explain(t.Context(), plain, path); err != nil || !strings.Contains(s.out.String(), "token-expired") {
			t.Errorf("of a watch: %v, %s", err, s.out.String())
		}
	})
}

// TestATapeThatCannotBeWritten keeps nothing else from being done, and is told
// by the exit status; a watch of hours does not even begin.
func TestATapeThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	simtest.Bubble(t, func(t *testing.T) {
		notes := filepath.Join(t.TempDir(), "notes")
		if err := os.WriteFile(notes, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		for name, path := range map[string]string{"no such directory": filepath.Join(notes, "no", "tape"), "another file": notes} {
			json := filepath.Join(t.TempDir(), "report.json")
			a, s := testApp("")
			o := defaultRun("healthy")
			o.Record, o.Outputs = path, []string{"table", "json=" + json}
			err := a.Run(t.Context(), o)
			if got := statusOf(t, err); got != ExitFault || !strings.Contains(err.Error(), "record: ") {
				t.Errorf("%s: status %d, %v", name, got, err)
			}
			if b, err := os.ReadFile(json); err != nil || len(b) == 0 || s.out.Len() == 0 {
				t.Errorf("%s: the other outputs are not written: %v", name, err)
			}
			w := watching("healthy")
			w.Record = path
			if got := statusOf(t, a.Watch(t.Context(), w)); got != ExitFault {
				t.Errorf("%s: the watch ends with %d", name, got)
			}
		}
		if b, _ := os.ReadFile(notes); string(b) != "mine" {
			t.Error("a file that is no tape was changed")
		}
	})
}

func TestReplayOfWhatCannotBe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name, text string) string {
		var b bytes.Buffer
		zip := gzip.NewWriter(&b)
		io.WriteString(zip, text)
		zip.Close()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	head := func(kind string) string { return `{"schema":"` + tape.Schema + `","kind":"` + kind + "\"}\n" }
	run, _, _ := taped(t, "token-missing", nil)
	for name, tc := range map[string]struct {
		o      ReplayOptions
		status int
		says   string
	}{
		"no file":            {replaying(filepath.Join(dir, "none")), ExitUsage, "no such file"},
		"no tape":            {replaying(file("other", "{}\n")), ExitUsage, "not a tape"},
		"only a head":        {replaying(file("head", head("run"))), ExitFault, "before its first record"},
		"damaged":            {replaying(file("damaged", head("run")+"nonsense\n")), ExitFault, "damaged at line 2"},
		"no checks":          {replaying(file("empty", head("run")+`{"kind":"begin"}`+"\n")), ExitFault, "no beginning"},
		"no watch":           {replaying(file("watch", head("watch")+`{"kind":"begin"}`+"\n")), ExitFault, "no beginning"},
		"endless checks":     {replaying(file("checks", head("run")+`{"kind":"begin","checks":[{}`+strings.Repeat(",{}", 2000)+"]}\n")), ExitFault, "no beginning"},
		"endless results":    {replaying(file("results", head("run")+`{"kind":"begin","checks":[{}]}`+"\n"+strings.Repeat(`{"kind":"result","message":"`+strings.Repeat("x", 1<<20)+"\"}\n", 9))), ExitFault, "results of more than 8 MiB"},
		"two files":          {ReplayOptions{OutputOptions: plain, Files: []string{"a", "b"}}, ExitUsage, "one tape"},
		"no such format":     {replaying(run, "yaml"), ExitUsage, "unknown format"},
		"a part that is not": {ReplayOptions{OutputOptions: plain, Files: []string{run}, Part: -1}, ExitUsage, "below zero"},
		"backwards":          {ReplayOptions{OutputOptions: plain, Files: []string{run}, Speed: -1}, ExitUsage, "below zero"},
		"a strange fail-on":  {ReplayOptions{OutputOptions: plain, Files: []string{run}, FailOn: "x"}, ExitUsage, "neither"},
	} {
		a, s := testApp("")
		err := a.Replay(t.Context(), tc.o)
		if got := statusOf(t, err); got != tc.status || !strings.Contains(err.Error(), tc.says) && tc.says != "no such file" {
			t.Errorf("%s: status %d, %v", name, got, err)
		}
		if s.out.Len() > 0 {
			t.Errorf("%s: prints %s", name, s.out.String())
		}
	}
}

// TestReplayEndsWithItsContext: who interrupts the reading of a long tape is told
// nothing of damage, and of a run what was read so far.
func TestReplayEndsWithItsContext(t *testing.T) {
	t.Parallel()
	path, _, _ := taped(t, "token-missing", nil)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	a, s := testApp("")
	if got := statusOf(t, a.Replay(ended, replaying(path))); got != ExitInterrupted || s.out.Len() > 0 {
		t.Errorf("status %d: %s", got, s.out.String())
	}
	if got := statusOf(t, a.Explain(ended, plain, path)); got != ExitInterrupted {
		t.Errorf("explain: status %d", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	part, err := a.openRecording(ctx, path, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer part.close()
	cancel()
	if found, err := part.run(ctx); err != nil || found.End != doctor.Interrupted || len(found.Results) == 0 {
		t.Errorf("%+v, %v", found, err)
	}
}

// TestReplaySaysHowFarItIs on a terminal, and takes it back.
func TestReplaySaysHowFarItIs(t *testing.T) {
	t.Parallel()
	path, _, _ := taped(t, "token-missing", nil)
	a, _ := testApp("")
	r, err := a.openTapeReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	r.tell, r.tellAfter = func(line string) { told = append(told, line) }, -1
	io.Copy(io.Discard, r)
	r.Close()
	if len(told) < 2 || !strings.HasSuffix(told[len(told)-2], "reading run.tape, 100 %") || told[len(told)-1] != "" {
		t.Errorf("%q", told)
	}
}

// A truncated tape is diagnosed up to its end, with a warning.
func TestReplayOfATruncatedTape(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "watch.tape")
	w, err := tape.Open(t.Context(), path, tape.Header{Kind: tape.Watch}, tape.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	at := time.Date(2026, 11, 23, 4, 45, 0, 0, time.UTC)
	w.Add(watch.Event{At: at, Kind: watch.Begin, Begun: &watch.Begun{Mode: "ltpc", Keys: []string{"NSE_INDEX|Nifty 50"}}}.Entry())
	w.Add(watch.Event{At: at.Add(time.Second), Kind: watch.Attempt}.Entry())
	a, s := testApp("")
	statusOf(t, a.Replay(t.Context(), replaying(path)))
	if !strings.Contains(s.errs.String(), "no proper end; 2 whole records") {
		t.Errorf("says %q", s.errs.String())
	}
}
