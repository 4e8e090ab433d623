package rawio

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"
)

// TestMain also fails when a test leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// pair is a connection over loopback, from both sides.
func pair(t *testing.T) (ours, theirs *net.TCPConn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	a, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	b, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close(); b.Close() })
	return a.(*net.TCPConn), b.(*net.TCPConn)
}

// A burst is more than the sockets hold, so that both sides wait for each other.
var burst = bytes.Repeat([]byte("0123456789abcdef"), 1<<18)

func TestConnReadsAllThatComes(t *testing.T) {
	ours, theirs := pair(t)
	go func() {
		theirs.Write(burst)
		theirs.CloseWrite()
	}()
	var got bytes.Buffer
	// Copied by Read alone: the connection's own WriteTo is hidden.
	if _, err := io.Copy(&got, struct{ io.Reader }{Conn(ours)}); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), burst) {
		t.Errorf("%d bytes of %d came, or others", got.Len(), len(burst))
	}
}

// A read that finds nothing must wait for what comes later: it has begun when
// the peer learns of it.
func TestConnWaits(t *testing.T) {
	ours, theirs := pair(t)
	c := Conn(ours)
	go func() {
		question := make([]byte, 1)
		theirs.Read(question)
		theirs.Write(question)
	}()
	ours.Write([]byte("?"))
	answer := make([]byte, 8)
	n, err := c.Read(answer)
	if string(answer[:n]) != "?" || err != nil {
		t.Errorf("read %q, %v", answer[:n], err)
	}
	if n, err := c.Read(nil); n != 0 || err != nil {
		t.Errorf("read nothing: %d, %v", n, err)
	}
}

// However a connection ends, it says so in the words of the connection that is
// read.
func TestConnEndsLikeTheOther(t *testing.T) {
	for _, tt := range []struct {
		name string
		end  func(ours, theirs *net.TCPConn)
		is   error
	}{
		{"closed by the peer", func(_, theirs *net.TCPConn) { theirs.Close() }, io.EOF},
		{"reset", func(_, theirs *net.TCPConn) { theirs.SetLinger(0); theirs.Close() }, syscall.ECONNRESET},
		{"closed by us", func(ours, _ *net.TCPConn) { ours.Close() }, net.ErrClosed},
		{"too late", func(ours, _ *net.TCPConn) { ours.SetReadDeadline(time.Now()) }, os.ErrDeadlineExceeded},
		{"too late while it waits", func(ours, _ *net.TCPConn) {
			ours.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		}, os.ErrDeadlineExceeded},
	} {
		t.Run(tt.name, func(t *testing.T) {
			read := func(wrap func(net.Conn) net.Conn) error {
				ours, theirs := pair(t)
				tt.end(ours, theirs)
				n, err := wrap(ours).Read(make([]byte, 8))
				if n != 0 {
					t.Errorf("read %d bytes of none", n)
				}
				// Only the ports differ from one connection to the next.
				if e := (*net.OpError)(nil); errors.As(err, &e) {
					if e.Source.String() != ours.LocalAddr().String() || e.Addr.String() != ours.RemoteAddr().String() {
						t.Errorf("%v: not of this connection", err)
					}
					e.Source, e.Addr = nil, nil
				}
				return err
			}
			want := read(func(c net.Conn) net.Conn { return c })
			got := read(Conn)
			if !errors.Is(got, tt.is) || got.Error() != want.Error() {
				t.Errorf("got %v, want %v", got, want)
			}
			if e := net.Error(nil); errors.As(want, &e) && !errors.As(got, &e) {
				t.Errorf("%v is no net.Error", got)
			}
		})
	}
}

func TestOthersStayAsTheyAre(t *testing.T) {
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	if Conn(a) != a {
		t.Error("a connection without a socket was changed")
	}
	var w io.Writer = new(bytes.Buffer)
	if Writer(w) != w {
		t.Error("a writer without a file was changed")
	}
}

// What is written by turns arrives in that order, in files too.
func TestWriterKeepsThePlace(t *testing.T) {
	for name, flag := range map[string]int{"new": os.O_TRUNC, "appended to": os.O_APPEND} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "out")
			if err := os.WriteFile(path, []byte("old "), 0o600); err != nil {
				t.Fatal(err)
			}
			f, err := os.OpenFile(path, os.O_WRONLY|flag, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			w := Writer(f)
			for _, one := range []io.Writer{w, f, w, w} {
				if n, err := one.Write([]byte("ab")); n != 2 || err != nil {
					t.Fatal(n, err)
				}
			}
			want := "abababab"
			if flag == os.O_APPEND {
				want = "old " + want
			}
			if text, _ := os.ReadFile(path); string(text) != want {
				t.Errorf("%q, want %q", text, want)
			}
		})
	}
}

// A pipe takes what it has room for at once. The rest must not keep the one
// processor there is from the goroutine that makes room.
func TestWriterWaitsForRoom(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for range 20 {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		r, w = blocking(t, r), blocking(t, w)
		done := make(chan []byte)
		go func() {
			all, _ := io.ReadAll(r)
			done <- all
		}()
		for from := 0; from < len(burst); from += 100_000 {
			piece := burst[from:min(from+100_000, len(burst))]
			if n, err := Writer(w).Write(piece); n != len(piece) || err != nil {
				t.Fatal(n, err)
			}
		}
		w.Close()
		if all := <-done; !bytes.Equal(all, burst) {
			t.Fatalf("%d bytes of %d came, or others", len(all), len(burst))
		}
		r.Close()
	}
}

// blocking is a file as a shell hands it on: one that Go cannot wait for
// without a thread.
func blocking(t *testing.T, f *os.File) *os.File {
	t.Helper()
	defer f.Close()
	fd, err := syscall.Dup(int(f.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	return os.NewFile(uintptr(fd), f.Name())
}

func TestWriterFailsLikeTheFile(t *testing.T) {
	for name, spoil := range map[string]func(r, w *os.File){
		"nobody reads": func(r, _ *os.File) { r.Close() },
		"closed":       func(_, w *os.File) { w.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			r, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			defer w.Close()
			ours := Writer(w)
			ours.Write([]byte("a"))
			spoil(r, w)
			_, want := w.Write([]byte("a"))
			n, got := ours.Write([]byte("a"))
			if n != 0 || got == nil || got.Error() != want.Error() {
				t.Errorf("%d, %v, want %v", n, got, want)
			}
		})
	}
}

// What the kernel promises for a pipe is all its room and no wait.
func TestWriteNowFillsThePipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	fd := w.Fd() // which makes it one that blocks
	room, err := unix.FcntlInt(fd, unix.F_GETPIPE_SZ, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := unix.Pwritev2(int(fd), [][]byte{burst[:1]}, -1, unix.RWF_NOWAIT); err != nil {
		t.Skip("this kernel makes no promise for pipes:", err)
	}
	now := Writer(w).(*writer)
	now.file = nil // nothing is left to the file
	rest := burst[1 : room-1]
	if n, err := now.Write(rest); n != len(rest) || err != nil {
		t.Errorf("wrote %d bytes of %d: %v", n, len(rest), err)
	}
	if n, err := now.Write(rest); n != 0 || err == nil {
		t.Errorf("wrote %d bytes into a full pipe: %v", n, err)
	}
	w.Close()
	if all, _ := io.ReadAll(r); !bytes.Equal(all, burst[:room-1]) {
		t.Errorf("%d bytes came, or others", len(all))
	}
}
