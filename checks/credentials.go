package checks

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/dotenv"
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

// Variables lists what may be given by flag, environment, .env or secrets.toml.
var Variables = []string{varKey, varSecret, varRedirect, varToken}

var aliases = map[string][]string{
	varKey:    {"UPSTOX_CLIENT_ID"},
	varSecret: {"UPSTOX_CLIENT_SECRET"},
	varToken:  {"UPSTOX_ANALYTICS_TOKEN"},
}

// A CredentialSource is one place that holds a value.
type CredentialSource struct {
	Name   string      // variable, name in secrets.toml, or name of the token file
	Where  string      // "environment", ".env line 3", ".streamlit/secrets.toml line 2", "command line", ".upstox_token"
	Value  string      // cleaned
	Token  token.Token // parsed from Value; of a source of the token only
	Faults []string
	Sample bool // sample text such as YOUR_ACCESS_TOKEN

	File              string    // as shown; empty if the source is no file
	Format            fileForm  // of the file
	Line              int       // in the file; 0 if all of it is the value
	Multiline, Inline bool      // more lines than that belong to it; the line may set other values too
	Modified          time.Time // of a token file

	// atStart finds where a shell sets an environment variable. It reads files, so
	// it is asked only of what is told of; nil for another source.
	atStart func() startLine
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
	if s.Multiline {
		ev.Add("multiline", true)
	}
	if s.Inline {
		ev.Add("inline_table", true)
	}
	return append(ev, s.startEvidence()...)
}

// startEvidence says where each new shell sets the variable.
func (s CredentialSource) startEvidence() doctor.Evidence {
	if s.atStart == nil {
		return nil
	}
	return s.atStart().evidence()
}

// variable is the source of a value in the environment.
func (w World) variable(name string) CredentialSource {
	return CredentialSource{Name: name, Where: "environment", atStart: sync.OnceValue(func() startLine { return w.setAtStart(name) })}
}

// Credentials holds all sources of every variable, highest first.
type Credentials struct {
	Sources    map[string][]CredentialSource
	Unreadable bool // a file that could hold more could not be read

	blank []CredentialSource // places in files that name the token and hold none
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
		if !other.Sample && other.Where == "environment" && (other.Where != source.Where || other.Name != source.Name) {
			active.Variables = append(active.Variables, other.Name)
		}
	}
	return active, true
}

// usable reports whether the winning token has the form of one.
func (c Credentials) usable() bool {
	active, ok := c.active()
	return ok && active.Form != token.Malformed
}

// read collects the sources: command line, environment, .env, secrets.toml here
// and at home, token file.
func (w World) read(in sourceFiles) Credentials {
	c := Credentials{Sources: map[string][]CredentialSource{}, Unreadable: len(in.broken()) > 0 || w.DirGone}
	for _, name := range Variables {
		w.add(&c, name, CredentialSource{Name: name, Where: "command line"}, w.Flags[name])
		for _, alias := range names(name) {
			if raw, ok := w.Env(alias); ok {
				w.add(&c, name, w.variable(alias), raw)
			}
		}
		for _, alias := range names(name) {
			if v, ok := in.env.file.Lookup(alias); ok {
				s := onLine(v.Name, in.env.name, v.Line, formEnv)
				s.Multiline = in.env.file.Multiline(v.Name)
				w.add(&c, name, s, v.Value)
			}
		}
		for _, secrets := range in.secrets {
			for _, alias := range names(name) {
				if v, ok := secrets.file.Lookup(alias); ok {
					s := onLine(v.Name, secrets.name, v.Line, formTOML)
					s.Multiline, s.Inline = v.Multiline, v.Inline
					w.add(&c, name, s, v.Text)
				}
			}
		}
	}
	if tok := in.tok; tok.err == nil && tok.file.Exists {
		w.add(&c, varToken, CredentialSource{
			Name: tok.name, Where: tok.name, File: tok.name, Format: formToken, Modified: tok.file.ModTime,
		}, strings.TrimSpace(tok.file.Token))
	}
	return c
}

// names are a variable and its aliases.
func names(variable string) []string { return append([]string{variable}, aliases[variable]...) }

func onLine(name, file string, line int, form fileForm) CredentialSource {
	return CredentialSource{Name: name, Where: fmt.Sprintf("%s line %d", file, line), File: file, Format: form, Line: line}
}

// add takes over one source. What it holds can no longer be shown if it is secret.
func (w World) add(c *Credentials, variable string, s CredentialSource, raw string) {
	if strings.TrimSpace(raw) == "" {
		if variable == varToken && s.File != "" {
			c.blank = append(c.blank, s)
		}
		return
	}
	s.Value, s.Faults = dotenv.Clean(raw)
	s.Sample = dotenv.Placeholder(s.Value)
	if variable == varToken {
		s.Token = token.Parse(s.Value)
	}
	c.Sources[variable] = append(c.Sources[variable], s)
	if variable != varKey && variable != varRedirect {
		w.Secrets.Add(raw, s.Value)
	}
}
