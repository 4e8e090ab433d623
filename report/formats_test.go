package report

import (
	"bytes"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestParseOutput(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in   string
		want Output
		err  string
	}{
		{"table", Output{"table", ""}, ""},
		{"json", Output{"json", ""}, ""},
		{"json=-", Output{"json", ""}, ""},
		{"json=report.json", Output{"json", "report.json"}, ""},
		{"json=./a=b.json", Output{"json", "a=b.json"}, ""},
		{"json=", Output{}, "the file name is empty"},
		{"", Output{}, `unknown format, choose table or json`},
		{"JSON", Output{}, `output "JSON": unknown format`},
		{"yaml=x", Output{}, `output "yaml": unknown format`},
	} {
		got, err := ParseOutput(tc.in)
		if got != tc.want || (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
			t.Errorf("%q: got %+v, %v, want %+v, %s", tc.in, got, err, tc.want, tc.err)
		}
	}
}

func TestParseOutputs(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		in   []string
		n    int
		err  string
	}{
		{"none", nil, 0, ""},
		{"one of each place", []string{"table", "json=a", "json=b"}, 3, ""},
		{"two on standard output", []string{"table", "json"}, 0, "only one may go to standard output"},
		{"the same twice", []string{"json", "json=-"}, 0, "only one may go to standard output"},
		{"two in a file", []string{"table=a", "json=./a"}, 0, "both go to a"},
		{"a wrong one", []string{"table", "xml"}, 0, "unknown format"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseOutputs(tc.in)
			if len(got) != tc.n || (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
				t.Errorf("got %v, %v, want %d outputs, error %q", got, err, tc.n, tc.err)
			}
		})
	}
}

func TestWriteEverywhere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	old := filepath.Join(dir, "old.json")
	if err := os.WriteFile(old, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := document(expiredReport())
	var stdout bytes.Buffer
	outputs := []Output{{"table", ""}, {"json", old}, {"table", filepath.Join(dir, "new.txt")}}
	if err := Write(outputs, &stdout, d, Options{Color: true}); err != nil {
		t.Fatal(err)
	}
	if got, want := stdout.String(), table(t, d, Options{Color: true}); got != want {
		t.Errorf("on standard output got\n%s\nwant\n%s", got, want)
	}
	modes := map[string]fs.FileMode{"old.json": 0o600, "new.txt": 0o644} // an old file keeps its own
	for name, want := range map[string]string{"old.json": string(written(t, d)), "new.txt": table(t, d, Options{Verbose: true})} {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || string(got) != want {
			t.Errorf("%s: got %v and\n%s\nwant, without colour,\n%s", name, err, got, want)
		}
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || runtime.GOOS != "windows" && info.Mode() != modes[name] {
			t.Errorf("%s: mode %v, %v, want %v", name, info.Mode(), err, modes[name])
		}
	}
	if names := listed(t, dir); !slices.Equal(names, []string{"new.txt", "old.json"}) {
		t.Errorf("the directory holds %q", names)
	}
}

func listed(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestWriteGoesOnAfterAnError(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	good, missing := filepath.Join(dir, "good.json"), filepath.Join(dir, "missing", "x.json")
	broken := errors.New("the reader is gone")
	err := Write([]Output{{"json", missing}, {"json", dir}, {"table", ""}, {"json", good}, {"odd", ""}},
		&brokenWriter{broken}, document(healthyReport()), Options{})
	if !errors.Is(err, broken) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want the missing directory and the broken writer in it", err)
	}
	for _, want := range []string{"write output json=" + missing, "write output json=" + dir, "write output table", "write output odd: unknown format"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %q", want, err)
		}
	}
	if _, err := os.Stat(good); err != nil {
		t.Error(err)
	}
	if names := listed(t, dir); !slices.Equal(names, []string{"good.json"}) {
		t.Errorf("the directory holds %q", names)
	}
}

func TestWriteFileThroughLinks(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links need rights here")
	}
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	if err := os.WriteFile(target, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	d := document(healthyReport())
	if err := Write([]Output{{"json", link}}, nil, d, Options{}); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(target); err != nil || len(got) == 0 {
		t.Errorf("the link's target holds %q, %v", got, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is now %v, %v", info.Mode(), err)
	}
}

// A socket of our own stands for all that is no file. Were the null device
// used and the program wrong, a test run by root would destroy it.
func TestWriteFileReplacesNothingButFiles(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("sockets are files here")
	}
	dir, err := os.MkdirTemp("", "s") // short: a socket's path may have 104 characters
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	socket := filepath.Join(dir, "socket")
	ln, err := net.Listen("unix", socket)
	if err != nil {
		t.Skip(err)
	}
	defer ln.Close()
	if err := Write([]Output{{"json", socket}}, nil, document(healthyReport()), Options{}); err == nil {
		t.Error("a socket was written as a file")
	}
	if info, err := os.Lstat(socket); err != nil || info.Mode()&os.ModeSocket == 0 {
		t.Errorf("the socket is now %v, %v", info.Mode(), err)
	}
}
