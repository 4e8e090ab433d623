package main

import (
	"errors"
	"flag"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"upstox-doctor/fixtures/sim"
)

// TestMain lets many stories wait side by side.
func TestMain(m *testing.M) {
	flag.Set("test.parallel", "8")
	testscript.Main(m, map[string]func(){"upstox-doctor": main, "xdg-open": browse})
}

// TestScripts plays the stories in testdata/script, one per file, against the
// whole program in a process of its own.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exit-status":  exitStatus,
			"free-address": freeAddress,
		},
	})
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
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[0], "http://"+ln.Addr().String()+"/callback")
	ts.Check(ln.Close())
}

// browse is a browser whose user signs in on the page that it is given, and
// follows where that leads.
func browse() {
	back, err := sim.SignIn(http.DefaultClient, os.Args[1])
	if err != nil {
		os.Exit(1)
	}
	answer, err := http.Get(back.String())
	if err != nil || answer.StatusCode != 200 {
		os.Exit(1)
	}
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
