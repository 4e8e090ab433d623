package serve

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"upstox-doctor/checks/files"
)

// TestLedgerOfAnotherUser: sessions that another user has written into the file
// open nothing, though the superuser may read and write that file.
func TestLedgerOfAnotherUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only the superuser makes files of another user")
	}
	const another = 65534
	for _, mode := range []fs.FileMode{0o755, 0o777, 0o777 | fs.ModeSticky} {
		theirs := ledger(t)
		key, _ := theirs.NewKey()
		cookie, proof, ok := theirs.begin(key, asked)
		if err := errors.Join(os.Chown(theirs.path, another, another), os.Chmod(filepath.Dir(theirs.path), mode)); err != nil || !ok {
			t.Fatal(err)
		}
		ours, err := OpenLedger(theirs.path)
		if (err == nil) != (mode&fs.ModeSticky == 0) {
			t.Errorf("%v: %v", mode, err)
		}
		if err != nil {
			continue
		}
		if ours.holds(cookie, proof, asked) {
			t.Errorf("%v: their session opens our page", mode)
		}
		if info, err := os.Stat(ours.path); err != nil || !files.IsOwn(info) || info.Mode() != 0o600 {
			t.Errorf("%v: %v, %v", mode, info, err)
		}
		if err := os.Chown(ours.path, another, another); err != nil {
			t.Fatal(err)
		}
		if _, err := ours.NewKey(); err == nil {
			t.Errorf("%v: goes on in their file", mode)
		}
	}
}
