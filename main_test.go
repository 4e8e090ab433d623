package main

import (
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"upstox-doctor/fixtures/golden"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/simtest"
	"upstox-doctor/report/command"
	"upstox-doctor/report/help"
)

// TestMain lets many stories wait side by side.
func TestMain(m *testing.M) {
	flag.Set("test.parallel", "8")
	testscript.Main(m, map[string]func(){"upstox-doctor": main, "xdg-open": browse, "profile": profile, "control": control})
}

// TestScripts plays the stories in testdata/script, one per file, against the
// whole program in a process of its own.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		// Whatever these tests run in, a browser can be opened there.
		Setup: func(env *testscript.Env) error {
			env.Setenv("BROWSER", "xdg-open")
			home := env.WorkDir + "/home"
			env.Setenv("HOME", home)
			env.Setenv("XDG_CACHE_HOME", env.WorkDir+"/cache")
			env.Setenv("LocalAppData", env.WorkDir+"/cache")
			return os.Mkdir(home, 0o700)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exit-status":  exitStatus,
			"free-address": freeAddress,
		},
		Condition: func(cond string) (bool, error) {
			if cond != "namespaces" {
				return false, fmt.Errorf("no condition %s", cond)
			}
			return exec.Command("unshare", "-Urnm", "true").Run() == nil, nil
		},
	})
}

// Each command has a story in testdata/script and a text of help.
func TestEveryCommandIsScriptedAndDocumented(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	var stories []byte
	for _, path := range paths {
		story, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		stories = append(stories, story...)
	}
	for _, c := range help.Read(commandLine(command.App{})).Commands {
		if !regexp.MustCompile(`(?m)^(! )?(exec|exit-status \d+) upstox-doctor ` + c.Name + `\b`).Match(stories) {
			t.Errorf("command %s has no story in testdata/script", c.Name)
		}
		if !slices.Contains(help.Topics(), c.Name) && c.Name != "version" {
			t.Errorf("command %s has no text in report/help", c.Name)
		}
	}
}

//go:generate go test . -run Golden -update

// TestGoldenCommands holds the table of the topic to the command line.
func TestGoldenCommands(t *testing.T) {
	t.Parallel()
	const path = "report/help/commands.md"
	topic, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, _, ok := strings.Cut(string(topic), "<!-- commands: made by go generate . -->\n")
	if !ok {
		t.Fatalf("%s lacks the mark of the table", path)
	}
	var table strings.Builder
	table.WriteString("<!-- commands: made by go generate . -->\n\n| command | what it does |\n|---|---|\n| `upstox-doctor` | run all checks |\n")
	for _, c := range help.Read(commandLine(command.App{})).Commands {
		call := strings.TrimSpace("upstox-doctor " + c.Name)
		about := c.Summary
		if len(c.Aliases) > 0 {
			about += "; `" + strings.Join(c.Aliases, "`, `") + "` is the same"
		}
		fmt.Fprintf(&table, "| `%s` | %s |\n", call, about)
	}
	golden.Compare(t, path, before+table.String()+"\n<!-- end of commands -->\n")
}

// exitStatus runs a command that must end with just this status:
// exit-status 2 upstox-doctor --wrong
func exitStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exit-status STATUS COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := statusOf(ts.Exec(args[1], args[2:]...)); got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// freeAddress sets a variable to a redirect URI without a listener:
// free-address NAME
func freeAddress(ts *testscript.TestScript, _ bool, args []string) {
	address, err := simtest.FreeAddress()
	ts.Check(err)
	ts.Setenv(args[0], "http://"+address+"/callback")
}

// browse is a browser whose user signs in on the page that it is given, and
// follows where that leads.
func browse() {
	page, err := simtest.Opened(os.Args[1])
	if err != nil {
		os.Exit(1)
	}
	back, err := sim.SignIn(http.DefaultClient, page)
	if err != nil {
		os.Exit(1)
	}
	answer, err := http.Get(back.String())
	if err != nil || answer.StatusCode != 200 {
		os.Exit(1)
	}
}

// profile asks Upstox for the profile, and prints the status of the answer.
func profile() {
	ask, _ := http.NewRequest("GET", "https://api.upstox.com/v2/user/profile", nil)
	ask.Header.Set("Authorization", "Bearer "+os.Getenv("UPSTOX_ACCESS_TOKEN"))
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("profile", answer.StatusCode)
}

// control asks the control of the simulator, and prints the status of the answer.
func control() {
	ask, _ := http.NewRequest(os.Args[1], os.Getenv("UPSTOX_SIMULATOR_CONTROL")+os.Args[2], strings.NewReader(os.Args[3]))
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(answer.StatusCode)
}

// statusOf is the exit status behind the error of a command.
func statusOf(err error) int {
	var failed *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &failed):
		return failed.ExitCode()
	}
	return -1
}
