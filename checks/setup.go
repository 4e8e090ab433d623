package checks

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"upstox-doctor/checks/files"
	"upstox-doctor/checks/token"
)

// A Setup is the place that a first run fills: what is set already, and the
// files to write.
type Setup struct {
	Found Credentials
	Path  string // of the .env file, absolute
	world World
}

// Setup reads what is set already. The error is a *login.Failure: a file that is
// there and cannot be read is one that cannot be kept.
func (w World) Setup() (Setup, error) {
	creds, err := w.credentialsForLogin()
	if err != nil {
		return Setup{}, err
	}
	path := w.envFile().path
	absolute, err := filepath.Abs(path)
	if err != nil {
		return Setup{}, fmt.Errorf("find the working directory: %w", err)
	}
	return Setup{Found: creds, Path: absolute, world: w}, nil
}

// Fixed reports whether the source wins over whatever a .env file says.
func (s CredentialSource) Fixed() bool {
	return s.Where == "environment" || s.Where == "command line"
}

// Save writes the settings into the .env file and keeps the rest of it. The file
// is then readable by its owner alone, from before the secret stands in it.
func (s Setup) Save(settings []token.Setting) error {
	return token.SaveEnv(s.Path, settings...)
}

// Committable names the files with secrets that git would take, if the directory
// is in a work tree of git.
func (s Setup) Committable() (names []string) {
	dir := filepath.Dir(s.Path)
	tokens, err := filepath.Abs(s.world.TokenPath())
	top := workTree(dir)
	if top == "" || err != nil {
		return nil
	}
	for _, path := range []string{s.Path, tokens} {
		if filepath.Dir(path) == dir && !isIgnored(top, path) {
			names = append(names, filepath.Base(path))
		}
	}
	return names
}

// Ignore adds the names to .gitignore beside the .env file.
func (s Setup) Ignore(names []string) error {
	return token.AddLines(filepath.Join(filepath.Dir(s.Path), ".gitignore"), names...)
}

// workTree is the directory with .git that the directory lies in, or empty.
func workTree(dir string) string {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// isIgnored reads the .gitignore files from the top down to the file's own
// directory. It understands patterns without a directory, which is how such
// files are named; what it does not understand ignores nothing. Git itself is
// not asked, since the settings of a foreign work tree may start programs.
func isIgnored(top, path string) (ignored bool) {
	dirs := []string{filepath.Dir(path)}
	for dirs[0] != top && dirs[0] != filepath.Dir(dirs[0]) {
		dirs = slices.Insert(dirs, 0, filepath.Dir(dirs[0]))
	}
	for _, dir := range dirs {
		data, err := files.ReadRegular(filepath.Join(dir, ".gitignore"), maxEnvFile)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(data)) {
			pattern, negated := strings.CutPrefix(strings.TrimSpace(line), "!")
			if own, rooted := strings.CutPrefix(pattern, "/"); rooted && dir == filepath.Dir(path) {
				pattern = own
			}
			if match, err := filepath.Match(strings.TrimPrefix(pattern, "**/"), filepath.Base(path)); err == nil && match {
				ignored = !negated
			}
		}
	}
	return ignored
}
