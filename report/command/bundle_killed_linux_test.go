package command

import (
	"archive/zip"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"upstox-doctor/checks/tape"
	"upstox-doctor/fixtures/killtest"
)

// TestKilledBundle: nothing, an empty file or a whole bundle is there.
func TestKilledBundle(t *testing.T) {
	t.Parallel()
	path := func(dir string) string { return filepath.Join(dir, "support.zip") }
	killtest.Run(t, map[string]killtest.Save{"bundle": {
		Once: true, // a file that exists is never replaced
		Save: func(dir string) error {
			names, err := tape.Open(t.Context(), filepath.Join(dir, "run.tape"), tape.Header{Kind: tape.Run}, tape.Options{})
			if err != nil {
				return err
			}
			defer names.Close()
			b := bundle{names: names}
			b.add("report.json", "the report", make([]byte, 100<<10))
			return b.write(path(dir), time.Now())
		},
		Check: func(dir string) (bool, error) {
			info, err := os.Stat(path(dir))
			if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
				return false, nil
			}
			archive, err := zip.OpenReader(path(dir))
			if err != nil {
				return false, err
			}
			return len(archive.File) == 2, archive.Close()
		},
	}})
}
