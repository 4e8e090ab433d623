package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// another is a user that owns nothing else.
const another = 65534

// shared makes a directory of a mode with a link in it, of another user or of this
// one, that leads to a file beside it which holds "old" or does not exist.
func shared(t *testing.T, mode fs.FileMode, owner int, exists bool) (link, target string) {
	t.Helper()
	root := t.TempDir()
	dir, target := filepath.Join(root, "shared"), filepath.Join(root, "target")
	link = filepath.Join(dir, "link")
	err := errors.Join(os.Mkdir(dir, 0o700), os.Chmod(dir, mode), os.Symlink("../target", link))
	if exists {
		err = errors.Join(err, os.WriteFile(target, []byte("old"), 0o600))
	}
	if owner != os.Geteuid() {
		if os.Geteuid() != 0 {
			t.Skip("only the superuser makes files of another user")
		}
		err = errors.Join(err, os.Lchown(link, owner, owner))
	}
	if err != nil {
		t.Fatal(err)
	}
	return link, target
}

// writes are the ways in which a file that is named is written.
var writes = map[string]func(path string) error{
	"replace": func(path string) error {
		return Replace(path, func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err })
	},
	"open": func(path string) error {
		f, err := OpenOutput(path, os.O_CREATE|os.O_TRUNC)
		if err != nil {
			return err
		}
		_, err = f.WriteString("new")
		return errors.Join(err, f.Close())
	},
}

// TestLinksOfOthers are not followed where all may write, whatever they lead to;
// the links of this user and of the directory's owner are.
func TestLinksOfOthers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		mode   fs.FileMode
		owner  int
		follow bool
	}{
		{"sticky", 0o777 | fs.ModeSticky, another, false},
		{"without the sticky bit", 0o777, another, false},
		{"not for all", 0o775, another, true},
		{"of this user", 0o777 | fs.ModeSticky, os.Geteuid(), true},
	} {
		for way, write := range writes {
			for _, exists := range []bool{true, false} {
				t.Run(tc.name+" "+way, func(t *testing.T) {
					t.Parallel()
					link, target := shared(t, tc.mode, tc.owner, exists)
					err := write(link)
					got, readErr := os.ReadFile(target)
					switch info, _ := os.Lstat(link); {
					case info.Mode()&fs.ModeSymlink == 0:
						t.Error("the link is replaced")
					case tc.follow && (err != nil || string(got) != "new"):
						t.Errorf("holds %q, %v", got, err)
					case tc.follow && exists:
						if info, _ := os.Stat(target); info.Mode().Perm() != 0o600 {
							t.Errorf("its mode is now %v", info.Mode())
						}
					case !tc.follow && (err == nil || !strings.Contains(err.Error(), "is a symbolic link of another user") || exists && string(got) != "old" || !exists && readErr == nil):
						t.Errorf("holds %q, %v", got, err)
					}
				})
			}
		}
	}
}

// TestChainToALinkOfAnother: a link of this user that leads to one of another.
func TestChainToALinkOfAnother(t *testing.T) {
	t.Parallel()
	link, target := shared(t, 0o777|fs.ModeSticky, another, true)
	mine := filepath.Join(t.TempDir(), "mine")
	if err := os.Symlink(link, mine); err != nil {
		t.Fatal(err)
	}
	for way, write := range writes {
		got, _ := os.ReadFile(target)
		if err := write(mine); err == nil || string(got) != "old" {
			t.Errorf("%s: holds %q, %v", way, got, err)
		}
	}
}

// TestFilesOfOthers are not written to where their owner could put them.
func TestFilesOfOthers(t *testing.T) {
	t.Parallel()
	link, _ := shared(t, 0o777|fs.ModeSticky, another, true)
	path := filepath.Join(filepath.Dir(link), "file")
	if err := errors.Join(os.WriteFile(path, []byte("old"), 0o666), os.Chown(path, another, another)); err != nil {
		t.Fatal(err)
	}
	for way, write := range writes {
		if err := write(path); err == nil || !strings.Contains(err.Error(), "is another user's") {
			t.Errorf("%s: %v", way, err)
		}
	}
	if err := os.Chmod(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := writes["open"](path); err != nil {
		t.Error(err)
	}
}

func TestFollowsWhatHasNoPathBehindIt(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	name := filepath.Join(t.TempDir(), "stdout")
	if err := os.Symlink(fmt.Sprint("/proc/self/fd/", w.Fd()), name); err != nil {
		t.Fatal(err)
	}
	if err := writes["open"](name); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 3)
	if _, err := io.ReadFull(r, got); err != nil || string(got) != "new" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestEndlessLinks(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "self")
	if err := os.Symlink("self", name); err != nil {
		t.Fatal(err)
	}
	for way, write := range writes {
		if err := write(name); err == nil || !strings.Contains(err.Error(), "too many levels of symbolic links") {
			t.Errorf("%s: %v", way, err)
		}
	}
}

// TestModesOfWhatIsReplaced: an old file keeps its mode, and a new one obeys the
// umask, of which the kernel keeps one for each process.
func TestModesOfWhatIsReplaced(t *testing.T) {
	t.Parallel()
	for umask, want := range map[string]fs.FileMode{"000": 0o644, "022": 0o644, "077": 0o600, "777": 0} {
		dir := t.TempDir()
		fresh, old, own := filepath.Join(dir, "fresh"), filepath.Join(dir, "old"), filepath.Join(dir, "own")
		if err := errors.Join(os.WriteFile(old, nil, 0o600), os.Chmod(old, 0o640)); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("sh", "-c", "umask "+umask+`; exec "$0" -test.run=^TestReplaceHere$`, os.Args[0])
		cmd.Env = append(os.Environ(), "REPLACE_HERE="+dir)
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		for path, want := range map[string]fs.FileMode{fresh: want, old: 0o640, own: 0o600} {
			if info, err := os.Stat(path); err != nil || info.Mode() != want || info.Size() != 3 {
				t.Errorf("umask %s: %v, %v", umask, info, err)
			}
		}
	}
}

// TestReplaceHere is no test by itself: it is the process with another umask.
func TestReplaceHere(t *testing.T) {
	dir := os.Getenv("REPLACE_HERE")
	if dir == "" {
		t.Skip("started by TestModesOfWhatIsReplaced alone")
	}
	err := errors.Join(writes["replace"](filepath.Join(dir, "fresh")), writes["replace"](filepath.Join(dir, "old")), Save(filepath.Join(dir, "own"), []byte("new")))
	if err != nil {
		t.Fatal(err)
	}
}
