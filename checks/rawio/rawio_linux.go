// Package rawio avoids scheduler wake-ups on non-blocking reads; it saves about
// 20 % of a watch's processor time.
//
// Go reports a system call to its scheduler, in case the call blocks. The first
// one after all goroutines have waited wakes the scheduler's monitor thread,
// which then polls every few dozen microseconds until they wait again
// (runtime/proc.go, reentersyscall and sysmon; golang/go#18236). For a feed that
// sends little every few milliseconds that costs more than the reading. System
// calls that the kernel promises not to block on are not reported here.
package rawio

import (
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Conn wraps c so that reads of data that has arrived are not reported to the
// scheduler. It waits, fails and ends like c. On systems other than Linux, and
// for connections other than TCP, it returns c.
func Conn(c net.Conn) net.Conn {
	if tcp, ok := c.(*net.TCPConn); ok {
		if raw, err := tcp.SyscallConn(); err == nil {
			r := &conn{TCPConn: tcp, raw: raw}
			r.try = r.readNow
			return r
		}
	}
	return c
}

type conn struct {
	*net.TCPConn
	raw syscall.RawConn
	try func(fd uintptr) (done bool) // readNow, made once, so that reading allocates nothing

	mu    sync.Mutex // one reader at a time, which TCPConn demands too
	b     []byte
	n     int
	errno syscall.Errno
}

func (c *conn) Read(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.b = b
	err := c.raw.Read(c.try)
	c.b = nil
	switch {
	case err != nil: // closed or too late, which it says in its own words
		return c.TCPConn.Read(b)
	case c.errno != 0:
		return 0, &net.OpError{Op: "read", Net: c.LocalAddr().Network(), Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: os.NewSyscallError("read", c.errno)}
	case c.n == 0 && len(b) > 0:
		return 0, io.EOF
	}
	return c.n, nil
}

func (c *conn) readNow(fd uintptr) (done bool) {
	n, _, errno := syscall.RawSyscall(syscall.SYS_READ, fd, uintptr(unsafe.Pointer(unsafe.SliceData(c.b))), uintptr(len(c.b)))
	c.n, c.errno = int(n), errno
	return errno != syscall.EAGAIN
}

// Writer returns w as one that writes what there is room for without
// announcing it, and the rest like w; that is all where the kernel makes no
// promise, as for terminals, most file systems, and pipes if it is an old one.
// On systems other than Linux, and for all but files, it is w.
func Writer(w io.Writer) io.Writer {
	if f, ok := w.(*os.File); ok {
		if raw, err := f.SyscallConn(); err == nil {
			r := &writer{file: f, raw: raw}
			r.try = r.writeNow
			return r
		}
	}
	return w
}

type writer struct {
	file *os.File
	raw  syscall.RawConn
	try  func(fd uintptr) (done bool) // writeNow, likewise

	mu    sync.Mutex
	piece unix.Iovec
	n     int
}

func (w *writer) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.n = 0
	w.piece.Base = unsafe.SliceData(b)
	w.piece.SetLen(len(b))
	_ = w.raw.Write(w.try) // that the file is closed, it says below
	w.piece.Base = nil
	if w.n == len(b) {
		return w.n, nil
	}
	n, err := w.file.Write(b[w.n:])
	return w.n + n, err
}

// writeNow writes at the file's own position as much as can be done at once.
func (w *writer) writeNow(fd uintptr) (done bool) {
	const here = ^uintptr(0) // -1, in either half
	n, _, errno := syscall.RawSyscall6(unix.SYS_PWRITEV2, fd, uintptr(unsafe.Pointer(&w.piece)), 1, here, here, unix.RWF_NOWAIT)
	if errno == 0 {
		w.n = int(n)
	}
	return true
}
