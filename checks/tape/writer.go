package tape

import (
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"upstox-doctor/checks/redact"
)

// Options say what a Writer leaves out.
type Options struct {
	Secrets *redact.Set
	Private []string // words that would identify the machine or its user
	Limit   int64    // size of the file in bytes from which on most frames are left out; zero is 1 GiB
}

const (
	defaultLimit = 1 << 30
	flushAfter   = time.Second // at the latest, for frames
	// reservedForEnd is how many frames after any other record are kept beyond
	// the limit, to show whether prices came back.
	reservedForEnd = 16
)

// A Writer records. A nil Writer records nothing, at no cost. Its methods may be
// called from any goroutine.
type Writer struct {
	mu         sync.Mutex
	file       *os.File
	size       int64 // of the file
	limit      int64
	zip        *gzip.Writer
	pseudonyms *pseudonyms
	line       []byte
	err        error // the first that happened; nothing is written after it

	timer  *time.Timer // while frames wait to be flushed
	frames int         // since the last other record
	full   bool
}

// An Entry is one record to write.
type Entry struct {
	At   time.Time
	Kind string
	Data []byte
	// More is nil or encodes to a JSON object with the other members.
	More any
	// Frame says that this is one of very many: it may wait for a second before
	// it reaches the disk, and is left out of a tape that has grown too long.
	Frame bool
}

// Open begins a recording in a new file or at the end of an existing tape, after
// removing a truncated record that a crash has left. A file that is not a tape is
// not changed, and the error is ErrNotTape; it is ErrBusy if another recording
// uses the file. The file's mode becomes 0600. An existing tape is read to its end,
// which takes minutes if it has gigabytes, and no longer than the context.
func Open(ctx context.Context, path string, h Header, o Options) (*Writer, error) {
	file, err := openFile(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	h.Schema, h.StartedAt = Schema, h.StartedAt.UTC()
	w := &Writer{file: file, limit: o.Limit, pseudonyms: newPseudonyms(o.Secrets, o.Private)}
	if w.limit <= 0 {
		w.limit = defaultLimit
	}
	if info, err := file.Stat(); err == nil {
		w.size = info.Size()
	}
	w.zip, _ = gzip.NewWriterLevel(counted{w}, gzip.BestSpeed)
	text, err := json.Marshal(h)
	if err == nil {
		w.line, err = w.pseudonyms.object(w.line, text)
	}
	if err == nil {
		w.line[0] = '{'
		w.line = append(w.line, "}\n"...)
		w.send(true)
		err = w.err
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("record: %w", err)
	}
	return w, nil
}

// Add writes one record. Errors are returned by Close.
func (w *Writer) Add(e Entry) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil || w.file == nil || w.drop(e) {
		return
	}
	if w.err = w.encode(e); w.err == nil {
		w.send(!e.Frame)
	}
}

// drop reports whether a frame is to be left out because the tape is too long.
func (w *Writer) drop(e Entry) bool {
	if !e.Frame {
		w.frames = 0
		return false
	}
	w.frames++
	if w.size < w.limit {
		return false
	}
	if !w.full {
		w.full = true
		if w.err = w.encode(Entry{At: e.At, Kind: LimitReached, More: map[string]int64{"bytes": w.size}}); w.err == nil {
			w.send(true)
		}
	}
	return w.frames > reservedForEnd
}

// encode makes the line of a record.
func (w *Writer) encode(e Entry) error {
	b := append(w.line[:0], `{"at":"`...)
	b = e.At.UTC().AppendFormat(b, time.RFC3339Nano)
	b = appendString(append(b, `","kind":`...), e.Kind)
	if e.Data != nil {
		b = append(w.pseudonyms.appendData(append(b, `,"data":"`...), e.Data), '"')
	}
	if e.More != nil {
		text, err := json.Marshal(e.More)
		if err == nil {
			b, err = w.pseudonyms.object(b, text)
		}
		if err != nil {
			return fmt.Errorf("encode %s: %w", e.Kind, err)
		}
	}
	w.line = append(b, "}\n"...)
	if err := oversized(w.line, base64.StdEncoding.EncodedLen(len(e.Data))); err != nil {
		w.line = nil
		return fmt.Errorf("encode %s: %w", e.Kind, err)
	}
	return nil
}

// send writes the line, and now or in a second sends it to the file.
func (w *Writer) send(now bool) {
	if _, err := w.zip.Write(w.line); err != nil {
		w.err = err
		return
	}
	switch {
	case now:
		w.flush()
	case w.timer == nil:
		w.timer = time.AfterFunc(flushAfter, w.flushLater)
	}
}

func (w *Writer) flush() {
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil
	}
	if err := w.zip.Flush(); err != nil && w.err == nil {
		w.err = err
	}
}

// flushLater sends the frames that have waited for a second.
func (w *Writer) flushLater() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer != nil && w.err == nil && w.file != nil {
		w.flush()
	}
}

// Close ends the member, forces the file to the disk, and returns the first
// error of the whole recording.
func (w *Writer) Close() error {
	if w == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.file == nil {
		return nil
	}
	if w.err == nil {
		w.flush()
	}
	err := w.err
	if err == nil {
		err = errors.Join(w.zip.Close(), w.file.Sync())
	}
	err = errors.Join(err, w.file.Close())
	w.file = nil
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	return nil
}

// Err is the first error of the recording so far.
func (w *Writer) Err() error {
	if w == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// counted writes to the file and counts.
type counted struct{ *Writer }

func (c counted) Write(b []byte) (int, error) {
	n, err := c.file.Write(b)
	c.size += int64(n)
	return n, err
}
