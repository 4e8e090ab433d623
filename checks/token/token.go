// Package token reads what an access token says of itself, and the file it
// lives in. It verifies nothing: only Upstox has the key, and only Upstox
// knows whether a token is still accepted. No error, note or printed form holds a
// token or a part of one.
package token

import (
	"fmt"
	"io"
	"strings"
	"time"

	"upstox-doctor/checks/market"
)

// Form is the outer shape of a token.
type Form string

const (
	JWT       Form = "jwt"       // three parts, of which two can be read
	Opaque    Form = "opaque"    // one plausible word that says nothing
	Malformed Form = "malformed" // no token; Token.Malformation says what is wrong
)

// A Token is a text that is used as an access token, with what can be read in
// it. However it is printed or encoded, it shows its form and length only.
type Token struct {
	Form         Form
	Malformation string // in words, never the text; empty unless Malformed
	// Doubt is what may be wrong with a JWT that can be read. Only Upstox can
	// check the signature, so it is reported only if Upstox refuses the token.
	Doubt string

	// Of a JWT. A zero time and a nil plan mean that the token does not say, or
	// says something absurd.
	Issued, Expires time.Time
	Plus            *bool  // isPlusPlan, in older tokens isPlus
	Extended        bool   // isExtended
	Foreign         bool   // another service than Upstox says that it has issued it
	User            string // the account, as Upstox names it; empty if the token does not say

	raw *string // a pointer, since fmt prints the unexported fields of others
}

// Value returns the token itself, for the header that carries it.
func (t Token) Value() string {
	if t.raw == nil {
		return ""
	}
	return *t.raw
}

// Kind tells which of Upstox's tokens this is: "oauth", "analytics",
// "extended", "opaque", or "" if it is malformed.
//
// Upstox writes no kind into its tokens; this is inferred. The Analytics
// token was seen with isExtended. A token of the login ends at the next 03:30,
// so one without isExtended that lasts longer than a day can only be the
// extended_token, which comes along in the answer of some logins.
func (t Token) Kind() string {
	switch {
	case t.Form == Opaque:
		return "opaque"
	case t.Form != JWT:
		return ""
	case t.Extended:
		return "analytics"
	case !t.Issued.IsZero() && t.Expires.Sub(t.Issued) > 24*time.Hour:
		return "extended"
	}
	return "oauth"
}

// Account is User so that who owns it knows it, and nobody else does: the first two and
// the last two characters.
func (t Token) Account() string {
	n := len(t.User)
	if n < 6 {
		return strings.Repeat("*", n)
	}
	return t.User[:2] + strings.Repeat("*", n-4) + t.User[n-2:]
}

// Expired reports whether the token is past its own end at that time. A token
// that does not tell its end is never expired.
func (t Token) Expired(at time.Time) bool {
	return !t.Expires.IsZero() && !at.Before(t.Expires)
}

// Left is the time from at to the token's own end, negative when it is past,
// and whether the token tells its end.
func (t Token) Left(at time.Time) (left time.Duration, known bool) {
	if t.Expires.IsZero() {
		return 0, false
	}
	return t.Expires.Sub(at), true
}

// EndOfDay is the time of day in India at which Upstox ends login tokens.
const EndOfDay = 3*time.Hour + 30*time.Minute

// LastEnd is the latest moment, not after at, at which Upstox ended the tokens
// of the login: 03:30 in India, whatever the hour of issue. A token issued
// before its end.
func LastEnd(at time.Time) time.Time {
	at = at.In(market.IST)
	end := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, market.IST).Add(EndOfDay) // India has no summer time
	if end.After(at) {
		end = end.AddDate(0, 0, -1)
	}
	return end
}

// NextEnd is the first 03:30 in India after at: the end of a login token
// issued at that time. Issued at 02:30, it lives for one hour.
func NextEnd(at time.Time) time.Time { return LastEnd(at).AddDate(0, 0, 1) }

// String tells form and length.
func (t Token) String() string {
	if t.Form == "" {
		return "no token"
	}
	return fmt.Sprintf("%s of %d characters", t.Form, len(t.Value()))
}

// Format prints String for every verb, so that not even %x or %#v show more.
func (t Token) Format(f fmt.State, _ rune) { io.WriteString(f, t.String()) }

// MarshalText is String; encoding/json and log/slog use it too.
func (t Token) MarshalText() ([]byte, error) { return []byte(t.String()), nil }
