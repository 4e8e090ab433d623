package checks

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/dotenv"
	"upstox-doctor/checks/files"
	"upstox-doctor/checks/token"
)

// The variables that programs for Upstox use, each with its aliases. Names
// from Upstox's own examples and from public projects.
const (
	varKey      = "UPSTOX_API_KEY"
	varSecret   = "UPSTOX_API_SECRET"
	varRedirect = "UPSTOX_REDIRECT_URI"
	varToken    = "UPSTOX_ACCESS_TOKEN"
)

// Variables lists what may be given by flag, environment or .env.
var Variables = []string{varKey, varSecret, varRedirect, varToken}

var aliases = map[string][]string{
	varKey:    {"UPSTOX_CLIENT_ID"},
	varSecret: {"UPSTOX_CLIENT_SECRET"},
	varToken:  {"UPSTOX_ANALYTICS_TOKEN"},
}

// A CredentialSource is one place that holds a value.
type CredentialSource struct {
	Name   string      // variable, or name of the token file
	Where  string      // "environment", ".env line 3", "command line", ".upstox_token"
	Value  string      // cleaned
	Token  token.Token // parsed from Value; of a source of the token only
	Faults []string
	Sample bool // sample text such as YOUR_ACCESS_TOKEN

	File     string    // as the user named it; empty if the source is no file
	Line     int       // in the file; 0 if all of it is the value
	Modified time.Time // of a token file
}

func (s CredentialSource) String() string {
	if s.Where == s.Name {
		return s.Name
	}
	return s.Name + " (" + s.Where + ")"
}

// evidence says where the value stands.
func (s CredentialSource) evidence() doctor.Evidence {
	var ev doctor.Evidence
	ev.Add("source", s.Where)
	ev.Add("variable", s.Name)
	if s.File != "" {
		ev.Add("file", s.File)
	}
	if s.Line > 0 {
		ev.Add("line", s.Line)
	}
	return ev
}

// Credentials holds all sources of every variable, highest first.
type Credentials struct {
	Sources    map[string][]CredentialSource
	Unreadable bool // a file that could hold more could not be read
}

// Best is the source that wins: the highest that is not sample text, or the
// highest of all.
func (c Credentials) Best(name string) (CredentialSource, bool) {
	all := c.Sources[name]
	if i := slices.IndexFunc(all, func(s CredentialSource) bool { return !s.Sample }); i >= 0 {
		return all[i], true
	}
	if len(all) > 0 {
		return all[0], true
	}
	return CredentialSource{}, false
}

// missing names what of key and secret is set nowhere.
func (c Credentials) missing() []string {
	return slices.DeleteFunc([]string{varKey, varSecret}, func(name string) bool { return len(c.Sources[name]) > 0 })
}

// active is the winning token, if there is one that is not sample text.
func (c Credentials) active() (ActiveToken, bool) {
	source, ok := c.Best(varToken)
	if !ok || source.Sample {
		return ActiveToken{}, false
	}
	active := ActiveToken{Token: source.Token, Source: source}
	for _, other := range c.Sources[varToken] {
		if !other.Sample && other.Value != source.Value {
			active.Others = append(active.Others, other)
		}
	}
	return active, true
}

// usable reports whether the winning token has the form of one.
func (c Credentials) usable() bool {
	active, ok := c.active()
	return ok && active.Form != token.Malformed
}

// read collects the sources: command line, environment, .env, token file.
func (w World) read(env envRead, tok tokenRead) Credentials {
	c := Credentials{Sources: map[string][]CredentialSource{}, Unreadable: env.err != nil || tok.err != nil}
	add := func(name string, s CredentialSource, raw string) {
		if strings.TrimSpace(raw) == "" {
			return
		}
		s.Value, s.Faults = dotenv.Clean(raw)
		s.Sample = dotenv.Placeholder(s.Value)
		if name == varToken {
			s.Token = token.Parse(s.Value)
		}
		c.Sources[name] = append(c.Sources[name], s)
		if name != varKey && name != varRedirect {
			w.Secrets.Add(raw, s.Value)
		}
	}
	for _, name := range Variables {
		add(name, CredentialSource{Name: name, Where: "command line"}, w.Flags[name])
		for _, alias := range append([]string{name}, aliases[name]...) {
			if raw, ok := w.Env(alias); ok {
				add(name, CredentialSource{Name: alias, Where: "environment"}, raw)
			}
		}
		for _, alias := range append([]string{name}, aliases[name]...) {
			if v, ok := env.file.Lookup(alias); ok {
				add(name, CredentialSource{
					Name: alias, Where: fmt.Sprintf("%s line %d", env.name, v.Line), File: env.name, Line: v.Line,
				}, v.Value)
			}
		}
	}
	if tok.err == nil && tok.file.Exists {
		add(varToken, CredentialSource{Name: tok.name, Where: tok.name, File: tok.name, Modified: tok.file.ModTime}, strings.TrimSpace(tok.file.Token))
	}
	return c
}

// A credentialFile is a file that may hold credentials.
type credentialFile struct {
	path  string // to read
	name  string // to show
	named bool   // the user asked for just this file, so it must exist
}

func (w World) envFile() credentialFile { return credentialFileIn(w.Dir, w.EnvFile, ".env") }
func (w World) tokenFile() credentialFile {
	return credentialFileIn(w.Dir, w.TokenFile, ".upstox_token")
}

func credentialFileIn(dir, named, standard string) credentialFile {
	name := cmp.Or(named, standard)
	f := credentialFile{path: name, name: name, named: named != ""}
	if !filepath.IsAbs(name) {
		f.path = filepath.Join(dir, name)
	}
	return f
}

// envRead and tokenRead are the two files as they were found.
type envRead struct {
	name string
	file dotenv.File
	err  error
}

type tokenRead struct {
	name string
	file token.File
	err  error
}

// maxEnvFile is the largest .env file that is read, in bytes.
const maxEnvFile = 1 << 20

func (f credentialFile) readEnv() envRead {
	data, err := files.ReadRegular(f.path, maxEnvFile)
	if os.IsNotExist(err) && !f.named {
		return envRead{name: f.name}
	}
	if err != nil {
		return envRead{name: f.name, err: fmt.Errorf("read %s: %w", f.name, cause(err))}
	}
	file, err := dotenv.Parse(data)
	if err != nil {
		err = fmt.Errorf("read %s: %w", f.name, err)
	}
	return envRead{f.name, file, err}
}

func (f credentialFile) readToken() tokenRead {
	file, err := token.ReadFile(f.path)
	if err == nil && f.named && !file.Exists {
		err = fmt.Errorf("read %s: %w", f.name, os.ErrNotExist)
	}
	return tokenRead{f.name, file, err}
}
