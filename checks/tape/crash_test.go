package tape

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/files"
)

// TestMain is also the program that is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv("TAPE_TEST_RECORD"); path != "" {
		recordForever(path)
	}
	os.Exit(m.Run())
}

// recordForever says on standard output which records are written.
func recordForever(path string) {
	w, err := Open(context.Background(), path, head, Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for n := 1; ; n++ {
		for range 20 {
			w.Add(Entry{At: began, Kind: "frame", Data: bytes.Repeat([]byte{byte(n)}, 300), Frame: true})
		}
		w.Add(Entry{At: began, Kind: "mark", More: map[string]int{"n": n}})
		fmt.Println(n)
	}
}

// TestKilledWhileRecording kills a process at any moment; what it said to have
// written can be read, and the next recording follows it.
func TestKilledWhileRecording(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "tape")
	marks := 0
	for round := range 5 {
		cmd := exec.CommandContext(t.Context(), self)
		cmd.Env = append(os.Environ(), "TAPE_TEST_RECORD="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		said := bufio.NewScanner(out)
		for range 10 + 7*round {
			said.Scan()
			marks++
		}
		cmd.Process.Kill()
		for said.Scan() { // what was in the pipe is written too
			marks++
		}
		cmd.Wait()
		records, _, err := readAll(bytes.NewReader(contents(t, path)))
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		got, heads := 0, 0
		for _, r := range records {
			switch r.Kind {
			case "mark":
				got++
			case "head":
				heads++
			}
		}
		// One more may have been written and not said.
		if got < marks || got > marks+round+1 || heads != round {
			t.Errorf("round %d: %d marks and %d further heads, want %d and %d", round, got, heads, marks, round)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// small is a tape of two members and the number of records that are whole when
// it is cut behind each byte.
func small(t testing.TB) []byte {
	path := filepath.Join(t.TempDir(), "tape")
	for member := range 2 {
		w, err := Open(t.Context(), path, head, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 6 {
			w.Add(Entry{At: began.Add(time.Duration(i)), Kind: "frame", Data: []byte(strings.Repeat("price", i+member)), Frame: i%2 == 0})
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestCutAtEveryByte(t *testing.T) {
	t.Parallel()
	tape := small(t)
	last := 0
	for cut := range len(tape) + 1 {
		records, truncated, err := readAll(bytes.NewReader(tape[:cut]))
		if err != nil {
			if last > 0 || cut > 300 {
				t.Fatalf("cut at %d: %v", cut, err)
			}
			continue
		}
		if len(records) < last {
			t.Errorf("cut at %d: %d records, fewer than with less", cut, len(records))
		}
		last = len(records)
		if whole := cut == len(tape); truncated == whole && whole {
			t.Errorf("a whole tape is called torn")
		}
	}
	if last != 13 {
		t.Errorf("%d records of the whole tape", last)
	}
}

// What was flushed is there to the last record, however the file ends behind it.
func TestEveryFlushCounts(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tape")
	w := open(t, path, Options{})
	var sizes []int
	for range 10 {
		w.Add(Entry{At: began, Kind: "answer", More: map[string]string{"path": "/v2/user/profile"}})
		sizes = append(sizes, len(contents(t, path)))
	}
	tape := contents(t, path)
	for i, size := range sizes {
		records, truncated, err := readAll(bytes.NewReader(tape[:size]))
		if err != nil || !truncated || len(records) != i+1 {
			t.Errorf("after %d records: %d, torn %v, %v", i+1, len(records), truncated, err)
		}
	}
}

func TestDamageIsToldWithItsPlace(t *testing.T) {
	t.Parallel()
	tape := small(t)
	silent := 0
	for at := 30; at < len(tape); at++ {
		bad := bytes.Clone(tape)
		bad[at] ^= 0x55
		records, truncated, err := readAll(bytes.NewReader(bad))
		switch {
		case err != nil && strings.Contains(err.Error(), "damaged at line"):
		case err == nil && !truncated && len(records) == 13:
			silent++ // a byte of a header that carries nothing
		case err == nil && truncated:
			silent++ // a block that now seems longer than the file
		case err != nil && strings.Contains(err.Error(), ErrNotTape.Error()):
		default:
			t.Errorf("byte %d: %d records, torn %v, %v", at, len(records), truncated, err)
		}
	}
	if silent > len(tape)/5 {
		t.Errorf("%d of %d damages were not noticed", silent, len(tape))
	}
	for name, text := range map[string]string{
		"no JSON":         "{\"schema\":\"" + Schema + "\"}\nnonsense\n",
		"no end of line":  "{\"schema\":\"" + Schema + "\"}\n{}",
		"another version": "{\"schema\":\"" + Schema + "\"}\n{\"schema\":\"upstox-doctor/tape/v9\"}\n",
		"endless list":    "{\"schema\":\"" + Schema + "\"}\n{\"kind\":\"begin\",\"checks\":[{}" + strings.Repeat(",{}", files.MaxJSONValues) + "]}\n",
		"endless text":    "{\"schema\":\"" + Schema + "\"}\n{\"kind\":\"result\",\"message\":\"" + strings.Repeat("x", memberLimit) + "\"}\n",
		"endless line":    "{\"schema\":\"" + Schema + "\"}\n" + strings.Repeat("x", lineLimit+1<<20),
	} {
		if _, _, err := readAll(bytes.NewReader(gzipped(text))); err == nil || !strings.Contains(err.Error(), "damaged at line 2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReader(f *testing.F) {
	tape := small(f)
	f.Add(tape)
	f.Add(tape[:len(tape)/2])
	f.Add(append(bytes.Clone(tape), "rubbish"...))
	f.Add(gzipped("{\"schema\":\"" + Schema + "\"}\n{\"at\":1}\n"))
	f.Add(gzipped("{\"schema\":\"" + Schema + "\"}\nnull\n[]\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, in := range [][]byte{b, gzipped("{\"schema\":\"" + Schema + "\"}\n" + string(b))} {
			r, err := NewReader(bytes.NewReader(in))
			if err != nil {
				continue
			}
			for {
				rec, err := r.Next()
				if err != nil {
					if _, again := r.Next(); again == nil {
						t.Error("goes on behind its end")
					}
					if err != io.EOF && r.Truncated() {
						t.Errorf("torn and damaged: %v", err)
					}
					break
				}
				var v map[string]any
				_ = rec.Decode(&v)
			}
		}
	})
}
