package token

import (
	"errors"

	"upstox-doctor/checks/dotenv"
)

// errKept means that a file is left as it is.
var errKept = errors.New("the file keeps its token")

// Token returns the token that the file holds, or the zero Token.
func (s Store) Token() Token {
	data, err := current(s.Path)
	if err != nil {
		return Token{}
	}
	return s.token(data)
}

func (s Store) token(data []byte) Token {
	var raw string
	if s.Get != nil {
		raw = s.Get(data)
	} else if f, err := ParseFile(data); err == nil {
		raw = f.Token
	}
	text, _ := dotenv.Clean(raw)
	if text == "" {
		return Token{}
	}
	return Parse(text)
}

// SaveOver saves the token of a login in the place of an old one. A login may end
// the tokens of those before it: if another token has come into the file that may be
// the newer one, SaveOver leaves it there and returns it.
func (s Store) SaveOver(old, t Token) (other Token, err error) {
	err = s.save(t.Value(), func(data []byte) bool {
		other = s.token(data)
		return other.Value() == old.Value() || !t.MayBeEndedBy(other)
	})
	if errors.Is(err, errKept) {
		return other, nil
	}
	return Token{}, err
}

// MayBeEndedBy reports whether the login of another token may be the later one of
// the same account. Upstox tells the second of each; read-only tokens and logins do
// not end each other.
func (t Token) MayBeEndedBy(other Token) bool {
	switch {
	case other.Form == "" || other.Form == Malformed || other.Value() == t.Value():
		return false
	case t.User != "" && other.User != "" && t.User != other.User:
		return false
	case other.Form == JWT && other.Kind() != "oauth":
		return false
	}
	return t.Issued.IsZero() || other.Issued.IsZero() || !t.Issued.After(other.Issued)
}
