package token

import (
	"testing"

	"upstox-doctor/fixtures/killtest"
)

// TestKilledSaves: the old or the new token stands whole each time.
func TestKilledSaves(t *testing.T) {
	t.Parallel()
	killtest.Run(t, map[string]killtest.Save{
		"token file": killtest.File("old\n", "new\n", func(path string) error { return Store{Path: path}.Save("new") }),
		"env file": killtest.File("# mine\nUPSTOX_ACCESS_TOKEN=old\nOTHER=1\n", "# mine\nUPSTOX_ACCESS_TOKEN=new\nOTHER=1\n",
			func(path string) error { return SaveEnv(path, Setting{"UPSTOX_ACCESS_TOKEN", "new"}) }),
		"env file of init": killtest.File("# mine\n", "# mine\nUPSTOX_API_KEY=new\nUPSTOX_API_SECRET=new\nUPSTOX_REDIRECT_URI=http://127.0.0.1:8000\n",
			func(path string) error {
				return SaveEnv(path, Setting{"UPSTOX_API_KEY", "new"}, Setting{"UPSTOX_API_SECRET", "new"}, Setting{"UPSTOX_REDIRECT_URI", "http://127.0.0.1:8000"})
			}),
	})
}

// TestKilledLines adds to a file once, so that a second save would add again.
func TestKilledLines(t *testing.T) {
	t.Parallel()
	save := killtest.File("*.pyc\n", "*.pyc\n.env\n", func(path string) error { return AddLines(path, ".env") })
	save.Once, save.Public = true, true
	killtest.Run(t, map[string]killtest.Save{"ignored files of init": save})
}
