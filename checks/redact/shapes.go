package redact

import (
	"strings"

	"upstox-doctor/checks/lazyregexp"
)

// A shape matches secrets that were not added to the Set. It is tried wherever
// one of its keys occurs, and its first group is removed if fit accepts it. No
// expression looks far beyond the secret, so that removing one does not make
// another match.
type shape struct {
	keys []string           // in lower case, found in any case
	re   *lazyregexp.Regexp // from the key on
	fit  func(before, secret string) bool
}

// names end the names of fields whose value is secret wherever they appear.
var names = []string{
	"access_token", "accesstoken", "extended_token", "extendedtoken", "refresh_token", "refreshtoken", "analytics_token", "analyticstoken",
	"id_token", "idtoken", "upstox_token", "client_secret", "clientsecret", "api_secret", "apisecret", "upstox_secret",
	"request_id", "requestid", "password", "passwd",
}

var named = `^(?i:` + strings.Join(names, "|") + `)`

const (
	header = `^(?i)authorization["'\\]*[ \t]*[:=][ \t]*(?:\[\]string\{)?[\["'\\]*`
	bare   = `([^\s"'\\\],]+)`
	// escapes of a URL, but not that of & or #, which end a value
	encoded = `((?:[^\s&"'<>%]|%(?:[013-9A-Fa-f][0-9A-Fa-f]|2[0-24579A-Fa-f]))+)`
)

var kinds = []shape{
	// JWTs, whole or cut; {" is eyJ in base64.
	{[]string{"eyj"}, lazyregexp.New(`^(eyJ[A-Za-z0-9_-]{7,}(?:\.[A-Za-z0-9_=-]*)*)`), alwaysSecret},
	// Bearer in running text: only what does not look like a word.
	{[]string{"bearer"}, lazyregexp.New(`^(?i)bearer(?:[ \t:=]|%20|\+)+([a-z0-9._~+/-]+=*)`), isOddSpelling},
	// Authorization headers, in whatever print of headers.
	{[]string{"authorization"}, lazyregexp.New(header + `(?:bearer|basic|token|negotiate|ntlm)[ \t]+` + bare), alwaysSecret},
	{[]string{"authorization"}, lazyregexp.New(header + `digest[ \t]+([^\r\n]+)`), alwaysSecret},
	{[]string{"authorization"}, lazyregexp.New(header + `(?:[a-z][a-z0-9-]*[ \t]+)?` + bare), isOddSpelling},
	// Queries, forms and assignments, also inside an encoded URL.
	{names, lazyregexp.New(named + `=["']?([^\s&"'<>{}$\\` + "`" + `,;)\]]+)`), alwaysSecret},
	{names, lazyregexp.New(named + `%3[Dd]` + encoded), alwaysSecret},
	{[]string{"%3fcode%3d", "%26code%3d"}, lazyregexp.New(`^.{10}` + encoded), alwaysSecret},
	{[]string{"?code=", "&code=", `\u0026code=`}, lazyregexp.New(`^[^=]+=([^\s&"'<>\\#)\]]+)`), alwaysSecret},
	{[]string{"code="}, lazyregexp.New(`^.{5}["']?([A-Za-z0-9._~+/-]{5,}=*)`), isMixedCase},
	{[]string{"ws://", "wss://"}, lazyregexp.New(`^(?i)wss?://[^\s"'<>?/]+(?:/[^\s"'<>?:]*)?\?([^\s"'<>\\]+)`), alwaysSecret},
	// JSON and what prints like it: a JSON text in a JSON string, Python
	// dicts, Go maps.
	{names, lazyregexp.New(named + `"\s*:\s*"((?:[^"\\]|\\.)+)`), alwaysSecret},
	{names, lazyregexp.New(named + `\\+"\s*:\s*\\+"([^"\\]+)`), alwaysSecret},
	{names, lazyregexp.New(named + `'\s*:\s*'((?:[^'\\]|\\.)+)`), alwaysSecret},
	{names, lazyregexp.New(named + `:[ \t]?([^\s"'<>{}\[\]&,;)]+)`), isOddSpelling},
	// User and password in a URL.
	{[]string{"://"}, lazyregexp.New(`^://([^\s/?#"'<>\\]+)@`), alwaysSecret},
}

// proxy is user and password before a host and port without a scheme, from the
// start of the word on; an assignment may stand before it.
var proxy = lazyregexp.New(`^(?:\w+=)?([\w.~%+-]+:[^\s/?#"'<>\\:@]+)@[A-Za-z0-9.-]+:[0-9]`)

// shapes finds what looks like a secret.
func shapes(text string) []span {
	if text == "" {
		return nil
	}
	var spans []span
	lower := lowerASCII(text)
	for _, s := range kinds {
		for _, key := range s.keys {
			spans = s.find(spans, text, lower, key)
		}
	}
	for at := 0; ; {
		i := strings.IndexByte(text[at:], '@')
		if i < 0 {
			return spans
		}
		word := at + 1 + strings.LastIndexAny(text[at:at+i], " \t\r\n/?#\"'<>\\@")
		if m := proxy.FindStringSubmatchIndex(text[word:]); m != nil {
			spans = append(spans, span{word + m[2], word + m[3]})
		}
		at += i + 1
	}
}

// find appends the matches of the shape for one key. It continues after a match,
// so that no text is read twice.
func (s *shape) find(spans []span, text, lower, key string) []span {
	for at := 0; ; {
		i := strings.Index(lower[at:], key)
		if i < 0 {
			return spans
		}
		at += i
		m := s.re.FindStringSubmatchIndex(text[at:])
		if m == nil {
			at += len(key)
			continue
		}
		if s.fit(text[:at], text[at+m[2]:at+m[3]]) {
			spans = append(spans, span{at + m[2], at + m[3]})
		}
		at += m[1]
	}
}

// lowerASCII keeps every byte at its place, which strings.ToLower does not.
func lowerASCII(text string) string {
	b := []byte(text)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

func alwaysSecret(string, string) bool { return true }

var (
	plain     = lazyregexp.New(`^(?:[A-Z]?[a-z]+|[A-Z]+)[.:,;!?]*$`)
	parameter = lazyregexp.New(`^[a-z_]+=$`)
	upstox    = lazyregexp.New(`^UDAPI[0-9]+$`)
)

// isOddSpelling reports whether the secret is neither a word of a sentence
// ("the Bearer prefix") nor the parameter of a challenge (Bearer realm="…").
func isOddSpelling(_, s string) bool {
	if parameter.MatchString(s) {
		return false
	}
	return len(s) >= 20 || len(s) >= 8 && !plain.MatchString(s)
}

// isMixedCase reports whether the secret follows the whole word code and holds
// letters and digits, as an authorization code does and most names and numbers
// of errors do not.
func isMixedCase(before, s string) bool {
	if before != "" {
		c := before[len(before)-1]
		if c == '_' || c == '-' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' {
			return false
		}
	}
	return strings.ContainsAny(s, "0123456789") && !upstox.MatchString(s) &&
		strings.ContainsFunc(s, func(r rune) bool { return r >= 'A' })
}
