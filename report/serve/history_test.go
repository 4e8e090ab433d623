package serve

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/files"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
)

// TestHistoryOutlivesTheServer keeps seven days, each verdict once until it
// changes, and each disconnect with its cause.
func TestHistoryOutlivesTheServer(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, market.IST)
	path := filepath.Join(t.TempDir(), "history")
	h, err := OpenHistory(path, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	good, bad := report.NewPanel(document()), report.NewPanel(document("token-expired"))
	for _, p := range []report.Panel{bad, bad, good, good} {
		h.ran(p)
	}
	h.broke(watch.Episode{Began: now, Ended: now.Add(3 * time.Second), Finding: doctor.Result{Status: doctor.Fail, Code: "stream-dropped"}}, now, report.Meta{})
	h.streamed(Happening{At: now, Begun: now, Kind: happenedStream, Lasted: time.Hour, Open: 40 * time.Minute})
	h.streamed(Happening{At: now.Add(time.Hour), Begun: now, Kind: happenedStream, Lasted: 2 * time.Hour, Open: 90 * time.Minute})
	now = now.Add(24 * time.Hour)
	h.ran(good)
	again, err := OpenHistory(path, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	days := again.days()
	if len(days) != 2 || days[1].Disconnects != 1 || len(days[1].Verdicts) != 2 || days[1].Verdicts[0] != "The access token has expired" || days[1].Connected != "1 h 30 min" {
		t.Errorf("%+v", days)
	}
	if today := again.today(); len(today) != 1 || today[0].Status != "pass" {
		t.Errorf("today: %+v", today)
	}
	now = now.AddDate(0, 0, historyDays).Add(time.Minute)
	again.ran(good)
	if days := again.days(); len(days) != 1 {
		t.Errorf("after a week: %+v", days)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

func TestHistoryIsBounded(t *testing.T) {
	t.Parallel()
	now := time.Now()
	path := filepath.Join(t.TempDir(), "history")
	if err := os.WriteFile(path, []byte("{\"at\":\n"+strings.Repeat("x", 100)+"\n{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	h, err := OpenHistory(path, func() time.Time { return now })
	if err != nil || len(h.events) != 0 {
		t.Fatalf("%d events of a broken file, %v", len(h.events), err)
	}
	for range maxEvents {
		h.events = append(h.events, Happening{At: now, Kind: happenedBreak, Text: strings.Repeat("w", 200)})
	}
	if err := h.save(); err != nil {
		t.Fatal(err)
	}
	h.add(Happening{At: now, Kind: happenedBreak, Text: "the last"})
	if n := len(h.events); n != maxEvents || h.events[n-1].Text != "the last" {
		t.Errorf("%d events", n)
	}
	if info, err := os.Stat(path); err != nil || info.Size() > maxHistory {
		t.Errorf("%d bytes, %v", info.Size(), err)
	}
	if len(h.today()) != maxToday {
		t.Error("today is not bounded")
	}
}

// TestHistoryClearsUp removes what a killed process left of a save, tells once
// that the file cannot be written, and again after it could be.
func TestHistoryClearsUp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "history")
	stale, fresh := filepath.Join(dir, files.DraftPrefix+"1"), filepath.Join(dir, files.DraftPrefix+"2")
	for _, draft := range []string{stale, fresh} {
		if err := os.WriteFile(draft, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-2 * time.Minute)
	if err := os.Chtimes(stale, long, long); err != nil {
		t.Fatal(err)
	}
	h, err := OpenHistory(path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	h.add(Happening{At: time.Now(), Kind: happenedRun})
	_, gone := os.Stat(stale)
	if _, err := os.Stat(fresh); !os.IsNotExist(gone) || err != nil {
		t.Errorf("the stale draft: %v; the fresh one: %v", gone, err)
	}
	told := 0
	h.Failed = func(error) { told++ }
	h.path = filepath.Join(dir, "missing", "history")
	for range 2 {
		h.add(Happening{At: time.Now(), Kind: happenedRun})
	}
	h.path = path
	h.add(Happening{At: time.Now(), Kind: happenedRun})
	h.path = filepath.Join(dir, "missing", "history")
	h.add(Happening{At: time.Now(), Kind: happenedRun})
	if told != 2 {
		t.Errorf("told %d times", told)
	}
}
