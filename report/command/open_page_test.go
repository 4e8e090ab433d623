package command

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/login"
	"upstox-doctor/fixtures/simtest"
)

// TestOpenedAddressIsNoArgument where the browser is of this machine. One on another
// machine gets the address itself.
func TestOpenedAddressIsNoArgument(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("it shows arguments to their own user alone")
	}
	home, said := t.TempDir(), filepath.Join(t.TempDir(), "said")
	named := filepath.Join(t.TempDir(), "browser")
	if err := os.WriteFile(named, []byte("#!/bin/sh\nprintf %s \"$*\" >'"+said+"'\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", home)
	t.Setenv("BROWSER", named)
	const page = `http://127.0.0.1:1/dialog?client_id=k&state=OUR"STATE`
	for kind, direct := range map[catalog.LoginPlace]bool{"": false, catalog.OverSSH: true, catalog.WSL: true} {
		opens := new(opener)
		if err := opens.openLogin(login.Place{Kind: kind})(page); err != nil {
			t.Fatal(err)
		}
		opened, err := os.ReadFile(said)
		if err != nil || strings.Contains(string(opened), "STATE") != direct {
			t.Errorf("%q: the browser is called with %s, %v", kind, opened, err)
		}
		if got, err := simtest.Opened(string(opened)); got != page {
			t.Errorf("%q: it is led to %q, %v", kind, got, err)
		}
		if info, err := os.Stat(string(opened)); !direct && (err != nil || info.Mode().Perm() != 0o600) {
			t.Errorf("others may read the file: %v, %v", info, err)
		}
		opens.close()
		if left, err := os.ReadDir(home); err != nil || len(left) > 0 {
			t.Errorf("%q: the home directory holds %v, %v", kind, left, err)
		}
		if !direct && opens.open(page) == nil {
			t.Error("it opens a page after its end")
		}
	}
}
