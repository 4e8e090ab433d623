package network

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"testing"
	"testing/fstest"
)

func TestSocketOwners(t *testing.T) {
	t.Parallel()
	proc := fstest.MapFS{}
	run(proc, "42", "python3", "9", "11", "12")
	run(proc, "7", "node", "13")
	run(proc, "5", "nginx", "14")
	if got := fmt.Sprint(slices.Collect(socketOwners(proc, []string{"11", "12", "13", "99"}))); got != "[node (process 7) python3 (process 42)]" {
		t.Error(got)
	}
}

// Scripted sockets have scripted owners. Sockets without an inode are left out.
func TestLocalPrograms(t *testing.T) {
	t.Parallel()
	table := tableHead +
		"   0: 0100007F:C351 077100CB:01BB 01 00000000:00000000 00:00000000 00000000  1000        0 71 1\n" +
		"   1: 0100007F:C352 077100CB:01BB 01 00000000:00000000 00:00000000 00000000  1000        0 0 1\n" +
		"   2: 0100007F:C353 077100CB:01BB 06 00000000:00000000 00:00000000 00000000  1000        0 73 1\n"
	n := Network{Sockets: fstest.MapFS{"tcp": {Data: []byte(table)}}}
	if got := n.LocalPrograms(addrs("203.0.113.7"), 443); got != nil {
		t.Errorf("owners are not known, got %v", got)
	}
	var asked []string
	n.Owners = func(inodes []string) []Process {
		asked = inodes
		return []Process{{"python3", 42}}
	}
	if got := fmt.Sprint(n.LocalPrograms(addrs("203.0.113.7"), 443)); got != "[python3 (process 42)]" || !slices.Equal(asked, []string{"71"}) {
		t.Errorf("got %s of %v", got, asked)
	}
	if got := n.LocalPrograms(addrs("198.51.100.1"), 443); got != nil {
		t.Errorf("no socket leads there, got %v", got)
	}
}

// A second process that is connected to the same server is counted and named,
// and this one is not.
func TestLocalProgramsOfThisMachine(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells")
	}
	accepted := make(chan bool, 2)
	at := serve(t, func(c net.Conn) { accepted <- true; discardAll(c) })
	dialTo(t, at)
	other := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSecondProcess$")
	other.Env = append(os.Environ(), dialVariable+"="+at.String())
	end, err := other.StdinPipe()
	if err == nil {
		err = other.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	<-accepted
	<-accepted
	want := Process{"network.test", other.Process.Pid}
	if got := new(Network).LocalPrograms(addrs("127.0.0.1"), at.Port()); !slices.Equal(got, []Process{want}) {
		t.Errorf("got %v, want %v alone", got, want)
	}
	if n, known := new(Network).LocalPeers(addrs("127.0.0.1"), at.Port()); n != 1 || !known {
		t.Errorf("%d connections, want that of the second process", n)
	}
	end.Close()
	if err := other.Wait(); err != nil {
		t.Error(err)
	}
}

// dialVariable tells TestSecondProcess where to connect.
const dialVariable = "NETWORK_TEST_DIAL"

// TestSecondProcess is the second process of TestLocalProgramsOfThisMachine: it
// holds a connection until its standard input ends.
func TestSecondProcess(t *testing.T) {
	to := os.Getenv(dialVariable)
	if to == "" {
		t.Skip("run by another test")
	}
	conn, err := net.Dial("tcp", to)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	io.Copy(io.Discard, os.Stdin)
}
