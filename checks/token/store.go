package token

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"upstox-doctor/checks/dotenv"
)

// A Store is the file that holds the access token between runs: a token file, or
// with Set one that holds more.
type Store struct {
	Path string
	// Set returns the content of a file that holds more, with another token in
	// it, such as dotenv.Set for one name. Its errors never quote the file. Get
	// returns the token in it, or "". Both or neither.
	Set func(data []byte, token string) ([]byte, error)
	Get func(data []byte) string
}

// maxTokenFile is more than any token takes, in bytes.
const maxTokenFile = 8 << 10

// Check reports, before anybody logs in, why a token could not be saved: a
// login may end the token before it.
func (s Store) Check() error {
	data, err := current(s.Path)
	if err == nil {
		data, err = s.with(data, "x")
	}
	if err != nil {
		return s.named(err)
	}
	return writable(s.Path, len(data)+maxTokenFile)
}

// Save puts the token into the file, in the form that the file has: other
// fields and lines stay, a new file is plain. Others see the old file or the
// new one, whole, and after any failure the old one. The file is then open to its
// owner alone.
func (s Store) Save(token string) error {
	return s.save(token, func([]byte) bool { return true })
}

// save saves the token if what is in the file may be replaced.
func (s Store) save(token string, may func(data []byte) bool) error {
	if token == "" {
		return &FileError{Path: s.Path, What: "there is no token to save"}
	}
	mode := fs.FileMode(0o600)
	if s.Set != nil {
		mode = modeOf(s.Path) & 0o700
	}
	return s.named(update(s.Path, mode, func(data []byte) ([]byte, error) {
		if !may(data) {
			return nil, errKept
		}
		return s.with(data, token)
	}))
}

// named rewords a *FileError for a file that holds more.
func (s Store) named(err error) error {
	if s.Set != nil {
		return rename(err)
	}
	return err
}

// with returns the content with another token in it.
func (s Store) with(data []byte, token string) ([]byte, error) {
	if s.Set != nil {
		data, err := s.Set(data, token)
		if err != nil {
			return nil, &FileError{kind: "file", Path: s.Path, What: err.Error()}
		}
		return data, nil
	}
	f, err := ParseFile(data)
	if e, ok := errors.AsType[*FileError](err); ok {
		e.Path = s.Path
		return nil, e
	}
	switch f.Format {
	case "json":
		return inJSON(data, token)
	case "env":
		return inEnv(data, token)
	}
	text := string(data)
	return []byte(token + text[len(strings.TrimRight(text, "\r\n")):]), nil
}

// current is the content of a file that may be replaced, or nothing.
func current(path string) ([]byte, error) {
	real, err := target(path)
	if err != nil {
		return nil, err
	}
	data, fault := content(real)
	if fault == nil || errors.Is(fault, fs.ErrNotExist) {
		return data, nil
	}
	fault.Path = path
	return nil, fault
}

// inEnv replaces the token in the line NAME=value that is read.
func inEnv(data []byte, token string) ([]byte, error) {
	file, _ := dotenv.Parse(data)
	v, ok := envToken(file)
	if !ok {
		return nil, &FileError{What: "the assignment of the token cannot be read"}
	}
	out, err := dotenv.Set(data, v.Name, token)
	if err != nil {
		return nil, &FileError{What: err.Error()}
	}
	return out, nil
}

// inJSON replaces the token where it is read, byte by byte the rest stays. An
// error answer that was saved for a token is nothing to keep.
func inJSON(data []byte, token string) ([]byte, error) {
	text := strings.TrimSpace(strings.TrimPrefix(string(data), "\ufeff"))
	lead := strings.Index(string(data), text)
	quoted, err := json.Marshal(token)
	if err != nil {
		return nil, fmt.Errorf("write the token as JSON: %w", err)
	}
	from, to := 0, len(text)
	var m map[string]any
	switch {
	case text[0] == '"': // the file is one string
	case json.Unmarshal([]byte(text), &m) != nil:
		return nil, &FileError{What: "is JSON without a place for the token"}
	default:
		var found bool
		_, failed := failure(m)
		if from, to, found = spot([]byte(text), m); !found && failed {
			from, to, quoted = 0, len(text), []byte(`{"access_token":`+string(quoted)+`}`)
		} else if !found {
			from, to = 1, 1
			quoted = []byte(`"access_token":` + string(quoted))
			if len(m) > 0 {
				quoted = append(quoted, ',')
			}
		}
	}
	return []byte(string(data)[:lead] + text[:from] + string(quoted) + text[to:] + string(data)[lead+len(text):]), nil
}

// spot finds the bytes of the value that is read as the token.
func spot(text []byte, m map[string]any) (from, to int, found bool) {
	if name, ok := tokenName(m); ok {
		return member(text, name)
	}
	for _, wrap := range wrapNames {
		inner, ok := m[wrap].(map[string]any)
		if !ok {
			continue
		}
		if name, ok := tokenName(inner); ok {
			start, end, _ := member(text, wrap)
			from, to, found = member(text[start:end], name)
			return start + from, start + to, found
		}
	}
	return 0, 0, false
}

// tokenName is the member of the object that is read as the token.
func tokenName(o map[string]any) (string, bool) {
	for _, name := range tokenNames {
		if v, ok := o[name]; ok {
			if _, wraps := v.(map[string]any); !wraps {
				return name, true
			}
		}
	}
	return "", false
}

// member finds the bytes of a member's value in an object: the last of that
// name, which is the one that readers take.
func member(object []byte, name string) (from, to int, found bool) {
	d := json.NewDecoder(strings.NewReader(string(object)))
	d.Token() // the brace
	for d.More() {
		key, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return 0, 0, false
		}
		if key == name {
			to = int(d.InputOffset())
			from, found = to-len(value), true
		}
	}
	return from, to, found
}
