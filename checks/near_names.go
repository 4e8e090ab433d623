package checks

import (
	"strings"

	"upstox-doctor/checks/token"
)

// nearNames are names under which programs keep credentials and which are no
// source here. Those without UPSTOX are used for other services too.
var nearNames = map[string][]string{
	varKey:    {"UPSTOX_APIKEY", "UPSTOX_KEY", "UPSTOX_APP_KEY", "UPSTOX_CLIENTID", "API_KEY", "APIKEY", "CLIENT_ID"},
	varSecret: {"UPSTOX_SECRET", "UPSTOX_SECRET_KEY", "UPSTOX_APP_SECRET", "UPSTOX_APISECRET", "API_SECRET", "APISECRET", "CLIENT_SECRET", "SECRET_KEY"},
	varToken:  {"UPSTOX_TOKEN", "UPSTOX_ACCESSTOKEN", "UPSTOX_AUTH_TOKEN", "UPSTOX_JWT", "ACCESS_TOKEN", "ANALYTICS_TOKEN", "TOKEN"},
}

// Files in which public projects keep a token, and the directories in which they
// lie.
var (
	nearTokenFiles = []string{"upstox_token.json", "upstox_access_token.txt", "access_token.txt", "token.txt"}
	nearDirs       = []string{"", "data", "cache", "config", "credentials"}
)

// nearlyNamed are the right names too, which may stand there in small letters.
func nearlyNamed(variable string) []string { return append(names(variable), nearNames[variable]...) }

// plausible reports whether the value can be what its name says. Under a name
// that other services use too, only the usual form counts.
func plausible(variable string, s CredentialSource) bool {
	switch variable {
	case varToken:
		return s.Token.Form == token.JWT && !s.Token.Foreign || s.Token.Form == token.Opaque && !s.general()
	case varKey:
		return uuid.MatchString(s.Value) || !s.general() && plainWord.MatchString(s.Value)
	}
	return plainWord.MatchString(s.Value) && !uuid.MatchString(s.Value) && (len(s.Value) <= 16 || !s.general())
}

// general reports whether the name is one that other services use too.
func (s CredentialSource) general() bool { return !strings.Contains(strings.ToLower(s.Name), "upstox") }
