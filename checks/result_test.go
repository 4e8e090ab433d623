package checks

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"upstox-doctor/checks/files"
)

// TestUnreadableFilesAreTold: the evidence names the problem in one word, from
// which the steps follow.
func TestUnreadableFilesAreTold(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, want string
		err        func(World) error
	}{
		{".env in UTF-16", "problem=encoding, encoding=UTF-16LE", envHolding("\xff\xfeA\x00")},
		{".env that is binary", "problem=encoding, encoding=binary", envHolding("\x7fELF\x00\x00\x00")},
		{".env with a bad line", "problem=syntax, line=2", envHolding("A=1\nnonsense\n")},
		{".env that is too large", "problem=too-big", envHolding(strings.Repeat("#", maxEnvFile+1))},
		{"named .env that is not there", "problem=missing", func(w World) error { w.EnvFile = "gone.env"; return w.envFile().readEnv().err }},
		{"secrets.toml in UTF-16", "problem=encoding, encoding=UTF-16LE", secretsHolding("\xff\xfeA\x00")},
		{"secrets.toml without quotes", "problem=syntax, line=2, column=16", secretsHolding("[upstox]\naccess_token = hunter2\n")},
		{"secrets.toml that is too large", "problem=too-big", secretsHolding(strings.Repeat("#", maxEnvFile+1))},
		{"token file in UTF-16", "problem=encoding, encoding=UTF-16LE", tokenHolding("\xff\xfeA\x00")},
		{"token file with broken JSON", "problem=syntax, line=2", tokenHolding("{\n\"access_token\": }")},
		{"token file that is too large", "problem=too-big", tokenHolding(strings.Repeat("x", 1<<20+1))},
		{"no permission", "problem=permission", func(World) error { return fmt.Errorf("read .env: %w", fs.ErrPermission) }},
		{"a directory", "problem=directory", func(World) error { return files.ErrDirectory }},
		{"a device", "problem=other", func(World) error { return errors.New("is a device") }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			err := tc.err(World{Dir: t.TempDir()})
			var got []string
			for _, item := range unreadableEvidence("F", err) {
				got = append(got, fmt.Sprintf("%s=%v", item.Name, item.Value))
			}
			if want := "file=F, " + tc.want; strings.Join(got, ", ") != want {
				t.Errorf("got %s, want %s, of %v", got, want, err)
			}
		})
	}
}

func envHolding(text string) func(World) error {
	return func(w World) error {
		os.WriteFile(filepath.Join(w.Dir, ".env"), []byte(text), 0o600)
		return w.envFile().readEnv().err
	}
}

func secretsHolding(text string) func(World) error {
	return func(w World) error {
		os.Mkdir(filepath.Join(w.Dir, ".streamlit"), 0o700)
		os.WriteFile(filepath.Join(w.Dir, secretsName), []byte(text), 0o600)
		return w.readSecrets()[0].err
	}
}

func tokenHolding(text string) func(World) error {
	return func(w World) error {
		os.WriteFile(filepath.Join(w.Dir, ".upstox_token"), []byte(text), 0o600)
		return w.tokenFile().readToken().err
	}
}
