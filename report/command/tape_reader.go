package command

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"upstox-doctor/checks/files"
	"upstox-doctor/checks/redact"
	"upstox-doctor/report"
)

// A tapeReader reads a tape, which takes minutes if it unpacks to gigabytes: so
// it ends with the context, and a terminal is told how far it is.
type tapeReader struct {
	file      *os.File
	from      io.Reader // the file, until the context ends
	read      int64
	size      int64
	begun     time.Time
	told      string
	tell      func(string) // optional; an empty text takes back what was told
	tellAfter time.Duration
}

// openTapeReader opens a regular file, which can be read twice.
func (a App) openTapeReader(ctx context.Context, path string) (*tapeReader, error) {
	file, err := files.OpenRegular(path)
	if err != nil {
		return nil, err
	}
	r := &tapeReader{file: file, from: files.Until(ctx, file), begun: time.Now(), tellAfter: time.Second}
	if info, err := file.Stat(); err == nil {
		r.size = info.Size()
	}
	if report.IsTerminal(a.Errs) {
		r.tell = report.NewPrompter(a.In, a.Errs, new(redact.Set).String).Wait
	}
	return r, nil
}

func (r *tapeReader) Read(b []byte) (int, error) {
	n, err := r.from.Read(b)
	r.read += int64(n)
	if r.tell != nil && r.size > 0 && time.Since(r.begun) > r.tellAfter {
		r.say(fmt.Sprintf("reading %s, %d %%", filepath.Base(r.file.Name()), min(100, 100*r.read/r.size)))
	}
	return n, err
}

func (r *tapeReader) say(line string) {
	if line != r.told {
		r.told = line
		r.tell(line)
	}
}

// quiet ends what a terminal is told, before something else is shown there.
func (r *tapeReader) quiet() {
	if r.tell != nil {
		r.say("")
		r.tell = nil
	}
}

func (r *tapeReader) Close() error {
	r.quiet()
	return r.file.Close()
}
