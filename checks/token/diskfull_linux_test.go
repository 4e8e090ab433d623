package token

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// small mounts a file system of 64 KiB that lasts as long as the test. Where
// that is not allowed it skips the test; where CI is set in the environment it
// fails it.
func small(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=64k,mode=0700")
	switch {
	case err == nil:
		t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
	case os.Getenv("CI") != "":
		t.Fatal("no file system can be mounted:", err)
	default:
		t.Skip("no file system can be mounted:", err)
	}
	return dir
}

// full leaves no byte of the file system free.
func full(t *testing.T, dir string) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "ballast"))
	for err == nil {
		_, err = f.Write(make([]byte, 4<<10))
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal("fill the disk:", err)
	}
	f.Close()
}

// TestNoPlaceForAToken: the check tells it before anybody logs in, and saving
// leaves the old file as it was and nothing beside it.
func TestNoPlaceForAToken(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, want string
		spoil      func(t *testing.T, dir string)
	}{
		{"a full disk", "cannot be written: no space left on device", full},
		{"a read-only disk", "cannot be written: read-only file system", func(t *testing.T, dir string) {
			must(t, unix.Mount("", dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""))
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := small(t)
			path := filepath.Join(dir, ".upstox_token")
			old := `{"access_token":"old","user":"A1"}`
			put(t, path, old, 0o600)
			must(t, (Store{Path: path}).Check())
			tc.spoil(t, dir)
			for act, err := range map[string]error{
				"check": (Store{Path: path}).Check(), "save": (Store{Path: path}).Save(fresh), "save in .env": SaveEnv(path, Setting{"A", fresh}),
			} {
				if err == nil || !strings.HasSuffix(err.Error(), tc.want) || strings.Contains(err.Error(), "fresh") {
					t.Errorf("%s: %v, want %q", act, err, tc.want)
				}
			}
			if text(t, path) != old {
				t.Error("the old file changed")
			}
			os.Remove(filepath.Join(dir, "ballast"))
			alone(t, path)
		})
	}
}

func TestNoPlaceInASharedFile(t *testing.T) {
	t.Parallel()
	for _, tc := range shared {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := small(t)
			s := Store{Path: filepath.Join(dir, tc.name), Set: tc.set}
			put(t, s.Path, tc.text, 0o600)
			must(t, s.Check())
			full(t, dir)
			for act, err := range map[string]error{"check": s.Check(), "save": s.Save(fresh)} {
				if err == nil || !strings.HasSuffix(err.Error(), "cannot be written: no space left on device") || strings.Contains(err.Error(), "fresh") {
					t.Errorf("%s: %v", act, err)
				}
			}
			if text(t, s.Path) != tc.text {
				t.Error("the old file changed")
			}
			os.Remove(filepath.Join(dir, "ballast"))
			alone(t, s.Path)
		})
	}
}
