package checks

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"upstox-doctor/checks/dotenv"
	"upstox-doctor/checks/files"
	"upstox-doctor/checks/secretstoml"
	"upstox-doctor/checks/token"
)

// A fileForm is how a file holds a value.
type fileForm string

const (
	formEnv   fileForm = "env"
	formTOML  fileForm = "toml"
	formToken fileForm = "token"
)

// sourceFiles are the files with credentials as they were found.
type sourceFiles struct {
	env     envRead
	secrets []secretsRead // of the working directory, and of the home directory if that is another
	tok     tokenRead
}

type envRead struct {
	name string
	file dotenv.File
	err  error
}

type secretsRead struct {
	name string
	file secretstoml.File
	err  error
}

type tokenRead struct {
	name string
	file token.File
	err  error
	gone bool // it was named and is not there yet; a login writes it
}

// maxEnvFile is the largest .env or secrets.toml file that is read, in bytes.
const maxEnvFile = 1 << 20

func (w World) readFiles() sourceFiles {
	return sourceFiles{w.envFile().readEnv(), w.readSecrets(), w.tokenFile().readToken()}
}

// A brokenFile is one that is there or was named, and cannot be used.
type brokenFile struct {
	name string
	err  error
}

func (in sourceFiles) broken() []brokenFile {
	all := []brokenFile{{in.env.name, in.env.err}}
	for _, s := range in.secrets {
		all = append(all, brokenFile{s.name, s.err})
	}
	all = append(all, brokenFile{in.tok.name, in.tok.err})
	var broken []brokenFile
	for _, f := range all {
		if f.err != nil {
			broken = append(broken, f)
		}
	}
	return broken
}

// A credentialFile is a file that may hold credentials.
type credentialFile struct {
	path  string // to read
	name  string // to show; ~/ is the home directory
	named bool   // the user asked for just this file
}

func (w World) envFile() credentialFile   { return w.fileNamed(w.EnvFile, ".env") }
func (w World) tokenFile() credentialFile { return w.fileNamed(w.TokenFile, ".upstox_token") }

func (w World) fileNamed(named, standard string) credentialFile {
	f := w.file(cmp.Or(named, standard))
	f.named = named != ""
	return f
}

// file is the file of that shown name.
func (w World) file(name string) credentialFile {
	inHome, atHome := strings.CutPrefix(name, homePrefix)
	switch {
	case atHome && w.Home != "":
		return credentialFile{path: filepath.Join(w.Home, inHome), name: name}
	case filepath.IsAbs(name):
		return credentialFile{path: name, name: name}
	}
	return credentialFile{path: filepath.Join(w.Dir, name), name: name}
}

// read returns the content, or nothing if the file does not exist and need not.
func (f credentialFile) read() ([]byte, error) {
	data, err := files.ReadRegular(f.path, maxEnvFile)
	if os.IsNotExist(err) && !f.named {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.name, cause(err))
	}
	return data, nil
}

func (f credentialFile) readEnv() envRead {
	data, err := f.read()
	if err != nil {
		return envRead{name: f.name, err: err}
	}
	file, err := dotenv.Parse(data)
	if err != nil {
		err = fmt.Errorf("read %s: %w", f.name, err)
	}
	return envRead{f.name, file, err}
}

// secretsName is where Streamlit looks for secrets, in the working directory and
// in the home directory. Source: Streamlit's documentation of st.secrets.
const secretsName = ".streamlit/secrets.toml"

func (w World) readSecrets() []secretsRead {
	here, atHome := w.file(secretsName), w.file(homePrefix+secretsName)
	all := []secretsRead{here.readSecrets()}
	if w.Home != "" && !sameFile(here.path, atHome.path) {
		all = append(all, atHome.readSecrets())
	}
	return all
}

func (f credentialFile) readSecrets() secretsRead {
	data, err := f.read()
	if err != nil {
		return secretsRead{name: f.name, err: err}
	}
	file, err := secretstoml.Parse(data)
	if err != nil {
		err = fmt.Errorf("read %s: %w", f.name, err)
	}
	return secretsRead{f.name, file, err}
}

func sameFile(a, b string) bool {
	one, err := os.Stat(a)
	other, err2 := os.Stat(b)
	return err == nil && err2 == nil && os.SameFile(one, other) || filepath.Clean(a) == filepath.Clean(b)
}

func (f credentialFile) readToken() tokenRead {
	file, err := token.ReadFile(f.path)
	return tokenRead{f.name, file, err, err == nil && f.named && !file.Exists}
}
