package login

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/network"
)

// holding makes another process of this test hold a port until its standard
// input ends.
const holding = "UPSTOX_DOCTOR_TEST_HOLDS_A_PORT"

// TestHelperHoldsAPort is that other process; in the suite it does nothing.
func TestHelperHoldsAPort(t *testing.T) {
	if os.Getenv(holding) == "" {
		return
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("holds", ln.Addr())
	io.Copy(io.Discard, os.Stdin)
	ln.Close()
}

// TestPortBusyNamesTheOwner lets another process have the port of the
// redirect URI.
func TestPortBusyNamesTheOwner(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	other := exec.CommandContext(t.Context(), self, "-test.run=^TestHelperHoldsAPort$")
	other.Env = append(os.Environ(), holding+"=1")
	hold, err := other.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	said, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		hold.Close()
		io.Copy(io.Discard, said)
		other.Wait()
	})
	line, err := bufio.NewReader(said).ReadString('\n')
	where, ok := strings.CutPrefix(strings.TrimSpace(line), "holds ")
	if !ok {
		t.Fatalf("the other process says %q, %v", line, err)
	}
	if got := heldBy(network.Process{Name: "upstox-doctor", PID: 7}); got != "held by upstox-doctor (process 7): another login is open" {
		t.Errorf("another login is %q", got)
	}
	want := where + " is taken by another program"
	if runtime.GOOS == "linux" {
		name := filepath.Base(self)
		want = fmt.Sprintf("%s is held by %s (process %d)", where, name[:min(len(name), 15)], other.Process.Pid)
	}
	_, port, _ := net.SplitHostPort(where)
	for _, redirect := range []string{"http://" + where + "/cb", "http://localhost:" + port + "/cb"} {
		at, _ := landing(redirect)
		_, err := listen(t.Context(), at, theState, NewLanding("", ""))
		f, _ := errors.AsType[*Failure](err)
		if f == nil || f.Entry != catalog.LoginPortBusy || f.Seen != want {
			t.Errorf("%s: got %v, want %q", redirect, err, want)
		}
	}
}
