package checks_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"testing"

	"upstox-doctor/checks"
	"upstox-doctor/checks/tape"
	"upstox-doctor/checks/watch"
	"upstox-doctor/fixtures/sim"
)

// recordTape begins a tape of a watch, and returns the functions that record an
// event and end the tape.
func recordTape(t *testing.T, path string, w checks.World) (tell func(watch.Event), end func()) {
	t.Helper()
	writer, err := tape.Open(t.Context(), path, tape.Header{Kind: tape.Watch, StartedAt: w.Now()}, tape.Options{Secrets: w.Secrets})
	if err != nil {
		t.Fatal(err)
	}
	return func(e watch.Event) { writer.Add(e.Entry()) }, func() {
		if err := writer.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// replayTape returns the summary and notices of a replay of the tape.
func replayTape(t *testing.T, path string) (watch.Summary, *reader) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := tape.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{}
	tracker := watch.NewReporter(r)
	for {
		rec, err := records.Next()
		if errors.Is(err, io.EOF) {
			return tracker.Summary(), r
		}
		if err != nil {
			t.Fatal(err)
		}
		e, err := watch.EventOf(rec)
		if err != nil {
			t.Fatal(err)
		}
		tracker.Handle(e)
	}
}

// wantNoSecret fails if a secret of the session is on the tape.
func wantNoSecret(t *testing.T, session *sim.Session, path string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(unzipped)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range session.Secrets() {
		if bytes.Contains(text, []byte(secret)) {
			t.Errorf("the tape holds a secret of %d characters", len(secret))
		}
	}
}
