package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/tape"
)

// TestBundleIsWrittenOnce does not follow whoever makes the file meanwhile, and
// names what its own files hold.
func TestBundleIsWrittenOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	names, err := tape.Open(t.Context(), filepath.Join(dir, "run.tape"), tape.Header{Kind: tape.Run}, tape.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer names.Close()
	b := bundle{names: names}
	if err := b.json("environment.json", "x", environmentInfo{Resolver: []string{"nameserver 10.1.2.3"}}); err != nil {
		t.Fatal(err)
	}
	if text := string(b.files[0].text); strings.Contains(text, "10.1.2.3") || !strings.Contains(text, "nameserver <private-ip-1>") {
		t.Errorf("holds %s", text)
	}
	path := filepath.Join(dir, "b.zip")
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := b.write(path, time.Now()); err == nil {
		t.Error("overwrites")
	}
	if text, _ := os.ReadFile(path); string(text) != "mine" {
		t.Errorf("the other file is %q now", text)
	}
}
