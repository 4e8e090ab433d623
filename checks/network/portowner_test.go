package network

import (
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"runtime"
	"strconv"
	"testing"
	"testing/fstest"
)

// at is a line of the kernel's table for a socket at a local address.
func at(local, state, inode string) string {
	return fmt.Sprintf("   0: %s 00000000:0000 %s 00000000:00000000 00:00000000 00000000  1000        0 %s 1\n", end(local), state, inode)
}

// run adds a process that has these sockets open.
func run(proc fstest.MapFS, pid, name string, inodes ...string) {
	proc[pid+"/comm"] = &fstest.MapFile{Data: []byte(name + "\n")}
	proc[pid+"/fd/0"] = &fstest.MapFile{Data: []byte("/dev/null"), Mode: fs.ModeSymlink}
	for i, inode := range inodes {
		proc[pid+"/fd/"+strconv.Itoa(i+3)] = &fstest.MapFile{Data: []byte("socket:[" + inode + "]"), Mode: fs.ModeSymlink}
	}
}

func TestPortHolder(t *testing.T) {
	t.Parallel()
	const listen, established, waiting = "0A", "01", "06"
	for _, tc := range []struct {
		name, tcp, tcp6, at string
		want                string // empty if the process is unknown
	}{
		{"it listens there", at("127.0.0.1:8710", listen, "11"), "", "127.0.0.1:8710", "python3 (process 42)"},
		{"it listens on all addresses", at("0.0.0.0:8710", listen, "11"), "", "127.0.0.1:8710", "python3 (process 42)"},
		{"it listens on all, by IPv6", "", at("[::]:8710", listen, "11"), "127.0.0.1:8710", "python3 (process 42)"},
		{"it listens at ::1", "", at("[::1]:8710", listen, "11"), "[::1]:8710", "python3 (process 42)"},
		{"all of IPv4 is not ::1", at("0.0.0.0:8710", listen, "12"), at("[::1]:8710", listen, "11"), "[::1]:8710", "python3 (process 42)"},
		{"listening goes before a connection", at("127.0.0.1:8710", established, "12") + at("127.0.0.1:8710", listen, "11"), "", "127.0.0.1:8710", "python3 (process 42)"},
		{"a connection from that port", at("127.0.0.1:8710", established, "11"), "", "127.0.0.1:8710", "python3 (process 42)"},
		{"shared by workers", at("127.0.0.1:8710", listen, "13"), "", "127.0.0.1:8710", "gunicorn (process 7)"},
		{"a name with an escape sequence", at("127.0.0.1:8710", listen, "14"), "", "127.0.0.1:8710", "evil bot (process 66)"},
		{"no name", at("127.0.0.1:8710", listen, "15"), "", "127.0.0.1:8710", "a program (process 99)"},
		{"another port", at("127.0.0.1:8711", listen, "11"), "", "127.0.0.1:8710", ""},
		{"another address", at("192.0.2.1:8710", listen, "11"), "", "127.0.0.1:8710", ""},
		{"a process that hides", at("127.0.0.1:8710", listen, "99"), "", "127.0.0.1:8710", ""},
		{"a connection that is over", at("127.0.0.1:8710", waiting, "0"), "", "127.0.0.1:8710", ""},
		{"a row that is cut", "   0: " + end("127.0.0.1:8710") + " 00000000:0000 0A\n", "", "127.0.0.1:8710", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			proc := fstest.MapFS{"net/tcp": {Data: []byte(tableHead + tc.tcp)}, "net/tcp6": {Data: []byte(tableHead + tc.tcp6)}, "self/fd/3": {Data: []byte("socket:[11]"), Mode: fs.ModeSymlink}}
			run(proc, "42", "python3", "9", "11")
			run(proc, "5", "nginx", "12", "0")
			run(proc, "10", "gunicorn", "13")
			run(proc, "7", "gunicorn", "13")
			run(proc, "66", "evil\x1b[31m\nbot\a", "14")
			run(proc, "99", "", "15")
			p, known := portHolder(proc, netip.MustParseAddrPort(tc.at))
			if known != (tc.want != "") || known && p.String() != tc.want {
				t.Errorf("got %s, %t; want %q", p, known, tc.want)
			}
		})
	}
	if p, known := portHolder(fstest.MapFS{}, netip.MustParseAddrPort("127.0.0.1:8710")); known {
		t.Errorf("without tables it is %s", p)
	}
}

func TestPortHolderForReal(t *testing.T) {
	t.Parallel()
	where := serve(t, discardAll)
	p, known := PortHolder(where)
	if known != (runtime.GOOS == "linux") || known && (p.PID != os.Getpid() || p.Name == "") {
		t.Errorf("got %s, %t; want process %d", p, known, os.Getpid())
	}
}
