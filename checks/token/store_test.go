package token

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"upstox-doctor/checks/files"
)

// fresh is a token of our own making.
var fresh = "eyJhbGciOiJIUzI1NiJ9." + strings.Repeat("fresh", 60) + ".c2lnbmF0dXJl"

func put(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func text(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// alone fails if anything but the named file is left in its directory.
func alone(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != filepath.Base(path) {
			t.Errorf("%s is left behind", e.Name())
		}
	}
}

func TestSaveKeepsTheForm(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, old, want string }{
		{"empty", "", "@"},
		{"plain", "old", "@"},
		{"plain with a line end", "old\n", "@\n"},
		{"plain with a Windows line end", "old\r\n", "@\r\n"},
		{"a placeholder", "{your_token}", "@"},
		{"object", `{"access_token":"old"}`, `{"access_token":"@"}`},
		{"other fields and white space", "{\n  \"user\": \"A<B\",\n  \"access_token\" : \"old\",\n  \"n\": 1.50\n}\n", "{\n  \"user\": \"A<B\",\n  \"access_token\" : \"@\",\n  \"n\": 1.50\n}\n"},
		{"another name", `{"accessToken":"old","x":[1,{"access_token":"y"}]}`, `{"accessToken":"@","x":[1,{"access_token":"y"}]}`},
		{"wrapped", `{"status":"success","data":{"access_token":"old","a":1}}`, `{"status":"success","data":{"access_token":"@","a":1}}`},
		{"null", `{"access_token":null,"a":1}`, `{"access_token":"@","a":1}`},
		{"twice", `{"access_token":"one","access_token":"two"}`, `{"access_token":"one","access_token":"@"}`},
		{"escaped name", `{"access\u005ftoken":"old"}`, `{"access\u005ftoken":"@"}`},
		{"no place", `{"user":"A"}`, `{"access_token":"@","user":"A"}`},
		{"an empty object", `{}`, `{"access_token":"@"}`},
		{"an error answer", `{"status":"error","errors":[{"errorCode":"UDAPI100057"}]}`, `{"access_token":"@"}`},
		{"string", "\"old\"\n", "\"@\"\n"},
		{"assignment", "# mine\nexport UPSTOX_ACCESS_TOKEN='old' # x\nA=1\n", "# mine\nexport UPSTOX_ACCESS_TOKEN='@' # x\nA=1\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), ".upstox_token")
			put(t, path, tc.old, 0o644)
			if err := (Store{Path: path}).Save(fresh); err != nil {
				t.Fatal(err)
			}
			if got, want := text(t, path), strings.ReplaceAll(tc.want, "@", fresh); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if f, err := ReadFile(path); err != nil || f.Token != fresh && strings.TrimSpace(f.Token) != fresh || f.Shared {
				t.Errorf("read back: %v, %v", f, err)
			}
			alone(t, path)
		})
	}
}

func TestSaveNewFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), ".upstox_token")
	if err := (Store{Path: path}).Check(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the check wrote the file")
	}
	if err := (Store{Path: path}).Save(fresh); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || text(t, path) != fresh {
		t.Fatalf("%v, %q", err, text(t, path))
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %04o", info.Mode().Perm())
	}
	alone(t, path)
}

// TestSaveFollowsALinkBelowItsDirectory: the link stays, and the file behind it
// has the token.
func TestSaveFollowsALinkBelowItsDirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, real := filepath.Join(dir, ".env"), filepath.Join(dir, "conf", "real.env")
	must(t, os.Mkdir(filepath.Dir(real), 0o755))
	put(t, real, "A=1\n", 0o600)
	link(t, filepath.Join("conf", "real.env"), path)
	if err := SaveEnv(path, Setting{"UPSTOX_ACCESS_TOKEN", "fresh"}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeSymlink == 0 || text(t, real) != "A=1\nUPSTOX_ACCESS_TOKEN=fresh\n" {
		t.Errorf("%v, the file behind it holds %q", err, text(t, real))
	}
}

func TestSaveRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, want string
		make       func(t *testing.T, path string)
	}{
		{"a directory", "is a directory", func(t *testing.T, path string) { must(t, os.Mkdir(path, 0o755)) }},
		{"broken JSON", "not valid JSON", func(t *testing.T, path string) { put(t, path, `{"access_token": "old`, 0o600) }},
		{"a list", "without a place", func(t *testing.T, path string) { put(t, path, `["old"]`, 0o600) }},
		{"UTF-16", "not UTF-8", func(t *testing.T, path string) { put(t, path, "\xff\xfeo\x00", 0o600) }},
		{"a link out of the directory", "out of its directory", func(t *testing.T, path string) {
			other := filepath.Join(t.TempDir(), "victim")
			put(t, other, "untouched", 0o600)
			link(t, other, path)
			t.Cleanup(func() {
				if text(t, other) != "untouched" {
					t.Error("the file behind the link was written")
				}
			})
		}},
		{"a chain of links that ends outside", "out of its directory", func(t *testing.T, path string) {
			other := filepath.Join(t.TempDir(), "victim")
			put(t, other, "untouched", 0o600)
			link(t, other, path+".2")
			link(t, filepath.Base(path)+".2", path)
		}},
		{"a link to nothing", "leads nowhere", func(t *testing.T, path string) { link(t, "gone", path) }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), ".upstox_token")
			tc.make(t, path)
			before, _ := os.ReadFile(path)
			for act, err := range map[string]error{"check": (Store{Path: path}).Check(), "save": (Store{Path: path}).Save(fresh)} {
				if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "old") || strings.Contains(err.Error(), "fresh") {
					t.Errorf("%s: %v, want one about %q without any token", act, err, tc.want)
				}
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
				t.Error("the old file changed")
			}
		})
	}
}

func TestSaveFollowsALinkWithinTheDirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, filepath.Join(dir, "real"), "old", 0o600)
	link(t, "real", filepath.Join(dir, ".upstox_token"))
	if err := (Store{Path: filepath.Join(dir, ".upstox_token")}).Save(fresh); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Lstat(filepath.Join(dir, ".upstox_token")); info.Mode()&fs.ModeSymlink == 0 {
		t.Error("the link is gone")
	}
	if text(t, filepath.Join(dir, "real")) != fresh {
		t.Error("the file behind the link is old")
	}
}

func TestSaveWithoutAToken(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), ".upstox_token")
	put(t, path, "old", 0o600)
	if err := (Store{Path: path}).Save(""); err == nil || text(t, path) != "old" {
		t.Errorf("error %v, file %q", err, text(t, path))
	}
}

func TestReadOnlyDirectoryKeepsTheToken(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("directories have no such mode")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, ".upstox_token")
	put(t, path, "old", 0o600)
	must(t, os.Chmod(dir, 0o555))
	t.Cleanup(func() { os.Chmod(dir, 0o755) })
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere; TestUnwritablePlace stands in")
	}
	if err := (Store{Path: path}).Save(fresh); !errors.Is(err, fs.ErrPermission) || text(t, path) != "old" {
		t.Errorf("error %v, file %q", err, text(t, path))
	}
}

// TestUnwritablePlace does what a read-only directory does, for root too.
func TestUnwritablePlace(t *testing.T) {
	t.Parallel()
	for _, path := range []string{filepath.Join(t.TempDir(), "no", "such", "dir"), "/proc/.upstox_token"} {
		if runtime.GOOS != "linux" && strings.HasPrefix(path, "/proc") {
			continue
		}
		for act, err := range map[string]error{"check": (Store{Path: path}).Check(), "save": (Store{Path: path}).Save(fresh)} {
			if err == nil || !strings.Contains(err.Error(), "cannot be written") {
				t.Errorf("%s %s: %v", act, path, err)
			}
		}
	}
}

func TestSaversAtOnceLeaveOneWholeToken(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), ".upstox_token")
	put(t, path, `{"access_token":"old","keep":"me"}`, 0o600)
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			for range 10 {
				if err := (Store{Path: path}).Save(fmt.Sprintf("%d.%s", n, fresh)); err != nil {
					t.Error(err)
				}
				if f, err := ReadFile(path); err != nil || f.Token[1:] != "."+fresh {
					t.Errorf("read %v, %v while others save", f, err)
				}
			}
		})
	}
	all.Wait()
	if !strings.HasSuffix(text(t, path), `","keep":"me"}`) {
		t.Error("the other field is lost")
	}
	alone(t, path)
}

// TestSaverProcess is no test of its own: it is the process that
// TestKilledSavers kills.
func TestSaverProcess(t *testing.T) {
	path := os.Getenv("TOKEN_SAVER_PATH")
	if path == "" {
		t.Skip("started by TestKilledSavers")
	}
	fmt.Println("saving")
	for n := 0; ; n++ {
		if err := (Store{Path: path}).Save(fmt.Sprintf("%d.%s", n%10, fresh)); err != nil {
			fmt.Println(err)
		}
	}
}

func TestKilledSaversLoseNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), ".upstox_token")
	put(t, path, "0."+fresh, 0o600)
	for n := range 25 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestSaverProcess$")
		cmd.Env = append(os.Environ(), "TOKEN_SAVER_PATH="+path)
		out, err := cmd.StdoutPipe()
		must(t, err)
		must(t, cmd.Start())
		if line, _ := bufio.NewReader(out).ReadString('\n'); line != "saving\n" {
			t.Fatalf("the saver says %q", line)
		}
		<-time.After(time.Duration(n*n) * 50 * time.Microsecond) // another moment each time
		must(t, cmd.Process.Kill())
		cmd.Wait()
		if f, err := ReadFile(path); err != nil || len(f.Token) != len(fresh)+2 || f.Token[1:] != "."+fresh {
			t.Fatalf("after kill %d: %v, %v", n, f, err)
		}
	}
	if err := (Store{Path: path}).Save(fresh); err != nil || text(t, path) != fresh {
		t.Error("a later save does not work:", err)
	}
}

func TestOldDraftsAreSweptAndYoungOnesAreNot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, ".upstox_token")
	for name, age := range map[string]time.Duration{files.DraftPrefix + "dead": 2 * time.Minute, files.DraftPrefix + "alive": 0, "mine": 2 * time.Minute} {
		put(t, filepath.Join(dir, name), fresh, 0o600)
		must(t, os.Chtimes(filepath.Join(dir, name), time.Now().Add(-age), time.Now().Add(-age)))
	}
	must(t, (Store{Path: path}).Save(fresh))
	for name, there := range map[string]bool{files.DraftPrefix + "dead": false, files.DraftPrefix + "alive": true, "mine": true} {
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != there {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSaveEnv(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), ".env")
	put(t, path, "A=1 # x\r\nUPSTOX_ACCESS_TOKEN='old'\r\n", 0o640)
	must(t, SaveEnv(path, Setting{"UPSTOX_ACCESS_TOKEN", fresh}, Setting{"B", "two words"}))
	if got, want := text(t, path), "A=1 # x\r\nUPSTOX_ACCESS_TOKEN='"+fresh+"'\r\nB='two words'\r\n"; got != want {
		t.Errorf("got %q", got)
	}
	if info, _ := os.Stat(path); runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %04o", info.Mode().Perm())
	}
	put(t, path, "A='never closed\nUPSTOX_ACCESS_TOKEN=\"o\nld\"\n", 0o600)
	before := text(t, path)
	err := SaveEnv(path, Setting{"UPSTOX_ACCESS_TOKEN", fresh})
	if err != nil && (strings.Contains(err.Error(), "token file") || strings.Contains(err.Error(), "fresh") || text(t, path) != before) {
		t.Errorf("%v, %q", err, text(t, path))
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, to, path string) {
	t.Helper()
	if err := os.Symlink(to, path); err != nil {
		t.Skip("no symbolic links:", err)
	}
}

// TestReplaceRefusesWhatIsNoFile: what stands in the place of a token file is
// not replaced by one, such as the null device by root.
func TestReplaceRefusesWhatIsNoFile(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "device")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := replace(dir, []byte("token"), 0o600); err == nil || !strings.Contains(err.Error(), "is not a regular file") {
		t.Errorf("got %v", err)
	}
}
