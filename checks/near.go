package checks

import (
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"upstox-doctor/checks/dotenv"
	"upstox-doctor/checks/files"
	"upstox-doctor/checks/secretstoml"
	"upstox-doctor/checks/token"
)

const (
	maxNearFile    = 64 << 10 // bytes of a file that is looked into
	maxNearParents = 8        // directories above the working directory
)

// A nearPlace holds credentials and is read by no program: a file with a token,
// a .env file elsewhere, or variables with nearly the right names.
type nearPlace struct {
	kind  string
	file  string                      // as shown; empty is the environment
	holds map[string]CredentialSource // by the variable that it would be
}

// The kinds of a nearPlace, as evidence says them.
const (
	nearFile     = "file"
	nearEnvFile  = "env-file"
	nearVariable = "variable"
)

// near looks at what lies near. The values are examined here alone: they are
// known as secrets from then on, and sent to no host.
func (w World) near() []nearPlace {
	in := w.readFiles()
	places := []nearPlace{
		w.nearIn(nearVariable, "", nearlyNamed, w.inEnvironment),
		w.nearIn(nearVariable, in.env.name, nearlyNamed, inEnvFile(in.env.name, in.env.file)),
	}
	for _, s := range in.secrets {
		places = append(places, w.nearIn(nearVariable, s.name, nearlyNamed, inSecrets(s.name, s.file)))
	}
	for _, dir := range nearDirs {
		for _, name := range nearTokenFiles {
			places = append(places, w.nearToken(w.file(path.Join(dir, name))))
		}
	}
	for _, name := range append([]string{".dev.vars"}, w.parentEnvFiles()...) {
		places = append(places, w.nearEnv(w.file(name)))
	}
	return slices.DeleteFunc(places, func(p nearPlace) bool { return len(p.holds) == 0 })
}

// nearIn takes from a place the first value of each variable that can be one.
func (w World) nearIn(kind, file string, named func(variable string) []string, find func(name string) (CredentialSource, string)) nearPlace {
	p := nearPlace{kind, file, map[string]CredentialSource{}}
	for _, variable := range []string{varKey, varSecret, varToken} {
		for _, name := range named(variable) {
			s, raw := find(name)
			if s.Value, _ = dotenv.Clean(raw); s.Value == "" || dotenv.Placeholder(s.Value) {
				continue
			}
			if s.Token = token.Parse(s.Value); !plausible(variable, s) {
				continue
			}
			if variable != varKey {
				w.Secrets.Add(raw, s.Value)
			}
			p.holds[variable] = s
			break
		}
	}
	return p
}

func (w World) inEnvironment(name string) (CredentialSource, string) {
	for _, name := range []string{name, strings.ToLower(name)} {
		if raw, _ := w.Env(name); raw != "" {
			return w.variable(name), raw
		}
	}
	return CredentialSource{}, ""
}

func inEnvFile(file string, f dotenv.File) func(string) (CredentialSource, string) {
	return func(name string) (CredentialSource, string) {
		for _, v := range slices.Backward(f.Vars) {
			if strings.EqualFold(v.Name, name) {
				return onLine(v.Name, file, v.Line, formEnv), v.Value
			}
		}
		return CredentialSource{}, ""
	}
}

// inSecrets takes the name in the table upstox for one that begins with UPSTOX.
func inSecrets(file string, f secretstoml.File) func(string) (CredentialSource, string) {
	return func(name string) (CredentialSource, string) {
		for _, v := range f.Values {
			if strings.EqualFold(strings.ReplaceAll(v.Name, ".", "_"), name) {
				return onLine(v.Name, file, v.Line, formTOML), v.Text
			}
		}
		return CredentialSource{}, ""
	}
}

// nearToken looks into a file that may hold a token alone.
func (w World) nearToken(f credentialFile) nearPlace {
	data, modified := f.peek()
	file, _ := token.ParseFile(data) // an error leaves no token
	named := func(variable string) []string {
		if variable == varToken {
			return []string{f.name}
		}
		return nil
	}
	return w.nearIn(nearFile, f.name, named, func(name string) (CredentialSource, string) {
		return CredentialSource{Name: name, Where: name, File: name, Format: formToken, Modified: modified}, file.Token
	})
}

// nearEnv looks into a file like .env for the names that are read in .env itself.
func (w World) nearEnv(f credentialFile) nearPlace {
	data, modified := f.peek()
	file, _ := dotenv.Parse(data) // lines that cannot be read lose no other
	return w.nearIn(nearEnvFile, f.name, names, func(name string) (CredentialSource, string) {
		v, _ := file.Lookup(name)
		s := onLine(name, f.name, v.Line, formEnv)
		s.Modified = modified
		return s, v.Value
	})
}

// peek is read for a file that need not be there, and cannot be relied on.
func (f credentialFile) peek() (data []byte, modified time.Time) {
	data, err := files.ReadRegular(f.path, maxNearFile)
	info, err2 := os.Stat(f.path)
	if err != nil || err2 != nil {
		return nil, time.Time{}
	}
	return data, info.ModTime()
}

// parentEnvFiles are the .env files of the directories above, up to the home
// directory or the root of a work tree of git. One to which everybody may write
// ends the way: what lies there may be anybody's.
func (w World) parentEnvFiles() (names []string) {
	dir, err := filepath.Abs(w.Dir)
	up := ""
	for range maxNearParents {
		_, git := os.Lstat(filepath.Join(dir, ".git"))
		above := filepath.Dir(dir)
		if err != nil || git == nil || above == dir || w.Home != "" && sameFile(dir, w.Home) {
			break
		}
		info, err := os.Stat(above)
		if err != nil || runtime.GOOS != "windows" && info.Mode().Perm()&0o002 != 0 {
			break
		}
		dir, up = above, up+"../"
		names = append(names, up+".env")
	}
	return names
}
