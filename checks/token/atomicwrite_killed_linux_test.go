package token

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"upstox-doctor/fixtures/killtest"
)

// killedSave is the save of a file that holds old or fresh.
func killedSave(old, fresh string, save func(path string) error) killtest.Save {
	path := func(dir string) string { return filepath.Join(dir, "file") }
	return killtest.Save{
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

// TestKilledSaves: the old or the new token stands whole each time.
func TestKilledSaves(t *testing.T) {
	t.Parallel()
	killtest.Run(t, map[string]killtest.Save{
		"token file": killedSave("old\n", "new\n", func(path string) error { return Store{Path: path}.Save("new") }),
		"env file": killedSave("# mine\nUPSTOX_ACCESS_TOKEN=old\nOTHER=1\n", "# mine\nUPSTOX_ACCESS_TOKEN=new\nOTHER=1\n",
			func(path string) error { return SaveEnv(path, Setting{"UPSTOX_ACCESS_TOKEN", "new"}) }),
		"env file of init": killedSave("# mine\n", "# mine\nUPSTOX_API_KEY=new\nUPSTOX_API_SECRET=new\nUPSTOX_REDIRECT_URI=http://127.0.0.1:8000\n",
			func(path string) error {
				return SaveEnv(path, Setting{"UPSTOX_API_KEY", "new"}, Setting{"UPSTOX_API_SECRET", "new"}, Setting{"UPSTOX_REDIRECT_URI", "http://127.0.0.1:8000"})
			}),
	})
}

// TestKilledLines adds to a file once, so that a second save would add again.
func TestKilledLines(t *testing.T) {
	t.Parallel()
	save := killedSave("*.pyc\n", "*.pyc\n.env\n", func(path string) error { return AddLines(path, ".env") })
	save.Once, save.Public = true, true
	killtest.Run(t, map[string]killtest.Save{"ignored files of init": save})
}
