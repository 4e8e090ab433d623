package token

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"upstox-doctor/checks/lazyregexp"
	"upstox-doctor/checks/market"
)

// maxLength is far above Upstox's tokens (about 300 to 700 characters) and
// what servers take in one header.
const maxLength = 16 << 10

// Parse reads a token. It takes the text as it is: what surrounds a token in a
// file or variable is for dotenv.Clean to find first.
func Parse(raw string) Token {
	t := Token{raw: &raw}
	t.Form, t.Malformation = t.read(raw)
	return t
}

func (t *Token) read(raw string) (Form, string) {
	if why := unsendable(raw); why != "" {
		return Malformed, why
	}
	parts := strings.Split(raw, ".")
	header := object(parts[0])
	switch {
	case header != nil || strings.HasPrefix(raw, "eyJ"):
		return t.readJWT(header, parts)
	case len(parts) == 3 && object(parts[1]) != nil:
		return Malformed, "the start of its first part is missing"
	}
	return word(raw)
}

// unsendable says why the text cannot stand in an Authorization header, by
// the token68 grammar of RFC 6750, section 2.1.
func unsendable(raw string) string {
	if raw == "" {
		return "it is empty"
	}
	if len(raw) > maxLength {
		return fmt.Sprintf("%d bytes, more than any token has", len(raw))
	}
	if strings.Contains(raw, "://") {
		return "it is a URL"
	}
	if raw[0] == '{' || raw[0] == '[' {
		return "it is JSON text, or sample text in brackets"
	}
	for i, r := range raw {
		what := "a character that tokens do not have"
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', strings.ContainsRune("-._~+/=", r):
			continue
		case r == ' ' || r == '\t' || r == '\r' || r == '\n':
			what = "white space"
		case r < ' ' || r == 0x7f:
			what = "a control character"
		case r > 0x7f:
			what = "a character outside ASCII"
		}
		return fmt.Sprintf("%s at position %d", what, i+1)
	}
	return ""
}

var (
	noWord = lazyregexp.New(`^(?i:none|null|nil|undefined|nan|true|false)$`)
	digits = lazyregexp.New(`^[0-9]+$`)
	letter = lazyregexp.New(`^[A-Za-z0-9]+$`)
	uuid   = lazyregexp.New(`^(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$`)
)

// word classifies a text that is not a JWT and has no forbidden character.
func word(raw string) (Form, string) {
	n := len(raw)
	switch {
	case noWord.MatchString(raw):
		return Malformed, "a program wrote its word for nothing in place of a token"
	case digits.MatchString(raw) && n < 20:
		return Malformed, fmt.Sprintf("%d digits: that is a one-time password or a number, not a token", n)
	case letter.MatchString(raw) && n <= 16:
		return Malformed, fmt.Sprintf("%d characters: that is the length of an authorization code or an API secret, not of a token", n)
	case uuid.MatchString(raw):
		return Malformed, "it has the shape of an API key"
	case n < 20:
		return Malformed, fmt.Sprintf("%d characters are too few for a token", n)
	}
	return Opaque, ""
}

// readJWT checks the parts of a text that begins like a JWT and reads its claims.
func (t *Token) readJWT(header map[string]any, parts []string) (Form, string) {
	switch n := len(parts); {
	case n == 1:
		return Malformed, "one part where a token has three: it was cut"
	case n == 2:
		return Malformed, "two parts where a token has three: it was cut"
	case n > 3:
		return Malformed, fmt.Sprintf("%d parts where a token has three", n)
	case header == nil:
		return Malformed, "its first part cannot be read: text is missing or was changed"
	}
	claims := object(parts[1])
	if claims == nil {
		return Malformed, "its second part cannot be read: text is missing or was changed"
	}
	if parts[2] == "" {
		return Malformed, "its third part, the signature, is empty"
	}
	signature, err := decode(parts[2])
	switch {
	case err != nil:
		t.Doubt = "its third part cannot be read: text is missing or was changed"
	case header["alg"] == "HS256" && len(signature) != 32:
		// HMAC with SHA-256 always gives 32 bytes (RFC 7518, section 3.2).
		t.Doubt = fmt.Sprintf("its signature has %d bytes where HS256 gives 32: it was cut, or text was added", len(signature))
	}
	t.take(claims)
	return JWT, ""
}

// issuer is what Upstox writes into its tokens. Source: tokens in public notes.
const issuer = "udapi-gateway-service"

// userID is more than Upstox's names of accounts, which have six characters.
var userID = lazyregexp.New(`^[A-Za-z0-9]{2,32}$`)

func (t *Token) take(claims map[string]any) {
	t.Issued, t.Expires = date(claims["iat"]), date(claims["exp"])
	t.Extended, _ = claims["isExtended"].(bool)
	by, said := claims["iss"].(string)
	t.Foreign = said && by != issuer
	if user, _ := claims["sub"].(string); userID.MatchString(user) {
		t.User = user
	}
	for _, name := range []string{"isPlusPlan", "isPlus"} {
		if plus, ok := claims[name].(bool); ok {
			t.Plus = &plus
			break
		}
	}
}

// date reads epoch seconds, also as text; a number too large for them is taken
// for milliseconds, which Upstox uses elsewhere. Anything else is no date.
func date(claim any) time.Time {
	n, ok := claim.(float64)
	if s, isText := claim.(string); isText {
		var err error
		n, err = strconv.ParseFloat(s, 64)
		ok = err == nil
	}
	if n >= 1e11 {
		n /= 1000
	}
	if !ok || !(n > 0 && n < 1e11) {
		return time.Time{}
	}
	return time.Unix(int64(n), 0).In(market.IST)
}

// object decodes one part of a JWT, or returns nil if it holds no JSON object.
func object(part string) map[string]any {
	text, err := decode(part)
	if err != nil {
		return nil
	}
	var m map[string]any
	if json.Unmarshal(text, &m) != nil {
		return nil
	}
	return m
}

// decode reads base64url with or without padding.
func decode(part string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(part, "="))
}
