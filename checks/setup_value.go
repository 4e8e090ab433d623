package checks

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/dotenv"
	"upstox-doctor/checks/lazyregexp"
	"upstox-doctor/checks/login"
	"upstox-doctor/checks/token"
)

var (
	// plainWord is what a key or secret of Upstox is made of.
	plainWord = lazyregexp.New(`^[A-Za-z0-9._-]+$`)
	// envLine is a line of a .env file, of which the value is meant.
	envLine = lazyregexp.New(`^\s*(?:export\s+)?(UPSTOX_[A-Z_]+)\s*=(.*)$`)
	// uuid is the form of every API key that has been seen.
	uuid = lazyregexp.New(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)
)

// CheckAppValue examines what was entered for a variable of the app, as far as that
// can be done without Upstox. It returns the value as it is to be used, and what
// to tell about it; the error says why it cannot be right, and never quotes it.
func CheckAppValue(name, entered string) (value string, notes []string, err error) {
	if m := envLine.FindStringSubmatch(entered); m != nil {
		if !slices.Contains(names(name), m[1]) {
			return "", nil, errors.New("that is " + m[1] + ", not " + name)
		}
		entered, notes = m[2], append(notes, "Taken without "+m[1]+"=.")
	}
	value, faults := dotenv.Clean(entered)
	if len(faults) > 0 {
		notes = append(notes, "Taken without "+strings.Join(faults, ", ")+".")
	}
	switch {
	case value == "":
		return "", nil, errors.New("nothing was entered")
	case dotenv.Placeholder(value):
		return "", nil, errors.New("that is sample text")
	case name == varRedirect:
		more, err := checkRedirect(value)
		return value, append(notes, more...), err
	case token.Parse(value).Form == token.JWT:
		return "", nil, errors.New("that is an access token, not what an app has")
	case strings.Contains(value, "://"):
		return "", nil, errors.New("that is an address")
	case !plainWord.MatchString(value):
		return "", nil, errors.New("it holds characters that no key and no secret of Upstox has")
	case name == varKey && !uuid.MatchString(value):
		notes = append(notes, catalog.UnusualKey)
	case name == varSecret && uuid.MatchString(value):
		notes = append(notes, catalog.UnusualSecret)
	}
	return value, notes, nil
}

func checkRedirect(value string) (notes []string, err error) {
	u, err := url.Parse(value)
	switch {
	case err != nil || strings.ContainsAny(value, " \t") || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return nil, errors.New("that is no address that begins with http:// or https://")
	case u.User != nil || u.Fragment != "":
		return nil, errors.New("a redirect URI has neither a user nor a part behind #")
	case u.Query().Has("code"):
		return nil, errors.New("that is the address after a login; the redirect URI is what the app has registered")
	case !login.Lands(value) && u.Scheme == "http":
		return []string{catalog.RedirectAway, catalog.RedirectPrivate}, nil
	case !login.Lands(value):
		return []string{catalog.RedirectAway}, nil
	case u.Port() == "":
		return []string{catalog.RedirectPort80}, nil
	}
	return nil, nil
}
