package token

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"upstox-doctor/checks/dotenv"
	"upstox-doctor/checks/secretstoml"
)

// shared are stores in files that hold more than the token. In the texts, @ is
// the token.
var shared = []struct {
	name, text string
	set        func(data []byte, token string) ([]byte, error)
}{
	{".env", "# mine\r\nexport UPSTOX_ACCESS_TOKEN=\"@\" # daily\r\nA=1", func(data []byte, t string) ([]byte, error) {
		return dotenv.Set(data, "UPSTOX_ACCESS_TOKEN", t)
	}},
	{"secrets.toml", "[upstox]\n  access_token = '@' # daily\n[database]\nurl = \"x\"\n", func(data []byte, t string) ([]byte, error) {
		return secretstoml.Set(data, "upstox.access_token", t)
	}},
}

func TestSaveInASharedFile(t *testing.T) {
	t.Parallel()
	for _, tc := range shared {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), tc.name)
			s := Store{Path: path, Set: tc.set}
			put(t, path, strings.Replace(tc.text, "@", "old", 1), 0o640)
			must(t, s.Check())
			must(t, s.Save(fresh))
			if got := text(t, path); got != strings.Replace(tc.text, "@", fresh, 1) {
				t.Errorf("got %q", got)
			}
			if info, _ := os.Stat(path); runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Errorf("mode %04o", info.Mode().Perm())
			}
			alone(t, path)

			must(t, os.Rename(path, path+".real"))
			link(t, tc.name+".real", path)
			must(t, s.Save("other."+fresh))
			if got := text(t, path+".real"); got != strings.Replace(tc.text, "@", "other."+fresh, 1) {
				t.Errorf("behind a link stands %q", got)
			}
			must(t, os.Remove(path))
			must(t, os.Rename(path+".real", path))

			put(t, path, "\xff\xfehunter2", 0o600)
			for _, err := range []error{s.Check(), s.Save(fresh)} {
				if err == nil || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "token file") || text(t, path) != "\xff\xfehunter2" {
					t.Errorf("what cannot be kept: %v", err)
				}
			}
		})
	}
}

func TestSaversAtOnceInASharedFile(t *testing.T) {
	t.Parallel()
	for _, tc := range shared {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), tc.name)
			put(t, path, strings.Replace(tc.text, "@", "0."+fresh, 1), 0o600)
			var all sync.WaitGroup
			for n := range 8 {
				all.Go(func() {
					for range 10 {
						if err := (Store{Path: path, Set: tc.set}).Save(fmt.Sprintf("%d.%s", n, fresh)); err != nil {
							t.Error(err)
						}
						if whole(text(t, path)) != tc.text {
							t.Errorf("read %q while others save", text(t, path))
						}
					}
				})
			}
			all.Wait()
			alone(t, path)
		})
	}
}

// whole puts @ in the place of a token that a saver has written.
func whole(text string) string {
	at := strings.Index(text, "."+fresh)
	if at < 1 {
		return text
	}
	return text[:at-1] + "@" + text[at+1+len(fresh):]
}

// TestSharedSaverProcess is no test of its own: it is the process that
// TestKilledSaversInASharedFile kills.
func TestSharedSaverProcess(t *testing.T) {
	path := os.Getenv("SHARED_SAVER_PATH")
	if path == "" {
		t.Skip("started by TestKilledSaversInASharedFile")
	}
	fmt.Println("saving")
	for n := 0; ; n++ {
		for _, tc := range shared {
			if tc.name == filepath.Base(path) {
				(Store{Path: path, Set: tc.set}).Save(fmt.Sprintf("%d.%s", n%10, fresh))
			}
		}
	}
}

func TestKilledSaversInASharedFile(t *testing.T) {
	t.Parallel()
	for _, tc := range shared {
		path := filepath.Join(t.TempDir(), tc.name)
		put(t, path, strings.Replace(tc.text, "@", "0."+fresh, 1), 0o600)
		for n := range 12 {
			cmd := exec.Command(os.Args[0], "-test.run=^TestSharedSaverProcess$")
			cmd.Env = append(os.Environ(), "SHARED_SAVER_PATH="+path)
			out, err := cmd.StdoutPipe()
			must(t, err)
			must(t, cmd.Start())
			if line, _ := bufio.NewReader(out).ReadString('\n'); line != "saving\n" {
				t.Fatalf("the saver says %q", line)
			}
			<-time.After(time.Duration(n*n) * 200 * time.Microsecond) // another moment each time
			must(t, cmd.Process.Kill())
			cmd.Wait()
			if got := text(t, path); whole(got) != tc.text {
				t.Fatalf("after kill %d: %q", n, got)
			}
		}
	}
}
