package tape

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"upstox-doctor/checks/redact"
)

var (
	began = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
	head  = Header{Tool: Tool{"upstox-doctor", "test"}, StartedAt: began, Kind: Run}
)

func open(t *testing.T, path string, o Options) *Writer {
	t.Helper()
	w, err := Open(t.Context(), path, head, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

func closed(t *testing.T, w *Writer) {
	t.Helper()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func contents(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// readAll returns all records, whether the tape was truncated, and any error
// except io.EOF.
func readAll(in io.Reader) (records []Record, truncated bool, err error) {
	r, err := NewReader(in)
	if err != nil {
		return nil, false, err
	}
	for {
		rec, err := r.Next()
		if err == io.EOF {
			return records, r.Truncated(), nil
		}
		if err != nil {
			return records, false, err
		}
		records = append(records, rec)
	}
}

func TestWhatWasWrittenIsRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tape")
	w := open(t, path, Options{})
	type more struct {
		Status int               `json:"status"`
		Words  []string          `json:"words"`
		Fields map[string]string `json:"fields,omitempty"`
		Empty  struct{}          `json:"empty"`
		None   *int              `json:"none"`
		Yes    bool              `json:"yes"`
		Part   float64           `json:"part"`
	}
	sent := more{Status: 403, Words: []string{"a<b&c", "NIFTY 50 ₹"}, Fields: map[string]string{"Server": "cloudflare"}, Yes: true, Part: 0.25}
	w.Add(Entry{At: began, Kind: "answer", More: sent})
	w.Add(Entry{At: began.Add(time.Millisecond).In(time.FixedZone("IST", 19800)), Kind: "frame", Data: []byte("\x00\xff"), Frame: true})
	w.Add(Entry{At: began.Add(time.Second), Kind: "end"})
	closed(t, w)

	records, truncated, err := readAll(bytes.NewReader(contents(t, path)))
	if err != nil || truncated || len(records) != 3 {
		t.Fatalf("%d records, torn %v, %v", len(records), truncated, err)
	}
	var got more
	if err := records[0].Decode(&got); err != nil || got.Words[0] != "a<b&c" || got.Fields["Server"] != "cloudflare" || !got.Yes || got.Part != 0.25 || got.Status != 403 {
		t.Errorf("got %+v, %v", got, err)
	}
	f := records[1]
	if !f.At.Equal(began.Add(time.Millisecond)) || f.Kind != "frame" || string(f.Data) != "\x00\xff" || f.Line != 3 {
		t.Errorf("got %+v", f)
	}
	if text := string(f.text); text != `{"at":"2026-11-23T04:00:00.001Z","kind":"frame","data":"AP8="}` {
		t.Errorf("the line is %s", text)
	}
	if text := string(records[0].text); !strings.Contains(text, `"words":["a<b&c","NIFTY 50 ₹"]`) || !strings.Contains(text, `"empty":{},"none":null`) {
		t.Errorf("the line is %s", text)
	}
}

func TestTheFileIsTheOwnersAlone(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no modes on Windows")
	}
	path := filepath.Join(t.TempDir(), "tape")
	closed(t, open(t, path, Options{}))
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	closed(t, open(t, path, Options{}))
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// Two recordings in one file would tear each other: the second is refused, and
// the first loses nothing.
func TestOneRecordingAtATime(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tape")
	for _, earlier := range []string{"none", "a whole tape", "a torn tape"} {
		if earlier == "a torn tape" {
			if err := os.Truncate(path, int64(len(contents(t, path))-4)); err != nil {
				t.Fatal(err)
			}
		}
		w := open(t, path, Options{})
		w.Add(Entry{At: began, Kind: earlier})
		before := contents(t, path)
		if _, err := Open(t.Context(), path, head, Options{}); !errors.Is(err, ErrBusy) {
			t.Errorf("after %s: %v", earlier, err)
		}
		if !bytes.Equal(contents(t, path), before) {
			t.Errorf("after %s: the tape was changed", earlier)
		}
		w.Add(Entry{At: began, Kind: "last"})
		closed(t, w)
	}
	records, truncated, err := readAll(bytes.NewReader(contents(t, path)))
	last := 0
	for _, rec := range records {
		if rec.Kind == "last" {
			last++
		}
	}
	if err != nil || truncated || last != 3 {
		t.Errorf("%d of 3 recordings are whole, torn %v: %v", last, truncated, err)
	}
}

func TestWhatIsNoTapeIsLeftAlone(t *testing.T) {
	t.Parallel()
	var zipped bytes.Buffer
	zip := gzip.NewWriter(&zipped)
	io.WriteString(zip, "{\"schema\":\"somebody/else\"}\n")
	zip.Close()
	for name, content := range map[string]string{
		"text": "my notes\n", "gzip of something else": zipped.String(), "gzip without a line": string(gzipped("")), "half a header": "\x1f\x8b",
	} {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), path, head, Options{}); !errors.Is(err, ErrNotTape) {
			t.Errorf("%s: %v", name, err)
		}
		if string(contents(t, path)) != content {
			t.Errorf("%s: was changed", name)
		}
	}
	if _, err := Open(t.Context(), t.TempDir(), head, Options{}); err == nil {
		t.Error("a directory was taken for a file")
	}
	if _, err := Open(t.Context(), filepath.Join(t.TempDir(), "no", "such"), head, Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

func gzipped(text string) []byte {
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	io.WriteString(zip, text)
	zip.Close()
	return b.Bytes()
}

func TestASecondRecordingFollowsTheFirst(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tape")
	for range 2 {
		w := open(t, path, Options{})
		w.Add(Entry{At: began, Kind: Begin})
		closed(t, w)
	}
	records, truncated, err := readAll(bytes.NewReader(contents(t, path)))
	if err != nil || truncated {
		t.Fatal(truncated, err)
	}
	var kinds []string
	for _, r := range records {
		kinds = append(kinds, r.Kind)
	}
	if got := strings.Join(kinds, " "); got != "begin head begin" {
		t.Errorf("got %s", got)
	}
}

func TestFramesReachTheFileWithinASecond(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(dir, "tape")
		w, err := Open(t.Context(), path, head, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		w.Add(Entry{At: began, Kind: "frame", Data: []byte("price"), Frame: true})
		written := func() int {
			records, truncated, err := readAll(bytes.NewReader(contents(t, path)))
			if err != nil || !truncated {
				t.Errorf("of an open tape: torn %v, %v", truncated, err)
			}
			return len(records)
		}
		if n := written(); n != 0 {
			t.Errorf("%d frames at once: each costs a flush", n)
		}
		<-time.After(time.Second)
		synctest.Wait()
		if n := written(); n != 1 {
			t.Errorf("%d frames after a second", n)
		}
		w.Add(Entry{At: began, Kind: "closed"})
		if n := written(); n != 2 {
			t.Errorf("%d records: what is no frame must not wait", n)
		}
	})
}

func TestALongTapeKeepsWhatMatters(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tape")
	w := open(t, path, Options{Limit: 1})
	for range 100 {
		w.Add(Entry{At: began, Kind: "frame", Data: []byte("a"), Frame: true})
	}
	w.Add(Entry{At: began, Kind: "open"})
	for range 100 {
		w.Add(Entry{At: began, Kind: "frame", Data: []byte("b"), Frame: true})
	}
	closed(t, w)
	records, _, err := readAll(bytes.NewReader(contents(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, r := range records {
		count[r.Kind]++
	}
	if count["frame"] != 2*reservedForEnd || count["open"] != 1 || count[LimitReached] != 1 {
		t.Errorf("got %v", count)
	}
}

func TestNobodyRecords(t *testing.T) { // allocations are counted for the whole process, so alone
	var w *Writer
	if n := testing.AllocsPerRun(10, func() { w.Add(Entry{At: began, Kind: "frame"}) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if w.Err() != nil || w.Close() != nil {
		t.Error("no tape, and yet an error")
	}
}

// TestOpenEndsWithItsContext: what is not read to its end is neither a tape nor
// damaged, and stays as it is.
func TestOpenEndsWithItsContext(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tape")
	if err := open(t, path, Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Open(ctx, path, head, Options{})
	if !errors.Is(err, context.Canceled) || errors.Is(err, ErrNotTape) || strings.Contains(err.Error(), "damaged") {
		t.Errorf("%v", err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("%d bytes were %d: %v", len(after), len(before), err)
	}
	if err := open(t, path, Options{}).Close(); err != nil {
		t.Errorf("it stays locked: %v", err)
	}
}

func TestTroubleIsToldAtTheEnd(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Writer){
		"the file is gone":  func(w *Writer) { w.file.Close() },
		"no object":         func(w *Writer) { w.Add(Entry{At: began, Kind: "x", More: 7}) },
		"cannot be encoded": func(w *Writer) { w.Add(Entry{At: began, Kind: "x", More: func() {}}) },
		"longer than a line may be": func(w *Writer) {
			w.Add(Entry{At: began, Kind: "x", Data: make([]byte, lineLimit)})
		},
		"more text than a record has": func(w *Writer) {
			w.Add(Entry{At: began, Kind: "x", More: map[string]string{"text": strings.Repeat("x", memberLimit)}})
		},
	} {
		w := open(t, filepath.Join(t.TempDir(), "tape"), Options{Secrets: new(redact.Set)})
		spoil(w)
		w.Add(Entry{At: began, Kind: "end"})
		first := w.Err()
		if err := w.Close(); err == nil || first == nil || !errors.Is(err, first) {
			t.Errorf("%s: %v, before it was closed %v", name, err, first)
		}
		if err := w.Close(); err != nil {
			t.Errorf("%s: closed twice: %v", name, err)
		}
	}
}
