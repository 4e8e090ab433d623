//go:build unix && !solaris && !illumos && !aix

package files

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func pipe(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPipesWithoutAnotherEnd(t *testing.T) {
	t.Parallel()
	path := pipe(t)
	if _, err := OpenRegular(path); err == nil || !strings.Contains(err.Error(), "is a pipe") {
		t.Errorf("read: %v", err)
	}
	if _, err := OpenOutput(path, 0); err == nil || !strings.Contains(err.Error(), "is a pipe that nobody reads") {
		t.Errorf("write: %v", err)
	}
}

func TestPipeThatDelivers(t *testing.T) {
	t.Parallel()
	path := pipe(t)
	written := make(chan error)
	go func() {
		w, err := OpenOutput(path, os.O_CREATE|os.O_TRUNC)
		if err == nil {
			_, err = Bounded(w).Write([]byte("hello"))
			w.Close()
		}
		written <- err
	}()
	if got, err := Read(t.Context(), path, 5); string(got) != "hello" || err != nil {
		t.Errorf("read %q, %v", got, err)
	}
	if err := <-written; err != nil {
		t.Error(err)
	}
}

// TestPipeThatIsFull: a reader that takes nothing ends the write.
func TestPipeThatIsFull(t *testing.T) {
	t.Parallel()
	path := pipe(t)
	reader, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	w, err := OpenOutput(path, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := Bounded(w).Write(make([]byte, 1<<20)); err == nil || !strings.Contains(err.Error(), "nobody reads it") {
		t.Errorf("got %v", err)
	}
}

// TestReplaceKeepsPipes: a pipe is written to, and stays one.
func TestReplaceKeepsPipes(t *testing.T) {
	t.Parallel()
	path := pipe(t)
	reader, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if err := Replace(path, func(w io.Writer) error { _, err := io.WriteString(w, "hello"); return err }); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(reader)
	if string(got) != "hello" || err != nil {
		t.Errorf("read %q, %v", got, err)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Errorf("the pipe is now %v, %v", info.Mode(), err)
	}
}

func TestReadEndsWithItsContext(t *testing.T) {
	t.Parallel()
	path := pipe(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Read(ctx, path, 5); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	// The read that was given up still waits for a writer.
	w, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
}

// TestOutputThatIsNoPipe: a socket refuses by the same number as a pipe without
// a reader.
func TestOutputThatIsNoPipe(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Skip(err)
	}
	defer l.Close()
	if _, err := OpenOutput(path, 0); err == nil || strings.Contains(err.Error(), "pipe") {
		t.Errorf("got %v", err)
	}
}
