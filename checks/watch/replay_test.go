package watch_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/tape"
	"upstox-doctor/checks/watch"
)

// maxReplayed is the most frames of a watch that is replayed; a week of frames
// would take too long.
const maxReplayed = 20000

// A tapeReplay records a watch, so that its tape can be replayed.
type tapeReplay struct {
	path   string
	writer *tape.Writer
	frames int
}

func replayTape(t *testing.T) *tapeReplay {
	t.Helper()
	r := &tapeReplay{path: filepath.Join(t.TempDir(), "tape")}
	var err error
	if r.writer, err = tape.Open(t.Context(), r.path, tape.Header{Kind: tape.Watch, StartedAt: time.Now()}, tape.Options{}); err != nil {
		t.Fatal(err)
	}
	return r
}

// also returns a function for Options.Tape that records each event and passes
// it on.
func (r *tapeReplay) also(other func(watch.Event)) func(watch.Event) {
	return func(e watch.Event) {
		if e.Kind == watch.Frame {
			r.frames++
		}
		if r.frames <= maxReplayed {
			r.writer.Add(e.Entry())
		}
		if other != nil {
			other(e)
		}
	}
}

// check replays the tape and compares with the live watch. Messages and evidence
// are left out, since they may hold addresses, which a tape replaces.
func (r *tapeReplay) check(t *testing.T, want watch.Summary) {
	t.Helper()
	if err := r.writer.Close(); err != nil {
		t.Fatal(err)
	}
	if r.frames > maxReplayed {
		return
	}
	file, err := os.Open(r.path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	reader, err := tape.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	tracker := watch.NewReporter(&recordingSink{})
	for {
		rec, err := reader.Next()
		if err != nil {
			break
		}
		e, err := watch.EventOf(rec)
		if err != nil {
			t.Fatal(err)
		}
		tracker.Handle(e)
	}
	same := cmp.Options{
		cmpopts.IgnoreUnexported(doctor.Result{}), cmpopts.IgnoreFields(doctor.Result{}, "Message", "Evidence", "Symptom"), cmpopts.EquateEmpty(),
	}
	if diff := cmp.Diff(want, tracker.Summary(), same); diff != "" {
		t.Errorf("the tape tells another story (-live +replay):\n%s", diff)
	}
}
