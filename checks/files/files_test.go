package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadRegular(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, []byte("12345678"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, path string
		limit      int64
		want, err  string
	}{
		{"as large as allowed", path, 8, "12345678", ""},
		{"one byte more", path, 7, "", "is larger than 0 KiB"},
		{"a directory", dir, 8, "", "is a directory"},
		{"nothing", filepath.Join(dir, "none"), 8, "", "no such file"},
		{"the null device", os.DevNull, 8, "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadRegular(tc.path, tc.limit)
			if string(got) != tc.want || (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
	if _, err := ReadRegular(filepath.Join(dir, "none"), 8); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file is told as %v", err)
	}
}

func TestReadStopsAtItsLimit(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip("this system has no device without an end")
	}
	if _, err := Read(t.Context(), "/dev/zero", 1<<10); err == nil || !strings.Contains(err.Error(), "is larger than 1 KiB") {
		t.Errorf("got %v", err)
	}
}

func TestLazyOpensWhenRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := Lazy(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := Lazy(dir); err == nil {
		t.Error("a directory is taken")
	}
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Lazy(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("new"), 0o600); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 8)
	if n, err := r.Read(b); err != nil || string(b[:n]) != "new" {
		t.Errorf("read %q, %v", b[:n], err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}
