package command

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"upstox-doctor/checks/catalog"
)

func TestCalledAs(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the paths are those of Unix")
	}
	dir := t.TempDir()
	installed, here := filepath.Join(dir, "bin", "upstox-doctor"), filepath.Join(dir, "work", "upstox-doctor")
	for _, path := range []string{installed, here} {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", filepath.Dir(installed))
	t.Chdir(filepath.Dir(here))
	for arg0, want := range map[string]string{
		"upstox-doctor":            "upstox-doctor",
		"./upstox-doctor":          "./upstox-doctor",
		"../bin/upstox-doctor":     "upstox-doctor",
		installed:                  "upstox-doctor",
		here:                       "./upstox-doctor",
		"/opt/other/upstox-doctor": "/opt/other/upstox-doctor",
		"/tmp/go-build123/b001/exe/upstox-doctor": "go run .",
	} {
		if got := calledAs(arg0); got != want {
			t.Errorf("%s: got %q, want %q", arg0, got, want)
		}
	}
}

func TestShellNamed(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]catalog.Shell{
		"pwsh": catalog.PowerShell, "PowerShell.exe": catalog.PowerShell, "cmd.exe": catalog.Cmd, "zsh": catalog.POSIX, "explorer.exe": "",
	} {
		if got := shellNamed(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
