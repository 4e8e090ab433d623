package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"upstox-doctor/report"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"upstox-doctor": main})
}

// TestScripts plays the stories in testdata/script, one per file, against the
// whole program in a process of its own.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exit-status": exitStatus,
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

// doctor is the program in a directory of its own, behind a proxy that
// accepts and stays silent: every run waits there until it is stopped.
type doctor struct {
	*exec.Cmd
	out, errs bytes.Buffer
	waiting   chan bool // told of each connection to the proxy
}

func stuck(t *testing.T, args ...string) *doctor {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := &doctor{waiting: make(chan bool, 8)}
	ended := make(chan bool)
	go func() {
		defer close(ended)
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
			d.waiting <- true
		}
	}()
	t.Cleanup(func() { ln.Close(); <-ended })
	d.Cmd = &exec.Cmd{Path: os.Args[0], Args: append([]string{"upstox-doctor"}, args...), Dir: t.TempDir(), Stdout: &d.out, Stderr: &d.errs}
	d.Env = append(os.Environ(), "HTTPS_PROXY=http://"+ln.Addr().String())
	return d
}

// report reads the one document on standard output.
func (d *doctor) report(t *testing.T) report.Document {
	t.Helper()
	var doc report.Document
	if err := json.Unmarshal(d.out.Bytes(), &doc); err != nil {
		t.Fatalf("standard output is no document: %v\n%s%s", err, d.out.String(), d.errs.String())
	}
	return doc
}

func TestInterruptPrintsWhatIsKnown(t *testing.T) {
	t.Parallel()
	d := stuck(t, "-o", "json", "--timeout", "50s")
	if err := d.Start(); err != nil {
		t.Fatal(err)
	}
	<-d.waiting
	if err := d.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if got := statusOf(d.Wait()); got != 130 {
		t.Errorf("exit status %d, want 130: %s", got, d.errs.String())
	}
	doc := d.report(t)
	if doc.ExitCode != 130 || doc.Checks[0].Status != "pass" || doc.RootCause == nil {
		t.Errorf("exit code %d, first check %s, root cause %v", doc.ExitCode, doc.Checks[0].Status, doc.RootCause)
	}
}

func TestDeadlineEndsTheRun(t *testing.T) {
	t.Parallel()
	d := stuck(t, "-o", "json", "--timeout", "50s", "--deadline", "500ms")
	begun := time.Now()
	if got := statusOf(d.Run()); got != 4 {
		t.Errorf("exit status %d, want 4: %s", got, d.errs.String())
	}
	if doc := d.report(t); doc.Status != "error" || doc.ExitCode != 4 {
		t.Errorf("status %s, exit code %d", doc.Status, doc.ExitCode)
	}
	if took := time.Since(begun); took > 30*time.Second {
		t.Errorf("ended after %v", took)
	}
}

func TestClosedPipe(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--simulate", "healthy"}, {"--simulate", "healthy", "-o", "json"}, {"list"}, {"schema"}, {"explain", "token-expired"}} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		var errs bytes.Buffer
		cmd := &exec.Cmd{Path: os.Args[0], Args: append([]string{"upstox-doctor"}, args...), Dir: t.TempDir(), Stdout: w, Stderr: &errs}
		got := statusOf(cmd.Run())
		w.Close()
		if got != 4 || strings.Count(errs.String(), "\n") != 1 || !strings.Contains(errs.String(), "broken pipe") {
			t.Errorf("%v: exit status %d, want 4 and one line: %q", args, got, errs.String())
		}
	}
}

// TestSimulateServes starts the embedded Upstox as a user would to test a bot:
// it says what to set, and what it says works.
func TestSimulateServes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cmd := &exec.Cmd{Path: os.Args[0], Args: []string{"upstox-doctor", "simulate", "--listen", "127.0.0.1:0", "--ca-file", "ca.pem", "healthy"}, Dir: dir}
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(said)
	var url, token string
	for token == "" && lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), "serving at "); ok {
			url = rest
		}
		if rest, ok := strings.CutPrefix(lines.Text(), "UPSTOX_ACCESS_TOKEN="); ok {
			token = rest
		}
	}
	authority, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	req, err := http.NewRequestWithContext(t.Context(), "GET", url+"/v2/user/profile", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	answer, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	client.CloseIdleConnections()
	if answer.StatusCode != 200 {
		t.Errorf("profile: status %d", answer.StatusCode)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
	}
	if got := statusOf(cmd.Wait()); got != 0 {
		t.Errorf("exit status %d after an interrupt, want 0", got)
	}
}
