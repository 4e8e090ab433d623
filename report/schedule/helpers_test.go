package schedule

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// awkward names a directory with everything that some syntax would obey.
const awkward = `it's 100% "my" $HOME & <b> \t%n ₹;`

// onFail uses its own quotes, a variable, a pipe, and what cron, systemd, XML
// and cmd.exe would obey. It writes what onFailTells into the file told.
const (
	onFail      = `printf '%s|' "a b" 'c"d' "$HOME" 100% \\ '%n ₹' 'a\\\b\\%' >told & wait; echo "it's <$((1+1))>" | cat >>told #`
	onFailTells = `a b|c"d|/home/me|100%|\|%n ₹|a\\\b\\%|it's <2>` + "\n"
)

// stage makes the directory, the doctor in it, and options that name both. The
// doctor is this test's own program by another name.
func stage(t *testing.T, k Kind) Options {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no such names on Windows")
	}
	need(t, "sh")
	o := options(k)
	o.Dir = filepath.Join(t.TempDir(), awkward)
	if err := os.Mkdir(o.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	o.Program = filepath.Join(o.Dir, `doctor's 50% "$x" \n`)
	if err := os.Symlink(self, o.Program); err != nil {
		t.Fatal(err)
	}
	o.EnvFile, o.TokenFile, o.OnFail = filepath.Join(o.Dir, ".env $y 20%"), filepath.Join(o.Dir, `"t'`), onFail
	return o
}

// run starts the words as the scheduler would, and returns the exit status.
func run(t *testing.T, dir string, words ...string) int {
	t.Helper()
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Dir = dir
	cmd.Env = []string{"HOME=/home/me", "PATH=" + os.Getenv("PATH")}
	said, err := cmd.CombinedOutput()
	if len(said) > 0 {
		t.Errorf("%q prints %s", words, said)
	}
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode()
}

// called reads how the doctor was called.
func called(t *testing.T, dir string) (args []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "called.json"))
	if err != nil {
		t.Fatalf("the doctor did not run in its directory: %v", err)
	}
	if err := json.Unmarshal(text, &args); err != nil {
		t.Fatal(err)
	}
	return args
}

// want compares what happened in the directory with what should have: the
// arguments, and what the command of a failed run told.
func want(t *testing.T, o Options, args []string, told string) {
	t.Helper()
	args = append(args, "--env-file", o.EnvFile, "--token-file", o.TokenFile)
	if diff := cmp.Diff(args, called(t, o.Dir)); diff != "" {
		t.Errorf("arguments (-want +got):\n%s", diff)
	}
	got, err := os.ReadFile(filepath.Join(o.Dir, "told"))
	if err != nil && told != "" {
		t.Errorf("the command of a failed run did not run: %v", err)
	}
	if diff := cmp.Diff(told, string(got)); diff != "" {
		t.Errorf("the command told (-want +got):\n%s", diff)
	}
}

// recovered makes the doctor find nothing wrong.
func recovered(t *testing.T, o Options) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(o.Dir, "healthy"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	os.Remove(filepath.Join(o.Dir, "told"))
}

// need skips a test on a machine without the program. In CI on Linux, where
// all of them can be had, that is a failure.
func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err == nil {
		return
	}
	if os.Getenv("CI") != "" && runtime.GOOS == "linux" {
		t.Fatal("no " + program)
	}
	t.Skip("no " + program)
}
