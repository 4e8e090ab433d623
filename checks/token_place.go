package checks

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/dotenv"
	"upstox-doctor/checks/login"
	"upstox-doctor/checks/secretstoml"
	"upstox-doctor/checks/token"
)

// tokenPlace is where a login writes the token: the file that is read first of
// those that hold one, else one that names the token without a value, else the
// token file. Above it stand the flags and variables that still win.
func (w World) tokenPlace(c Credentials) (place CredentialSource, above []CredentialSource) {
	for _, s := range c.Sources[varToken] {
		switch {
		case s.File != "":
			return s, above
		case !s.Sample:
			above = append(above, s)
		}
	}
	name := w.tokenFile().name
	place = CredentialSource{Name: name, Where: name, File: name, Format: formToken}
	// A token file that was emptied is one in use.
	isToken := func(s CredentialSource) bool { return s.Format == formToken }
	if len(c.blank) > 0 && !slices.ContainsFunc(c.blank, isToken) {
		place = c.blank[0]
	}
	return place, above
}

// store writes into the place and leaves the rest of its file alone.
func (w World) store(place CredentialSource) token.Store {
	s := token.Store{Path: w.file(place.File).path}
	switch place.Format {
	case formEnv:
		s.Set = func(data []byte, t string) ([]byte, error) { return dotenv.Set(data, place.Name, t) }
	case formTOML:
		s.Set = func(data []byte, t string) ([]byte, error) { return secretstoml.Set(data, place.Name, t) }
	}
	return s
}

// checkEnv reports why the token could not be written into .env as is asked.
func (w World) checkEnv(o LoginOptions) error {
	if !o.WriteEnv {
		return nil
	}
	return w.store(CredentialSource{Name: varToken, File: w.envFile().name, Format: formEnv}).Check()
}

// unsaved is the diagnosis of a file that the token cannot be written to, or nil.
func unsaved(err error) (*login.Failure, doctor.Evidence) {
	e, ok := err.(*token.FileError) // not one that a login wraps which has saved the token elsewhere
	if !ok {
		return nil, nil
	}
	var ev doctor.Evidence
	ev.Add("file", e.Path)
	ev.Add("directory", filepath.Dir(e.Path))
	if !e.InOther() {
		ev.Add("form", string(formToken))
	}
	switch {
	case e.LeadsTo != "":
		ev.Add("leads_to", e.LeadsTo)
	case errors.Is(err, fs.ErrPermission):
		ev.Add("problem", "permission")
	case errors.Is(err, fs.ErrNotExist):
		ev.Add("problem", "missing")
	}
	return &login.Failure{Entry: catalog.TokenFileUnwritable, Seen: err.Error(), Target: e.Path}, ev
}

// save puts a token that a login has brought into the files where it is not yet,
// and says which hold it then. A requested token is in the token file already, any
// other in its place.
func (w World) save(t token.Token, place CredentialSource, o LoginOptions) (saved []string, err error) {
	saved = []string{place.File}
	if o.Request && place.Format != formToken {
		saved = []string{w.tokenFile().name}
		if err := w.store(place).Save(t.Value()); err != nil {
			return saved, err
		}
		saved = append(saved, place.File)
	}
	env := w.envFile()
	if !o.WriteEnv || place.Format == formEnv && place.Name == varToken {
		return saved, nil
	}
	if err := token.SaveEnv(env.path, token.Setting{Name: varToken, Value: t.Value()}); err != nil {
		return saved, err
	}
	if !slices.Contains(saved, env.name) {
		saved = append(saved, env.name)
	}
	return saved, nil
}

// shadows are the sources with another token that win over the new one, and what
// is to be shown of the first.
func (w World) shadows(t token.Token) (names []string, ev doctor.Evidence) {
	var winning []CredentialSource
	for _, s := range w.read(w.readFiles()).Sources[varToken] {
		if !s.Sample && s.Value == t.Value() {
			if len(winning) > 0 {
				return sourceNames(winning), shadowed(winning[0].evidence(), s)
			}
			return nil, nil
		}
		if !s.Sample {
			winning = append(winning, s)
		}
	}
	return sourceNames(winning), nil // another program has taken the new token away
}

// shadowed adds the source of an accepted token to the evidence of the one that
// hides it.
func shadowed(ev doctor.Evidence, accepted CredentialSource) doctor.Evidence {
	ev.Add("accepted_token", accepted.String())
	for _, item := range accepted.evidence() {
		ev.Add("accepted_"+item.Name, item.Value)
	}
	return ev
}

// hidden says before a login that its token will be hidden.
func hidden(place CredentialSource, above []CredentialSource) string {
	return strings.Join(sourceNames(above), " and ") + " is read first: it will hide the new token, which goes into " + place.File + "."
}
