package files

import (
	"errors"
	"io"
	"strings"
	"testing"

	"upstox-doctor/fixtures/killtest"
)

// TestKilledSaves: the old or the new file stands whole each time.
func TestKilledSaves(t *testing.T) {
	t.Parallel()
	old, fresh := strings.Repeat("old ", 1000), strings.Repeat("new ", 3000)
	replaced := killtest.File(old, fresh, func(path string) error {
		return Replace(path, func(w io.Writer) error {
			_, err := io.WriteString(w, fresh[:4000])
			_, err2 := io.WriteString(w, fresh[4000:])
			return errors.Join(err, err2)
		})
	})
	replaced.Public = true
	killtest.Run(t, map[string]killtest.Save{
		"replace": replaced,
		"save":    killtest.File(old, fresh, func(path string) error { return Save(path, []byte(fresh)) }),
	})
}
