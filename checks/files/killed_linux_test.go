package files

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"upstox-doctor/fixtures/killtest"
)

// TestKilledSaves: the old or the new file stands whole each time.
func TestKilledSaves(t *testing.T) {
	t.Parallel()
	old, fresh := strings.Repeat("old ", 1000), strings.Repeat("new ", 3000)
	over := func(save func(path string) error, public bool) killtest.Save {
		path := func(dir string) string { return filepath.Join(dir, "file") }
		return killtest.Save{
			Public:  public,
			Prepare: func(dir string) error { return os.WriteFile(path(dir), []byte(old), 0o600) },
			Save:    func(dir string) error { return save(path(dir)) },
			Check: func(dir string) (bool, error) {
				data, err := os.ReadFile(path(dir))
				if err == nil && string(data) != old && string(data) != fresh {
					err = fmt.Errorf("the file holds %q", data)
				}
				return string(data) == fresh, err
			},
		}
	}
	killtest.Run(t, map[string]killtest.Save{
		"replace": over(func(path string) error {
			return Replace(path, func(w io.Writer) error {
				_, err := io.WriteString(w, fresh[:4000])
				_, err2 := io.WriteString(w, fresh[4000:])
				return errors.Join(err, err2)
			})
		}, true),
		"save": over(func(path string) error { return Save(path, []byte(fresh)) }, false),
	})
}
