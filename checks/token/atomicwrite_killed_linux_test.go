package token

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"upstox-doctor/checks/files"
)

// saves are the ways in which a token comes into a file.
var saves = map[string]struct {
	content func(token string) string
	save    func(path, token string) error
}{
	"token file": {
		func(token string) string { return token + "\n" },
		func(path, token string) error { return Store{Path: path}.Save(token) },
	},
	"env file": {
		func(token string) string { return "# mine\nUPSTOX_ACCESS_TOKEN=" + token + "\nOTHER=1\n" },
		func(path, token string) error { return SaveEnv(path, Setting{"UPSTOX_ACCESS_TOKEN", token}) },
	},
}

// fileCalls are the system calls with which a file is looked at, comes to be or
// changes. Some machines lack those with a question mark.
var fileCalls = strings.Fields("openat read write close fsync fchmod getdents64 unlinkat ?rename ?renameat ?renameat2 ?newfstatat ?fstat ?lstat ?readlinkat fcntl ?epoll_ctl")

// TestKilledSaver is no test by itself: it is the process that TestKilledSaves
// kills.
func TestKilledSaver(t *testing.T) {
	path := os.Getenv("SAVE_PATH")
	if path == "" {
		t.Skip("started by TestKilledSaves alone")
	}
	syscall.Umask(0)
	runtime.LockOSThread() // calls are counted for each thread
	if err := saves[os.Getenv("SAVE_WAY")].save(path, "new"); err != nil {
		t.Fatal(err)
	}
}

// TestKilledSaves kills a save at each system call. The old or the new token
// stands whole each time, and no other user may read what is left, though the
// umask forbids nothing.
func TestKilledSaves(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("strace"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	for way := range saves {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			kept, replaced := 0, 0
			for _, call := range fileCalls {
				for nth := 1; ; nth++ {
					killed, fresh := killAt(t, way, call, nth)
					if !killed {
						break
					}
					if fresh {
						replaced++
					} else {
						kept++
					}
				}
			}
			t.Logf("killed %d times: the old token stayed %d times, the new one stood %d times", kept+replaced, kept, replaced)
			if kept < 10 || replaced < 2 {
				t.Error("the kills did not fall on both sides of the moment at which the new token stands")
			}
		})
	}
}

// killAt kills a save when a thread makes the system call for the nth time. It
// returns whether that came to be, and whether the new token stands.
func killAt(t *testing.T, way, call string, nth int) (killed, fresh bool) {
	t.Helper()
	dir, content := t.TempDir(), saves[way].content
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, []byte(content("old")), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("strace", "-f", "-qq", "-o", os.DevNull, "-e", "trace="+call,
		"-e", fmt.Sprintf("inject=%s:signal=KILL:when=%d", call, nth),
		os.Args[0], "-test.run=^TestKilledSaver$")
	cmd.Env = append(os.Environ(), "SAVE_PATH="+path, "SAVE_WAY="+way, "GOMAXPROCS=1")
	said, err := cmd.CombinedOutput()
	var failed *exec.ExitError
	if err != nil && (!errors.As(err, &failed) || failed.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL) {
		t.Fatalf("%s %d: %v\n%s", call, nth, err, said)
	}
	data, readErr := os.ReadFile(path)
	fresh = string(data) == content("new")
	if readErr != nil || !fresh && string(data) != content("old") || err == nil && !fresh {
		t.Errorf("killed at %s %d, the file holds %q, %v", call, nth, data, readErr)
	}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || info.Mode().Perm() != 0o600 || e.Name() != "file" && !strings.HasPrefix(e.Name(), files.DraftPrefix) {
			t.Errorf("killed at %s %d, %s is left with %v, %v", call, nth, e.Name(), info.Mode(), err)
		}
	}
	return err != nil, fresh
}
