package serve

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"upstox-doctor/fixtures/killtest"
)

// TestKilledServers: a browser keeps its session though the server is killed
// while it starts or begins another, and the history keeps what it held.
func TestKilledServers(t *testing.T) {
	t.Parallel()
	ledgerOf := func(dir string) string { return filepath.Join(dir, "sessions") }
	historyOf := func(dir string) string { return filepath.Join(dir, "history") }
	hold := func(dir string, add bool) (int, error) {
		h, err := OpenHistory(historyOf(dir), time.Now)
		if err == nil && add {
			h.Failed = func(failed error) { err = failed }
			h.add(Happening{At: time.Now(), Kind: happenedRun, Text: "pass"})
		}
		return len(h.events), err
	}
	// The proof of a session is not in the file: the first is known by its hash.
	first := entry{Kind: kindSession, Hash: digest("cookie proof"), Until: time.Now().Add(time.Hour)}
	sessions := func(dir string) (n int, err error) {
		l := &Ledger{path: ledgerOf(dir), now: time.Now}
		err = l.catchUp()
		for _, e := range l.entries {
			if e.Kind == kindSession {
				n++
			}
		}
		if err == nil && !l.holds("cookie", "proof", asked) {
			err = errors.New("the first session is lost")
		}
		return n, err
	}
	begin := func(dir string) error {
		l, err := OpenLedger(ledgerOf(dir))
		if err != nil {
			return err
		}
		return l.add(entry{Kind: kindSession, Hash: digest(fmt.Sprint(time.Now())), Until: time.Now().Add(time.Hour)})
	}
	killtest.Run(t, map[string]killtest.Save{
		"sessions": {
			Prepare: func(dir string) error {
				l, err := OpenLedger(ledgerOf(dir))
				if err != nil {
					return err
				}
				return l.add(first)
			},
			Save:  begin,
			Check: func(dir string) (bool, error) { n, err := sessions(dir); return n > 1, err },
		},
		"history": {
			Prepare: func(dir string) error { _, err := hold(dir, true); return err },
			Save:    func(dir string) error { _, err := hold(dir, true); return err },
			Check: func(dir string) (bool, error) {
				n, err := hold(dir, false)
				if err == nil && n < 1 {
					err = errors.New("the history is lost")
				}
				return n > 1, err
			},
		},
	})
}
