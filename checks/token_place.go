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
		s.Get = func(data []byte) string { return dotenv.Get(data, place.Name) }
	case formTOML:
		s.Set = func(data []byte, t string) ([]byte, error) { return secretstoml.Set(data, place.Name, t) }
		s.Get = func(data []byte) string { return secretstoml.Get(data, place.Name) }
	}
	return s
}

// A namedStore is a file that a login puts the token into.
type namedStore struct {
	name string // as users know the file
	token.Store
	old token.Token // that it holds before the login
}

// storesFor are the files for the token, each once. The first is the one that the login
// itself writes, or waits for: the place, or the token file for a requested token.
func (w World) storesFor(place CredentialSource, o LoginOptions) []namedStore {
	var all []namedStore
	add := func(place CredentialSource) {
		s := w.store(place)
		all = append(all, namedStore{place.File, s, s.Token()})
	}
	if o.Request && place.Format != formToken {
		add(CredentialSource{File: w.tokenFile().name, Format: formToken})
	}
	add(place)
	env := CredentialSource{Name: varToken, File: w.envFile().name, Format: formEnv}
	if o.WriteEnv && !(place.Format == formEnv && place.Name == varToken) {
		add(env)
	}
	return all
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
