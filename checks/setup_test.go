package checks

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"upstox-doctor/checks/token"
)

const goodKey = "51a0c0de-7e57-4a11-9b0c-5e1f0da7a5e7"

func TestCheckAppValue(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, entered string
		value, note   string // of what is taken
		fault         string
	}{
		{varKey, goodKey, goodKey, "", ""},
		{varKey, " \"" + goodKey + "\"\r", goodKey, "Taken without", ""},
		{varKey, "UPSTOX_API_KEY=" + goodKey, goodKey, "Taken without UPSTOX_API_KEY=", ""},
		{varKey, " export UPSTOX_CLIENT_ID = '" + goodKey + "'", goodKey, "Taken without", ""},
		{varKey, "UPSTOX_API_SECRET=s1mul8t0r5", "", "", "that is UPSTOX_API_SECRET, not UPSTOX_API_KEY"},
		{varKey, "abc123", "abc123", "36 characters", ""},
		{varKey, "  ", "", "", "nothing was entered"},
		{varKey, "YOUR_API_KEY", "", "", "sample text"},
		{varKey, "https://account.upstox.com/developer/apps", "", "", "an address"},
		{varKey, "key and secret", "", "", "characters that no key"},
		{varKey, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIiwiZXhwIjoxfQ.c2ln", "", "", "access token"},
		{varSecret, "s1mul8t0r5", "s1mul8t0r5", "", ""},
		{varSecret, goodKey, goodKey, "like an API key", ""},
		{varSecret, "changeme", "", "", "sample text"},
		{varRedirect, "http://127.0.0.1:5000/callback", "http://127.0.0.1:5000/callback", "", ""},
		{varRedirect, "http://localhost/cb", "http://localhost/cb", "port 80", ""},
		{varRedirect, "https://127.0.0.1/", "https://127.0.0.1/", "Copy its address", ""},
		{varRedirect, "http://me.example.org/cb", "http://me.example.org/cb", "in the clear", ""},
		{varRedirect, "127.0.0.1:5000", "", "", "no address"},
		{varRedirect, "ftp://127.0.0.1/", "", "", "no address"},
		{varRedirect, "http://127.0.0.1:5000/cb?code=mk404x", "", "", "after a login"},
		{varRedirect, "http://me@127.0.0.1:5000/", "", "", "neither a user"},
		{varRedirect, "https://your-domain.com/callback", "", "", "sample text"},
	} {
		value, notes, err := CheckAppValue(tc.name, tc.entered)
		note := strings.Join(notes, " ")
		if tc.fault != "" {
			if err == nil || !strings.Contains(err.Error(), tc.fault) {
				t.Errorf("%s %q: %v, want %q", tc.name, tc.entered, err, tc.fault)
			}
			continue
		}
		if err != nil || value != tc.value || !strings.Contains(note, tc.note) || tc.note == "" && note != "" {
			t.Errorf("%s %q: %q, %q, %v", tc.name, tc.entered, value, note, err)
		}
	}
}

func TestSetupSavesForTheOwnerAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, ".env")
	const before = "# mine\r\nexport OTHER='a b' # kept\r\n"
	if err := os.WriteFile(path, []byte(before), 0o644); err != nil {
		t.Fatal(err)
	}
	setup, err := World{Dir: dir, Env: func(string) (string, bool) { return "", false }}.WithDefaults().Setup()
	if err != nil {
		t.Fatal(err)
	}
	if err := setup.Save([]token.Setting{{Name: varKey, Value: goodKey}}); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := before + varKey + "=" + goodKey + "\r\n"; string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
	mode(t, path, 0o600)
}

func TestSetupKnowsWhatGitWouldTake(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		tree map[string]string // .gitignore files, by directory
		want []string
	}{
		{"no .gitignore", nil, []string{".env", ".upstox_token"}},
		{"both named", map[string]string{".": "bot/\n", "bot": "# secrets\n.env\n/.upstox_token\r\n"}, nil},
		{"one by a pattern", map[string]string{"bot": ".env*\n"}, []string{".upstox_token"}},
		{"by the directory above", map[string]string{".": ".env\n**/.upstox_token\n"}, nil},
		{"rooted in the directory above", map[string]string{".": "/.env\n"}, []string{".env", ".upstox_token"}},
		{"taken back", map[string]string{".": ".env\n.upstox_token\n", "bot": "!.env\n"}, []string{".env"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			top := t.TempDir()
			for _, dir := range []string{".git", "bot"} {
				if err := os.Mkdir(filepath.Join(top, dir), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			for dir, text := range tc.tree {
				if err := os.WriteFile(filepath.Join(top, dir, ".gitignore"), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			w := World{Dir: filepath.Join(top, "bot"), Env: func(string) (string, bool) { return "", false }}.WithDefaults()
			setup, err := w.Setup()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, setup.Committable()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if err := setup.Ignore(setup.Committable()); err != nil {
				t.Fatal(err)
			}
			if left := setup.Committable(); left != nil {
				t.Errorf("git would still take %v", left)
			}
		})
	}
}

func TestSetupOutsideOfGit(t *testing.T) {
	t.Parallel()
	w := World{Dir: t.TempDir(), Env: func(string) (string, bool) { return "", false }}.WithDefaults()
	if setup, err := w.Setup(); err != nil || setup.Committable() != nil {
		t.Errorf("%v, %v", setup.Committable(), err)
	}
}

func mode(t *testing.T, path string, want os.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil || os.PathSeparator == '/' && info.Mode().Perm() != want {
		t.Errorf("%s has mode %v, %v", path, info.Mode(), err)
	}
}
