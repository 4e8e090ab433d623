// Package files opens the files that a user names. What is no regular file may
// never end, or never begin: a pipe waits for its other end, and a device goes
// on for ever. So each way to open one is either refused or bounded.
package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// OpenRegular opens a file to read, and refuses directories, pipes and devices.
func OpenRegular(path string) (*os.File, error) {
	// A pipe that took the file's place is opened without waiting for its writer.
	file, err := os.OpenFile(path, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: path, Err: notRegular(info.Mode())}
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// ReadRegular reads a regular file of at most limit bytes. The null device is
// read as the empty file that it is.
func ReadRegular(path string, limit int64) ([]byte, error) {
	if path == os.DevNull {
		return nil, nil
	}
	file, err := OpenRegular(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readAll(path, file, limit)
}

// Read reads a file of at most limit bytes, whatever it is: a pipe such as
// bash's <(command) is read to its end, for which it waits until the context
// ends. A read that is under way then may go on until the process ends.
func Read(ctx context.Context, path string, limit int64) ([]byte, error) {
	type result struct {
		data []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		file, err := os.Open(path)
		if err != nil {
			done <- result{nil, err}
			return
		}
		defer file.Close()
		data, err := readAll(path, file, limit)
		done <- result{data, err}
	}()
	select {
	case r := <-done:
		return r.data, r.err
	case <-ctx.Done():
		return nil, &fs.PathError{Op: "read", Path: path, Err: ctx.Err()}
	}
}

// Until reads from r until the context ends, as of a file that takes minutes.
func Until(ctx context.Context, r io.Reader) io.Reader { return untilDone{ctx, r} }

type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(b []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(b)
}

func readAll(path string, r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = &fs.PathError{Op: "read", Path: path, Err: tooBig{limit}}
	}
	if err != nil {
		return nil, err
	}
	return data, nil
}

// ErrLocked means that somebody else has locked the file.
var ErrLocked = errors.New("is locked")

// ErrDirectory and ErrTooBig are reasons not to read a file; the error says more.
var (
	ErrDirectory = errors.New("is a directory")
	ErrTooBig    = errors.New("is too large")
)

type tooBig struct{ limit int64 }

func (e tooBig) Error() string        { return fmt.Sprintf("is larger than %d KiB", e.limit>>10) }
func (e tooBig) Is(target error) bool { return target == ErrTooBig }

// notRegular says what a file is, if not a regular one.
func notRegular(mode fs.FileMode) error {
	switch {
	case mode.IsDir():
		return ErrDirectory
	case mode&fs.ModeNamedPipe != 0:
		return errors.New("is a pipe")
	case mode&fs.ModeSocket != 0:
		return errors.New("is a socket")
	case mode&fs.ModeDevice != 0:
		return errors.New("is a device")
	}
	return errors.New("is not a regular file")
}

// A lazyReader opens its file at the first read.
type lazyReader struct {
	path string
	file *os.File
}

// Lazy returns a reader of the file that is opened, and its writer waited for,
// at the first read, so that the caller can bound it. The error is a file that
// does not exist or a directory.
func Lazy(path string) (io.ReadCloser, error) {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		err = &fs.PathError{Op: "open", Path: path, Err: notRegular(info.Mode())}
	}
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		path.Op = "open" // which is what fails
	}
	if err != nil {
		return nil, err
	}
	return &lazyReader{path: path}, nil
}

func (l *lazyReader) Read(b []byte) (int, error) {
	if l.file == nil {
		file, err := os.Open(l.path)
		if err != nil {
			return 0, err
		}
		l.file = file
	}
	return l.file.Read(b)
}

// Close closes the file; a read that is under way may go on until the process
// ends.
func (l *lazyReader) Close() error {
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}

const (
	readerWait = 2 * time.Second       // for somebody who reads the pipe that is written to
	retryDelay = 20 * time.Millisecond // between two looks whether there is one
	writeWait  = 2 * time.Second       // for one write of Bounded
)

// OpenOutput opens a file to write to, with flags beside os.O_WRONLY as for
// OpenFile and mode 0644. A pipe without a reader is an error after two seconds.
func OpenOutput(path string, flag int) (*os.File, error) {
	for began := time.Now(); ; {
		file, err := OpenFile(path, os.O_WRONLY|nonblock|flag, 0o644)
		if err == nil || !isUnread(path, err) {
			return file, err
		}
		if time.Since(began) > readerWait {
			return nil, &fs.PathError{Op: "open", Path: path, Err: errors.New("is a pipe that nobody reads")}
		}
		time.Sleep(retryDelay)
	}
}

// Bounded returns a writer to the file whose writes return an error if they block
// for two seconds. Regular files and devices do not block.
func Bounded(file *os.File) io.Writer { return bounded{file} }

type bounded struct{ file *os.File }

func (b bounded) Write(p []byte) (int, error) {
	_ = b.file.SetWriteDeadline(time.Now().Add(writeWait)) // what has no deadline does not wait
	n, err := b.file.Write(p)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = &fs.PathError{Op: "write", Path: b.file.Name(), Err: errors.New("nobody reads it")}
	}
	return n, err
}
