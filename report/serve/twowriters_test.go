//go:build linux || darwin

package serve

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// TestTwoServersKeepOneHistory: neither loses what the other has written.
func TestTwoServersKeepOneHistory(t *testing.T) {
	t.Parallel()
	const each = 30
	path := filepath.Join(t.TempDir(), "history")
	var done sync.WaitGroup
	for server := range 2 {
		h, err := OpenHistory(path, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		h.Failed = func(err error) { t.Error(err) }
		done.Go(func() {
			for i := range each {
				h.add(Happening{At: time.Now(), Kind: happenedRun, Text: fmt.Sprint(server, " ", i)})
			}
		})
	}
	done.Wait()
	h, err := OpenHistory(path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, e := range h.events {
		seen[e.Text] = true
	}
	if len(seen) != 2*each || len(h.events) != 2*each {
		t.Errorf("%d of %d happenings are kept, %d different ones", len(h.events), 2*each, len(seen))
	}
}

// TestTwoServersKeepOneLedger: a session that one begins outlives that the other
// puts a new file in its place.
func TestTwoServersKeepOneLedger(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "sessions")
	one, err := OpenLedger(path)
	if err != nil {
		t.Fatal(err)
	}
	other, err := OpenLedger(path)
	if err != nil {
		t.Fatal(err)
	}
	var done sync.WaitGroup
	done.Go(func() {
		for i := range maxSessions {
			if err := one.add(entry{Kind: kindSession, Hash: fmt.Sprint(i), Until: time.Now().Add(time.Hour)}); err != nil {
				t.Error(err)
			}
		}
	})
	done.Go(func() {
		for range maxSessions {
			other.mu.Lock()
			err := other.tidy()
			other.mu.Unlock()
			if err != nil {
				t.Error(err)
			}
		}
	})
	done.Wait()
	other.mu.Lock()
	defer other.mu.Unlock()
	for i := range maxSessions {
		if other.find(kindSession, fmt.Sprint(i)) < 0 {
			t.Errorf("session %d is lost", i)
		}
	}
}
