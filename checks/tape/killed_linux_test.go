package tape

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"upstox-doctor/fixtures/killtest"
)

// marked records one mark.
func marked(path string) error {
	w, err := Open(context.Background(), path, head, Options{})
	if err != nil {
		return err
	}
	w.Add(Entry{At: began, Kind: "mark"})
	return w.Close()
}

// marks counts the marks that can be read. A file that nothing was written to
// holds none.
func marks(path string) (n int, err error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && (len(data) == 0 || string(data) == gzipHead) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	records, _, err := readAll(bytes.NewReader(data))
	for _, r := range records {
		if r.Kind == "mark" {
			n++
		}
	}
	return n, err
}

// TestKilledRecordings: what was recorded before can be read, and recorded behind.
func TestKilledRecordings(t *testing.T) {
	t.Parallel()
	path := func(dir string) string { return filepath.Join(dir, "tape") }
	behind := func(before int, prepare func(dir string) error) killtest.Save {
		return killtest.Save{
			Prepare: prepare,
			Save:    func(dir string) error { return marked(path(dir)) },
			Check: func(dir string) (bool, error) {
				n, err := marks(path(dir))
				if err == nil && n < before {
					err = fmt.Errorf("%d marks are left of %d", n, before)
				}
				return n > before, err
			},
		}
	}
	killtest.Run(t, map[string]killtest.Save{
		"new":    behind(0, nil),
		"behind": behind(1, func(dir string) error { return marked(path(dir)) }),
		"repair": behind(1, func(dir string) error {
			if err := errors.Join(marked(path(dir)), marked(path(dir))); err != nil {
				return err
			}
			info, err := os.Stat(path(dir))
			if err != nil {
				return err
			}
			return os.Truncate(path(dir), info.Size()*3/4)
		}),
	})
}
